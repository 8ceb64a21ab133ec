// The mutations of clients, tenants, groups and users (behaviour §14). As mutations.h says, for
// `input` and for rights. Each of them bumps the policy epoch, so the transaction has to hold the
// installation's space (storage::kInstallation) besides the tenant's.
//
// A change that leaves nobody able to write the clients of the tenant is refused, unless the scope is
// forced; then it answers with a warning (security 6.30).
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "authz/lint.h"
#include "ledger/read.h"

namespace strongroom::ledger {

struct Administered {
  VisibleDocument document;
  std::vector<authz::Warning> warnings;  // for extensions.warnings (SPEC 4.1.10)
};

// A bad policy is refused with its position, and nothing is stored.
base::Result<Administered> CreateClient(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input);
// Replaces all policies.
base::Result<Administered> UpdateClient(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view principal,
                                        const boost::json::object& input);
base::Result<Administered> DeleteClient(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view principal);

// The new tenant is a child of `scope.tenant`, whose clients hold in it (SPEC 3.4). The transaction
// has to hold kInstallation and storage::SpaceId{id of the new tenant}.
base::Result<Administered> CreateTenant(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input);
base::Result<Administered> UpdateTenant(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input);
// Destroys the tenant's space and key, for good. Refuses the tenant that the caller addresses, and
// one that others were created from. The transaction has to hold kInstallation and the space of the
// tenant that goes: AccessDirectory::FindTenant names it.
base::Result<Administered> DeleteTenant(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view account_id);

base::Result<Administered> CreateGroup(const authz::Permit& permit, WriteScope& scope,
                                       const boost::json::object& input);
base::Result<Administered> UpdateGroup(const authz::Permit& permit, WriteScope& scope,
                                       const boost::json::object& input);
base::Result<Administered> DeleteGroup(const authz::Permit& permit, WriteScope& scope,
                                       std::string_view name);

base::Result<Administered> CreateUser(const authz::Permit& permit, WriteScope& scope,
                                      const boost::json::object& input);
base::Result<Administered> UpdateUser(const authz::Permit& permit, WriteScope& scope,
                                      const boost::json::object& input);
base::Result<Administered> DeleteUser(const authz::Permit& permit, WriteScope& scope,
                                      std::string_view email);

// The organization of the installation.
base::Result<std::optional<VisibleDocument>> GetOrganization(const authz::Permit& permit,
                                                             ReadScope& scope);

}  // namespace strongroom::ledger
