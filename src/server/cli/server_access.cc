#include "server/cli/server_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "server/cli/limits.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

base::Error Unexpected() {
  return base::MakeError(base::ErrorCode::kDependencyError,
                         "the server answered something else than was asked for",
                         "check --server, and that both are of one version");
}

// The server is asked over TLS and still only trusted as far as its answer has the form it should.
base::Result<std::string> Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return Unexpected();
  return std::string(value->get_string());
}

const json::object* ObjectIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

using OnNode = std::function<base::Status(const json::object&)>;

// Every node of a connection, page by page.
base::Status EachNode(ServerConnection& server, std::string_view root, std::string_view field,
                      std::string_view selection, const OnNode& on_node) {
  const std::string query = fmt::format(
      "query ($after: String) {{ {} {{ {}(first: {}, after: $after) {{ nodes {{ {} }} "
      "pageInfo {{ hasNextPage endCursor }} }} }} }}",
      root, field, limits::kPageSize, selection);
  json::value after;
  while (true) {
    STRONGROOM_ASSIGN(const auto answer, server.Ask(query, json::object{{"after", after}}));
    const json::object* inside = ObjectIn(answer.data, root);
    const json::object* page = inside == nullptr ? nullptr : ObjectIn(*inside, field);
    const json::object* info = page == nullptr ? nullptr : ObjectIn(*page, "pageInfo");
    if (info == nullptr) return Unexpected();
    const json::value* nodes = page->if_contains("nodes");
    if (nodes == nullptr || !nodes->is_array()) return Unexpected();
    for (const json::value& node : nodes->get_array()) {
      if (!node.is_object()) return Unexpected();
      STRONGROOM_TRY(on_node(node.get_object()));
    }
    const json::value* more = info->if_contains("hasNextPage");
    if (more == nullptr || !more->is_bool()) return Unexpected();
    if (!more->get_bool()) return {};
    STRONGROOM_ASSIGN(const std::string cursor, Text(*info, "endCursor"));
    after = cursor;
  }
}

base::Status ReadClients(ServerConnection& server, std::vector<ClientEntry>& clients) {
  return EachNode(server, "auth", "clients",
                  "principal name policies { effect actions resources assertions }",
                  [&](const json::object& node) -> base::Status {
                    ClientEntry client;
                    STRONGROOM_ASSIGN(client.principal, Text(node, "principal"));
                    STRONGROOM_ASSIGN(client.name, Text(node, "name"));
                    const json::value* list = node.if_contains("policies");
                    if (list == nullptr) return Unexpected();
                    STRONGROOM_ASSIGN(auto policies, PoliciesFromGraphql(*list));
                    client.policies = Canonical(std::move(policies));
                    clients.push_back(std::move(client));
                    return {};
                  });
}

base::Status ReadGroups(ServerConnection& server, ServerAccess& found) {
  auto& groups = found.access.groups.emplace();
  return EachNode(server, "admin", "groups", "id name description policy",
                  [&](const json::object& node) -> base::Status {
                    GroupEntry group;
                    STRONGROOM_ASSIGN(group.name, Text(node, "name"));
                    STRONGROOM_ASSIGN(group.description, Text(node, "description"));
                    STRONGROOM_ASSIGN(const std::string policy, Text(node, "policy"));
                    STRONGROOM_ASSIGN(auto policies, authz::ParsePolicies(policy));
                    group.policies = Canonical(std::move(policies));
                    STRONGROOM_ASSIGN(found.group_ids[group.name], Text(node, "id"));
                    groups.push_back(std::move(group));
                    return {};
                  });
}

base::Status ReadUsers(ServerConnection& server, ServerAccess& found) {
  std::map<std::string, std::string> names;
  for (const auto& [name, id] : found.group_ids) names[id] = name;
  auto& users = found.access.users.emplace();
  return EachNode(
      server, "admin", "users", "email groupIds", [&](const json::object& node) -> base::Status {
        UserEntry user;
        STRONGROOM_ASSIGN(user.email, Text(node, "email"));
        const json::value* ids = node.if_contains("groupIds");
        if (ids == nullptr || !ids->is_array()) return Unexpected();
        for (const json::value& id : ids->get_array()) {
          if (!id.is_string()) return Unexpected();
          const auto name = names.find(std::string(id.get_string()));
          user.groups.push_back(name == names.end() ? std::string(id.get_string()) : name->second);
        }
        std::ranges::sort(user.groups);
        users.push_back(std::move(user));
        return {};
      });
}

}  // namespace

base::Result<std::vector<authz::Policy>> PoliciesFromGraphql(const json::value& list) {
  if (!list.is_array()) return Unexpected();
  json::array policies = list.get_array();
  for (json::value& policy : policies) {
    if (!policy.is_object()) return Unexpected();
    json::object& members = policy.get_object();
    json::value* actions = members.if_contains("actions");
    if (actions == nullptr || !actions->is_array()) return Unexpected();
    for (json::value& name : actions->get_array()) {
      const auto action =
          name.is_string() ? authz::ActionFromGraphqlName(name.get_string()) : std::nullopt;
      if (!action) return Unexpected();
      name = authz::ActionName(*action);
    }
    if (const json::value* none = members.if_contains("assertions"); none && none->is_null())
      members.erase("assertions");
  }
  return authz::PoliciesFromJson(policies);
}

json::array PoliciesToGraphql(const std::vector<authz::Policy>& policies) {
  json::array list;
  for (const authz::Policy& policy : policies) {
    json::object object = ToJson(Canonical(policy));
    for (json::value& name : object.at("actions").get_array())
      name = authz::ActionGraphqlName(*authz::ActionFromName(name.get_string()));
    list.push_back(std::move(object));
  }
  return list;
}

base::Result<ServerAccess> ReadServerAccess(ServerConnection& connection,
                                            const AccessSections& sections) {
  ServerAccess found;
  if (sections.clients) STRONGROOM_TRY(ReadClients(connection, found.access.clients.emplace()));
  // Users name their groups by id.
  if (sections.groups || sections.users) STRONGROOM_TRY(ReadGroups(connection, found));
  if (sections.users) STRONGROOM_TRY(ReadUsers(connection, found));
  const auto sort = [](auto& list, auto key) {
    if (list) std::ranges::sort(*list, {}, key);
  };
  sort(found.access.clients, &ClientEntry::principal);
  sort(found.access.groups, &GroupEntry::name);
  sort(found.access.users, &UserEntry::email);
  if (!sections.groups) found.access.groups.reset();
  return found;
}

}  // namespace strongroom::server::cli
