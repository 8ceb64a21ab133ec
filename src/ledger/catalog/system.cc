// Ledgers that exist as rights only.
#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kDecisionProperties[] = {
    {.name = "decision_id", .about = "The id that the caller of a denied request was given."},
    {.name = "audit_record",
     .about = "What the tenant's audit log holds; Select on it is the right to read the log."},
};
constexpr std::string_view kDecisionKey[] = {"decision_id"};

}  // namespace

constinit const LedgerSpec kDecisionLedger = {
    .id = LedgerId::kDecision,
    .space = "system",
    .name = "Decision",
    .properties = kDecisionProperties,
    .key = kDecisionKey,
    .about = "Decisions of the past; Select on it is the right to have them explained.",
};

}  // namespace strongroom::ledger
