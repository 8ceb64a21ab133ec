#include "ledger/tenancy.h"

#include "ledger/encoding.h"
#include "ledger/records.h"

namespace strongroom::ledger {

base::Result<SharedDocument> LoadOrganization(ReadScope& scope) {
  STRONGROOM_ASSIGN(const auto all, LoadAll(scope, LedgerId::kOrganization));
  return all.empty() ? SharedDocument() : all.front();
}

base::Result<SharedDocument> LoadTenant(ReadScope& scope, std::string_view account_id) {
  return LoadBy(scope, LedgerId::kTenant, "account_id", {Value(account_id)});
}

base::Result<SharedDocument> LoadTenant(ReadScope& scope, storage::SpaceId tenant) {
  return Load(scope, LedgerId::kTenant, DocumentKey::Of(tenant.id));
}

base::Result<SharedDocument> LoadParent(ReadScope& scope, const Document& tenant) {
  const Value& parent = tenant.At("parent_id");
  if (parent.IsNull()) return SharedDocument();
  return LoadTenant(scope, storage::SpaceId{parent.Get<base::Uuid>()});
}

base::Result<NearestClient> FindClient(ReadScope& scope, SharedDocument tenant,
                                       std::string_view principal) {
  for (std::size_t depth = 0; tenant != nullptr && depth < limits::kTenantDepthMax; ++depth) {
    const storage::SpaceId home{tenant->At("id").Get<base::Uuid>()};
    ReadScope inside{scope.engine, scope.reader, home};
    STRONGROOM_ASSIGN(SharedDocument client,
                      Load(inside, LedgerId::kClient, DocumentKey::Of(principal)));
    if (client != nullptr) return NearestClient{std::move(client), home};
    STRONGROOM_ASSIGN(tenant, LoadParent(scope, *tenant));
  }
  return NearestClient{};
}

base::Result<std::vector<SharedDocument>> LoadAll(ReadScope& scope, LedgerId id) {
  const Ledger& ledger = scope.catalog().At(id);
  STRONGROOM_ASSIGN(auto cursor, scope.reader.Scan(scope.SpaceOf(ledger),
                                                   storage::PrefixRange(CurrentKey(ledger))));
  std::vector<SharedDocument> all;
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return all;
    STRONGROOM_ASSIGN(SharedDocument document, Decode(ledger, cursor->value()));
    all.push_back(std::move(document));
  }
}

}  // namespace strongroom::ledger
