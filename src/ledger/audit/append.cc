#include "ledger/audit/append.h"

#include <string>

#include "ledger/audit/chain.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/document.h"
#include "ledger/engine.h"
#include "ledger/tenancy.h"

namespace strongroom::ledger::audit {

using storage::kInstallation;
using storage::SpaceId;

base::Result<std::vector<SpaceId>> AppendOperation(WriteScope& scope, const Source& source,
                                                   const std::vector<authz::GrantedWrite>& writes,
                                                   std::string reads) {
  std::vector<std::string> of_tenant;
  std::vector<std::string> of_installation;
  if (!writes.empty())
    of_tenant.push_back(WritesText(source, Kind::kWrite, scope.catalog(), writes));
  for (const AdministrativeChange& change : scope.changes) {
    const Document& some = change.after != nullptr ? *change.after : *change.before;
    auto& texts = scope.SpaceOf(some.ledger()) == kInstallation ? of_installation : of_tenant;
    texts.push_back(ChangeText(source, change));
  }
  if (!reads.empty()) of_tenant.push_back(std::move(reads));
  std::vector<SpaceId> grown;
  if (!of_tenant.empty()) {
    STRONGROOM_TRY(AppendRecords(scope.transaction, scope.tenant, of_tenant));
    grown.push_back(scope.tenant);
  }
  if (!of_installation.empty()) {
    STRONGROOM_TRY(AppendRecords(scope.transaction, kInstallation, of_installation));
    grown.push_back(kInstallation);
  }
  return grown;
}

base::Result<std::vector<SpaceId>> Chains(Engine& engine, storage::Reader& reader) {
  ReadScope scope{engine, reader, {}};
  STRONGROOM_ASSIGN(const auto tenants, LoadAll(scope, LedgerId::kTenant));
  std::vector<SpaceId> chains{kInstallation};
  for (const SharedDocument& tenant : tenants)
    chains.push_back({tenant->At("id").Get<base::Uuid>()});
  return chains;
}

base::Status PrepareStore(storage::Store& store, Engine& engine, base::Timestamp now) {
  std::vector<SpaceId> chains;
  {
    STRONGROOM_ASSIGN(const auto snapshot, store.Read());
    STRONGROOM_ASSIGN(const auto keys, AuditKeys::Load(*snapshot));
    if (keys) return {};
    STRONGROOM_ASSIGN(chains, Chains(engine, *snapshot));
  }
  STRONGROOM_ASSIGN(const auto transaction, store.Begin(chains));
  STRONGROOM_ASSIGN(const auto keys, AuditKeys::Load(*transaction));
  if (keys) return {};
  for (const SpaceId chain : chains)
    STRONGROOM_TRY(OpenChain(*transaction, chain, engine.random(), now));
  STRONGROOM_TRY(AuditKeys::Create(*transaction));
  return storage::CommitAndWait(*transaction);
}

}  // namespace strongroom::ledger::audit
