#include "ledger/bootstrap.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "ledger/audit/append.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/installation.h"
#include "ledger/policies.h"
#include "ledger/records.h"
#include "ledger/tenancy.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

// One policy that allows everything, under the request's assertions.
Value AllRights(const BootstrapRequest& request) {
  Values actions;
  for (std::size_t i = 0; i < kPolicyAction.values.size(); ++i)
    actions.emplace_back(static_cast<std::int64_t>(i));
  Value assertions;
  if (!request.assertions.empty()) {
    boost::json::object map;
    for (const auto& [name, expression] : request.assertions) map[name] = expression;
    assertions = MakeJson(std::move(map));
  }
  return MakeList({MakeRecord({Value(kPolicyEffect.Find("ALLOW")), MakeList(std::move(actions)),
                               MakeList({Value("*")}), std::move(assertions)})});
}

base::Result<Document> MakeClient(WriteScope& scope, const BootstrapRequest& request) {
  if (request.principal.empty())
    return base::MakeError(base::ErrorCode::kBadRequest, "the first client needs a principal");
  Document client(scope.catalog().At(LedgerId::kClient));
  client.Set("principal", request.principal);
  client.Set("name", request.client_name);
  client.Set("policies", AllRights(request));
  STRONGROOM_TRY(CheckPolicies(scope, client));
  return client;
}

base::Status InsertClient(WriteScope& scope, const BootstrapRequest& request) {
  STRONGROOM_ASSIGN(Document client, MakeClient(scope, request));
  STRONGROOM_TRY(InsertUnasked(scope, std::move(client)));
  return Register(scope, request.principal);
}

base::Status WriteInstallation(WriteScope& scope, const BootstrapRequest& request) {
  const base::Uuid organization_id = base::NewUuid(scope.engine.random());
  Document organization(scope.catalog().At(LedgerId::kOrganization));
  organization.Set("id", organization_id);
  organization.Set("name", request.organization);
  organization.Set("description", "");
  STRONGROOM_TRY(InsertUnasked(scope, std::move(organization)));

  Document tenant(scope.catalog().At(LedgerId::kTenant));
  tenant.Set("id", scope.tenant.id);
  tenant.Set("organization_id", organization_id);
  tenant.Set("account_id", request.account_id);
  tenant.Set("name", request.tenant_name);
  tenant.Set("description", "");
  STRONGROOM_TRY(InsertUnasked(scope, std::move(tenant)));

  STRONGROOM_TRY(scope.transaction.CreateSpace(scope.tenant));
  STRONGROOM_TRY(WriteDefaultJournal(scope));
  STRONGROOM_TRY(InsertClient(scope, request));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));

  for (const storage::SpaceId chain : {storage::kInstallation, scope.tenant})
    STRONGROOM_TRY(audit::OpenChain(scope.transaction, chain, scope.engine.random(), scope.now));
  STRONGROOM_TRY(audit::AuditKeys::Create(scope.transaction));
  STRONGROOM_TRY(
      audit::AppendOperation(scope, audit::HostSource(scope.now, request.account_id, "init")));
  return {};
}

// Gives the principal all rights, whether it has a client or not. A client of another principal
// that has the name keeps it.
base::Status WriteRecovery(WriteScope& scope, const BootstrapRequest& request) {
  STRONGROOM_ASSIGN(const SharedDocument stored,
                    Load(scope, LedgerId::kClient, DocumentKey::Of(request.principal)));
  if (stored != nullptr) {
    Document after = *stored;
    after.Set("policies", AllRights(request));
    STRONGROOM_TRY(CheckPolicies(scope, after));
    STRONGROOM_TRY(UpdateUnasked(scope, stored, std::move(after)));
    return BumpPolicyEpoch(scope);
  }
  BootstrapRequest unique = request;
  STRONGROOM_ASSIGN(const SharedDocument same_name,
                    LoadBy(scope, LedgerId::kClient, "name", {Value(request.client_name)}));
  if (same_name != nullptr)
    unique.client_name =
        fmt::format("{} {}", request.client_name, base::NewUuid(scope.engine.random()).ToString());
  STRONGROOM_TRY(InsertClient(scope, unique));
  return BumpPolicyEpoch(scope);
}

}  // namespace

base::Result<bool> IsBootstrapped(storage::Reader& reader) {
  // Of the catalog no more than the ledger's number is needed here.
  const Ledger organization(kOrganizationLedger);
  STRONGROOM_ASSIGN(auto cursor, reader.Scan(storage::kInstallation,
                                             storage::PrefixRange(CurrentKey(organization)),
                                             {.keys_only = true}));
  return cursor->Next();
}

base::Result<Bootstrapped> Bootstrap(storage::Store& store, Engine& engine, base::Timestamp now,
                                     const BootstrapRequest& request) {
  const storage::SpaceId tenant{base::NewUuid(engine.random())};
  STRONGROOM_ASSIGN(auto transaction, store.Begin({storage::kInstallation, tenant}));
  WriteScope scope(engine, *transaction, tenant, now);
  STRONGROOM_ASSIGN(const bool there, IsBootstrapped(*transaction));
  if (there) {
    STRONGROOM_ASSIGN(const SharedDocument known, LoadTenant(scope, request.account_id));
    Bootstrapped answer;
    answer.account_id = request.account_id;
    if (known != nullptr) answer.tenant = {known->At("id").Get<base::Uuid>()};
    return answer;
  }
  STRONGROOM_TRY(WriteInstallation(scope, request));
  STRONGROOM_TRY(storage::CommitAndWait(*transaction));
  return Bootstrapped{true, tenant, request.account_id};
}

base::Status Recover(storage::Store& store, Engine& engine, base::Timestamp now,
                     const BootstrapRequest& request) {
  STRONGROOM_ASSIGN(const auto snapshot, store.Read());
  ReadScope reading{engine, *snapshot, {}};
  STRONGROOM_ASSIGN(const SharedDocument known, LoadTenant(reading, request.account_id));
  if (known == nullptr) return NotFound(engine.catalog().At(LedgerId::kTenant), request.account_id);
  STRONGROOM_TRY(audit::PrepareStore(store, engine, now));
  const storage::SpaceId tenant{known->At("id").Get<base::Uuid>()};
  STRONGROOM_ASSIGN(auto transaction, store.Begin({storage::kInstallation, tenant}));
  WriteScope scope(engine, *transaction, tenant, now);
  STRONGROOM_TRY(WriteRecovery(scope, request));
  STRONGROOM_TRY(
      audit::AppendOperation(scope, audit::HostSource(scope.now, request.account_id, "recover")));
  return storage::CommitAndWait(*transaction);
}

}  // namespace strongroom::ledger
