// What may be written down of a tenant's access: its clients, and the groups and users of the
// organization. The same from files (docs/howto/policies-as-code.md) and from a running server.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "authz/policy.h"
#include "base/result.h"
#include "server/cli/structured_file.h"

namespace strongroom::server::cli {

// Policies are in canonical form: actions written out in their order, resources and assertions
// sorted, nothing twice. The order of policies is kept: reasons name them by number.
struct ClientEntry {
  std::string principal;
  std::string name;
  std::vector<authz::Policy> policies;
  std::string place = {};  // in a file; of no matter for equality
};
struct GroupEntry {
  std::string name;
  std::string description;
  std::vector<authz::Policy> policies;
  std::string place = {};
};
struct UserEntry {
  std::string email;
  std::vector<std::string> groups;  // names, sorted
  std::string place = {};
};

// Lists are in the order of principals, names and e-mails. One that is absent is not spoken of: who
// applies the files leaves it as it is.
struct TenantAccess {
  std::string account;  // accountId; empty when the files name none
  std::optional<std::vector<ClientEntry>> clients;
  std::optional<std::vector<GroupEntry>> groups;
  std::optional<std::vector<UserEntry>> users;

  const ClientEntry* FindClient(std::string_view principal) const;
  const GroupEntry* FindGroup(std::string_view name) const;
};

bool SamePolicy(const authz::Policy& one, const authz::Policy& other);
bool SamePolicies(const std::vector<authz::Policy>& one, const std::vector<authz::Policy>& other);
authz::Policy Canonical(authz::Policy policy);
std::vector<authz::Policy> Canonical(std::vector<authz::Policy> policies);

// Several files are read as one; what stands in two of them is refused. Errors begin with the
// place. `policies` is a list, or the path (relative to the file) of a file that holds one.
base::Result<TenantAccess> ReadTenantFiles(const std::vector<std::string>& paths);
// Whether the file is of this kind, and not a list of policies or a suite.
bool IsTenantFile(const StructuredFile& file);

// A list of policies that stands at `way` in a file. The origin of each is the file that it came
// from.
base::Result<std::vector<authz::Policy>> PoliciesAt(const StructuredFile& file,
                                                    const boost::json::value& value,
                                                    const std::vector<std::string>& way);

// As JSON, members in a fixed order: the canonical form that is exported and compared.
boost::json::object ToJson(const TenantAccess& access);
boost::json::object ToJson(const authz::Policy& policy);
boost::json::object ToJson(const ClientEntry& client);
boost::json::object ToJson(const GroupEntry& group);
boost::json::object ToJson(const UserEntry& user);

}  // namespace strongroom::server::cli
