// Reading organization, tenants, groups and users past all rights. Internal.
#pragma once

#include <string_view>
#include <vector>

#include "ledger/document.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// Null before the installation is bootstrapped.
base::Result<SharedDocument> LoadOrganization(ReadScope& scope);
// Null when there is none.
base::Result<SharedDocument> LoadTenant(ReadScope& scope, std::string_view account_id);
base::Result<SharedDocument> LoadTenant(ReadScope& scope, storage::SpaceId tenant);
// The tenant it was created from; null at the top.
base::Result<SharedDocument> LoadParent(ReadScope& scope, const Document& tenant);

// The nearest client of a principal on the way up from a tenant (SPEC 3.4).
struct NearestClient {
  SharedDocument client;  // null: there is none
  storage::SpaceId home;  // the tenant that it is stored in
};
base::Result<NearestClient> FindClient(ReadScope& scope, SharedDocument tenant,
                                       std::string_view principal);

// Every document of a ledger, in the order of its locations: for ledgers that people write by hand.
base::Result<std::vector<SharedDocument>> LoadAll(ReadScope& scope, LedgerId ledger);

}  // namespace strongroom::ledger
