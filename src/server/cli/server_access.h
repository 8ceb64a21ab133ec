// What a running server holds of a tenant's access, read through its public interface.
#pragma once

#include <map>
#include <string>

#include "server/cli/server_connection.h"
#include "server/cli/tenant_file.h"

namespace strongroom::server::cli {

struct AccessSections {
  bool clients = true;
  bool groups = true;
  bool users = true;
};

struct ServerAccess {
  TenantAccess access;
  std::map<std::string, std::string> group_ids;  // by name
};

// Several requests: what others change meanwhile may be seen in part. Needs Select on what is read,
// and fails without it: an export that lacks something looks like one of less.
base::Result<ServerAccess> ReadServerAccess(ServerConnection& connection,
                                            const AccessSections& sections);

// GraphQL's policies and those of files.
base::Result<std::vector<authz::Policy>> PoliciesFromGraphql(const boost::json::value& list);
boost::json::array PoliciesToGraphql(const std::vector<authz::Policy>& policies);

}  // namespace strongroom::server::cli
