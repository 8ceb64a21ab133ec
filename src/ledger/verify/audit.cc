// The audit log: each chain is whole, and every posting stands in it.
#include <array>

#include "base/json.h"
#include "crypto/hash.h"
#include "ledger/audit/verify.h"
#include "ledger/document_text.h"
#include "ledger/tenancy.h"
#include "ledger/verify/inspection.h"

namespace strongroom::ledger {
namespace {

namespace json = boost::json;

// Two of these are equal when they were given the same keys, in whatever order: memory does not
// grow with the store.
struct KeySum {
  std::uint64_t count = 0;
  std::array<std::uint64_t, 4> sum{};

  void Add(std::string_view key) {
    const crypto::Sha256Digest hash = crypto::Sha256(key);
    ++count;
    for (std::size_t i = 0; i < hash.size(); ++i)
      sum[i / 8] += std::uint64_t{hash[i]} << (8 * (i % 8));
  }
  bool operator==(const KeySum&) const = default;
};

bool Is(const json::object& object, std::string_view name, std::string_view wanted) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() && value->get_string() == wanted;
}

// The transactions that one record says were inserted.
void AddInserted(const json::object& record, KeySum& told) {
  const json::value* decisions = record.if_contains("decisions");
  if (!Is(record, "kind", "write") || decisions == nullptr || !decisions->is_array()) return;
  for (const json::value& item : decisions->get_array()) {
    const json::object* one = item.if_object();
    if (one == nullptr || !Is(*one, "action", "db:Insert") ||
        !Is(*one, "resource", "financial.Transaction"))
      continue;
    const json::value* key = one->if_contains("key");
    if (key != nullptr && key->is_string()) told.Add(key->get_string());
  }
}

// Nothing when the chain does not reach back to the beginning of its tenant.
base::Result<std::optional<KeySum>> TransactionsTold(Inspection& inspection,
                                                     const audit::ChainReport& report) {
  ReadScope& scope = inspection.scope;
  STRONGROOM_ASSIGN(const SharedDocument tenant, LoadTenant(scope, inspection.space()));
  if (report.first != 1 || tenant == nullptr) return std::optional<KeySum>();
  KeySum told;
  for (std::uint64_t at = report.first; at <= report.last; ++at) {
    STRONGROOM_TRY(inspection.Step());
    STRONGROOM_ASSIGN(const auto record, audit::ReadRecord(scope.reader, inspection.space(), at));
    if (!record) return std::optional<KeySum>();  // said already
    const auto parsed =
        base::ParseJson(record->text, {.depth_max = 64, .bytes_max = record->text.size()});
    if (!parsed.ok() || !parsed->is_object()) return std::optional<KeySum>();
    const bool from_the_beginning =
        at > 1 || Is(parsed->get_object(), "time", base::FormatTimestamp(tenant->created()));
    if (!from_the_beginning) return std::optional<KeySum>();
    AddInserted(parsed->get_object(), told);
  }
  return std::optional<KeySum>(told);
}

}  // namespace

base::Status InspectAudit(Inspection& inspection) {
  ReadScope& scope = inspection.scope;
  STRONGROOM_ASSIGN(const auto keys, audit::AuditKeys::Load(scope.reader));
  if (!keys) return {};  // a store from before
  STRONGROOM_ASSIGN(const audit::ChainReport report,
                    audit::VerifyChain(scope.reader, inspection.space(), *keys));
  if (!report.whole()) {
    inspection.Find("audit",
                    fmt::format("record {}: {}", report.finding->sequence, report.finding->what));
    return {};
  }
  if (!inspection.options.audited || inspection.home == Home::kInstallation) return {};
  STRONGROOM_ASSIGN(const auto told, TransactionsTold(inspection, report));
  if (!told) return {};
  KeySum stored;
  STRONGROOM_TRY(inspection.EachDocument(
      scope.catalog().At(LedgerId::kTransaction),
      [&](const SharedDocument& transaction, std::string_view) -> base::Status {
        stored.Add(KeyText(*transaction));
        return {};
      }));
  if (stored != *told)
    inspection.Find("audit", fmt::format("{} transactions are stored, and the audit log tells of "
                                         "{}, or of others",
                                         stored.count, told->count));
  return {};
}

}  // namespace strongroom::ledger
