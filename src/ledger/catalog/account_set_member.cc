#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using enum PropertyType;

constexpr PropertySpec kProperties[] = {
    {.name = "account_set_id", .type = kUuid, .output_type = "UUID!", .about = "The account set."},
    {.name = "member_id",
     .type = kUuid,
     .output_type = "UUID!",
     .create_type = "UUID!",
     .about = "The id of the account or account set."},
    {.name = "member_type",
     .type = kEnum,
     .enumeration = &kAccountSetMemberType,
     .output_type = "AccountSetMemberType!",
     .create_type = "AccountSetMemberType",
     .about = "What the id names; found out when left out."},
    STRONGROOM_SYSTEM_PROPERTIES_AS("", ""),
};

constexpr std::string_view kKey[] = {"account_set_id", "member_id"};
constexpr IndexKey kBySet[] = {{.property = "account_set_id"}};
constexpr IndexKey kMember[] = {{.property = "member_id"}};
// Serves the join `members`. Its name is that of the unique key in messages.
constexpr IndexSpec kIndexes[] = {
    {.name = "member_id",
     .partition = kBySet,
     .sort = kMember,
     .unique = true,
     .internal = true,
     .primary = true},
};
constexpr ReferenceSpec kReferences[] = {
    {.property = "account_set_id", .target = LedgerId::kAccountSet, .about = "The account set."},
    // A set has the id of the account under it.
    {.property = "member_id", .target = LedgerId::kAccount, .about = "What is put into the set."},
};

}  // namespace

constinit const LedgerSpec kAccountSetMemberLedger = {
    .id = LedgerId::kAccountSetMember,
    .space = "financial",
    .name = "AccountSetMember",
    .input_name = "AccountSetMemberInput",
    .hidden = true,
    .properties = kProperties,
    .key = kKey,
    .indexes = kIndexes,
    .references = kReferences,
    .about = "That an account or an account set is in an account set.",
};

}  // namespace strongroom::ledger
