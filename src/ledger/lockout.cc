#include "ledger/lockout.h"

#include <set>
#include <string>

#include "ledger/policies.h"
#include "ledger/tenancy.h"

namespace strongroom::ledger {
namespace {

bool CouldManage(const Document& client) {
  const auto policies = PoliciesOf(client);
  return policies.ok() && authz::CouldManageClients(*policies);
}

// The one that would hold for the principal if this tenant had none of its own.
base::Result<SharedDocument> Inherited(WriteScope& scope, std::string_view principal) {
  STRONGROOM_ASSIGN(SharedDocument tenant, LoadTenant(scope, scope.tenant));
  if (tenant != nullptr) {
    STRONGROOM_ASSIGN(tenant, LoadParent(scope, *tenant));
  }
  STRONGROOM_ASSIGN(const NearestClient nearest, FindClient(scope, std::move(tenant), principal));
  return nearest.client;
}

// Whether some client that holds in the tenant could: nearer ones hide those further up.
base::Result<bool> AnyManager(WriteScope& scope) {
  std::set<std::string> hidden;
  STRONGROOM_ASSIGN(SharedDocument tenant, LoadTenant(scope, scope.tenant));
  for (std::size_t depth = 0; tenant != nullptr && depth < limits::kTenantDepthMax; ++depth) {
    ReadScope inside{scope.engine, scope.reader, {tenant->At("id").Get<base::Uuid>()}};
    STRONGROOM_ASSIGN(const auto clients, LoadAll(inside, LedgerId::kClient));
    for (const SharedDocument& client : clients)
      if (hidden.insert(client->At("principal").Get<std::string>()).second && CouldManage(*client))
        return true;
    STRONGROOM_ASSIGN(tenant, LoadParent(scope, *tenant));
  }
  return false;
}

}  // namespace

base::Status RequireManager(WriteScope& scope, const Document* before, const Document* after,
                            std::vector<authz::Warning>& warnings) {
  if (after != nullptr && CouldManage(*after)) return {};
  SharedDocument inherited;
  if (before == nullptr) {
    STRONGROOM_ASSIGN(inherited, Inherited(scope, after->At("principal").Get<std::string>()));
    before = inherited.get();
  }
  if (before == nullptr || !CouldManage(*before)) return {};
  STRONGROOM_ASSIGN(const bool any, AnyManager(scope));
  if (any) return {};
  if (scope.forced) {
    warnings.push_back({authz::Warning::Code::kNobodyManagesClients,
                        "nobody can write the clients of this tenant any more",
                        "`strongroom recover` on the host gives a principal all rights again"});
    return {};
  }
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "nobody could write the clients of this tenant any more",
                         "give another client Update on system.Client first; `mutation @force` "
                         "does it all the same");
}

}  // namespace strongroom::ledger
