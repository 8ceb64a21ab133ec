#include "ledger/verify/verify.h"

#include <map>

#include "ledger/installation.h"
#include "ledger/tenancy.h"
#include "ledger/verify/inspection.h"

namespace strongroom::ledger {
namespace {

base::Status InspectSpace(Inspection& inspection) {
  STRONGROOM_TRY(inspection.Run("seals", [&] { return InspectRecords(inspection); }));
  for (const auto& ledger : inspection.scope.catalog().ledgers()) {
    if (!ledger->HasDocuments() || ledger->spec().home != inspection.home) continue;
    STRONGROOM_TRY(
        inspection.Run("documents", [&] { return InspectDocuments(inspection, *ledger); }));
  }
  STRONGROOM_TRY(inspection.Run("audit", [&] { return InspectAudit(inspection); }));
  if (inspection.home == Home::kInstallation) return {};
  STRONGROOM_TRY(inspection.Run("balances", [&] { return InspectBalances(inspection); }));
  STRONGROOM_TRY(inspection.Run("transactions", [&] { return InspectTransactions(inspection); }));
  return inspection.Run("account sets", [&] { return InspectSets(inspection); });
}

// How many tenants have a client of a principal is counted where requests look (installation.h).
base::Status InspectPrincipals(Inspection& installation,
                               const std::map<std::string, std::uint64_t>& clients) {
  ReadScope& scope = installation.scope;
  STRONGROOM_ASSIGN(const auto registered, RegisteredPrincipals(scope.reader));
  for (const std::string& principal : registered)
    if (!clients.contains(principal))
      installation.Find("principals", fmt::format("the principal `{}` is registered and has no "
                                                  "client",
                                                  principal));
  for (const auto& [principal, count] : clients) {
    STRONGROOM_ASSIGN(const std::uint64_t known, RegisteredClients(scope.reader, principal));
    if (known != count)
      installation.Find("principals", fmt::format("the principal `{}` has {} clients and {} are "
                                                  "registered",
                                                  principal, count, known));
  }
  return {};
}

}  // namespace

base::Result<VerifyReport> Verify(storage::Reader& reader, Engine& engine,
                                  const VerifyOptions& options) {
  VerifyReport report;
  Inspection installation{{engine, reader, {}}, Home::kInstallation, {}, report, options};
  STRONGROOM_TRY(InspectSpace(installation));
  std::vector<std::pair<storage::SpaceId, std::string>> tenants;
  STRONGROOM_TRY(installation.Run("documents", [&]() -> base::Status {
    STRONGROOM_ASSIGN(const auto all, LoadAll(installation.scope, LedgerId::kTenant));
    for (const SharedDocument& tenant : all)
      tenants.emplace_back(storage::SpaceId{tenant->At("id").Get<base::Uuid>()},
                           tenant->At("account_id").Get<std::string>());
    return {};
  }));
  std::map<std::string, std::uint64_t> clients;
  for (const auto& [space, account_id] : tenants) {
    ++report.tenants;
    Inspection inspection{{engine, reader, space}, Home::kTenant, account_id, report, options};
    STRONGROOM_TRY(InspectSpace(inspection));
    STRONGROOM_TRY(inspection.Run("documents", [&]() -> base::Status {
      STRONGROOM_ASSIGN(const auto all, LoadAll(inspection.scope, LedgerId::kClient));
      for (const SharedDocument& client : all)
        ++clients[client->At("principal").Get<std::string>()];
      return {};
    }));
  }
  STRONGROOM_TRY(
      installation.Run("principals", [&] { return InspectPrincipals(installation, clients); }));
  return report;
}

}  // namespace strongroom::ledger
