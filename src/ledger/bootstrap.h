// The first organization, tenant and client (SPEC 4, end): for `init`, `dev` and `recover`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "ledger/engine.h"
#include "storage/store.h"

namespace strongroom::ledger {

struct BootstrapRequest {
  std::string organization;  // its name
  std::string account_id;    // the first tenant
  std::string tenant_name;
  std::string principal;  // who gets all rights in it
  std::string client_name = "administrator";
  // CEL assertions of that client's policy, by name: a shared issuer signs for everybody.
  std::vector<std::pair<std::string, std::string>> assertions = {};
};

struct Bootstrapped {
  bool made = false;  // false: the installation was there already, and nothing was changed
  storage::SpaceId tenant;
  std::string account_id;
};

// Whether an organization exists.
base::Result<bool> IsBootstrapped(storage::Reader& reader);

// Makes them in one transaction, once.
base::Result<Bootstrapped> Bootstrap(storage::Store& store, Engine& engine, base::Timestamp now,
                                     const BootstrapRequest& request);

// Gives the principal of the request a client with all rights in the tenant `account_id` again,
// whatever policies say: only for the host's own command, which journals it.
base::Status Recover(storage::Store& store, Engine& engine, base::Timestamp now,
                     const BootstrapRequest& request);

}  // namespace strongroom::ledger
