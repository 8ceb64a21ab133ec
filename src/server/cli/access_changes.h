// What lies between two states of a tenant's access, and the one mutation that makes one the other.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "server/cli/server_access.h"
#include "server/cli/tenant_file.h"

namespace strongroom::server::cli {

struct Change {
  enum class Kind { kCreate, kUpdate, kDelete };
  enum class What { kGroup, kUser, kClient };
  Kind kind = Kind::kCreate;
  What what = What::kClient;
  std::string name;  // principal, name or e-mail
  // In canonical form; empty where there is none.
  boost::json::object before;
  boost::json::object after;
  // Of clients and groups.
  std::vector<authz::Policy> policies_before;
  std::vector<authz::Policy> policies_after;
};

// What has to change on the server to make it equal to the files; nothing of sections that the
// files don't speak of. In the order of groups, users, clients.
std::vector<Change> CompareAccess(const TenantAccess& server, const TenantAccess& files);

// `+` made, `~` changed, `-` removed, with the members and policies that differ below.
std::string ChangesText(const std::vector<Change>& changes);
boost::json::array ChangesJson(const std::vector<Change>& changes);

struct Mutation {
  std::string document;
  boost::json::object variables;
};
// All changes in one document, which is one transaction: what gives the right to manage clients
// comes before what takes it. Refuses more changes than one transaction takes, and users of groups
// that aren't there.
base::Result<Mutation> MutationOf(const std::vector<Change>& changes, const ServerAccess& server,
                                  std::string_view directives);

}  // namespace strongroom::server::cli
