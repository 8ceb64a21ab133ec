#include "server/cli/access_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "authz/lint.h"
#include "base/random.h"
#include "base/uuid.h"
#include "server/cli/limits.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using Kind = Change::Kind;
using What = Change::What;

bool Same(const ClientEntry& one, const ClientEntry& other) {
  return one.name == other.name && SamePolicies(one.policies, other.policies);
}
bool Same(const GroupEntry& one, const GroupEntry& other) {
  return one.description == other.description && SamePolicies(one.policies, other.policies);
}
bool Same(const UserEntry& one, const UserEntry& other) { return one.groups == other.groups; }

std::vector<authz::Policy> PoliciesOf(const ClientEntry& client) { return client.policies; }
std::vector<authz::Policy> PoliciesOf(const GroupEntry& group) { return group.policies; }
std::vector<authz::Policy> PoliciesOf(const UserEntry&) { return {}; }

template <typename Entry>
Change MakeChange(What what, const std::string& name, const Entry* before, const Entry* after) {
  Change change;
  change.kind = before == nullptr  ? Kind::kCreate
                : after == nullptr ? Kind::kDelete
                                   : Kind::kUpdate;
  change.what = what;
  change.name = name;
  if (before != nullptr) {
    change.before = ToJson(*before);
    change.policies_before = PoliciesOf(*before);
  }
  if (after != nullptr) {
    change.after = ToJson(*after);
    change.policies_after = PoliciesOf(*after);
  }
  return change;
}

// Both lists are in the order of `key`.
template <typename Entry>
void CompareLists(What what, std::string Entry::*key,
                  const std::optional<std::vector<Entry>>& server,
                  const std::optional<std::vector<Entry>>& files, std::vector<Change>& changes) {
  if (!files) return;
  const std::vector<Entry> none;
  const std::vector<Entry>& old = server ? *server : none;
  auto at = old.begin();
  for (const Entry& entry : *files) {
    for (; at != old.end() && (*at).*key < entry.*key; ++at)
      changes.push_back(MakeChange<Entry>(what, (*at).*key, &*at, nullptr));
    const bool there = at != old.end() && (*at).*key == entry.*key;
    if (!there)
      changes.push_back(MakeChange<Entry>(what, entry.*key, nullptr, &entry));
    else if (!Same(*at, entry))
      changes.push_back(MakeChange<Entry>(what, entry.*key, &*at, &entry));
    if (there) ++at;
  }
  for (; at != old.end(); ++at)
    changes.push_back(MakeChange<Entry>(what, (*at).*key, &*at, nullptr));
}

std::string_view WhatName(What what) {
  switch (what) {
    case What::kGroup: return "group";
    case What::kUser: return "user";
    case What::kClient: break;
  }
  return "client";
}

// Policies are shown as lines, those that both have left out.
void AppendPolicies(const Change& change, std::string& text) {
  const auto missing_in = [&](const std::vector<authz::Policy>& from,
                              const std::vector<authz::Policy>& in, char sign) {
    bool any = false;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (std::ranges::any_of(in, [&](const auto& other) { return SamePolicy(from[i], other); }))
        continue;
      text += fmt::format("    {} policy {} {}\n", sign, i, json::serialize(ToJson(from[i])));
      any = true;
    }
    return any;
  };
  const bool removed = missing_in(change.policies_before, change.policies_after, '-');
  const bool added = missing_in(change.policies_after, change.policies_before, '+');
  if (!removed && !added && !SamePolicies(change.policies_before, change.policies_after))
    text += "    ~ the order or number of the same policies\n";
}

bool IsManaging(const Change& change) {
  return change.what == What::kClient && authz::CouldManageClients(change.policies_after);
}

class MutationWriter {
 public:
  MutationWriter(const ServerAccess& server, std::string_view directives)
      : ids_(server.group_ids), directives_(directives) {}

  base::Result<Mutation> Write(const std::vector<Change>& changes) {
    for (const Change& change : changes)
      if (change.what == What::kGroup && change.kind == Kind::kCreate)
        ids_[change.name] = base::NewUuid(base::SystemRandom()).ToString();
    // Groups before the users that name them, and those before the groups that go.
    Pass(changes,
         [](const Change& c) { return c.what == What::kGroup && c.kind != Kind::kDelete; });
    Pass(changes, [](const Change& c) { return c.what == What::kUser; });
    Pass(changes,
         [](const Change& c) { return c.what == What::kGroup && c.kind == Kind::kDelete; });
    const auto stays = [](const Change& c) {
      return c.what == What::kClient && c.kind != Kind::kDelete;
    };
    Pass(changes, [&](const Change& c) { return stays(c) && IsManaging(c); });
    Pass(changes, [&](const Change& c) { return stays(c) && !IsManaging(c); });
    Pass(changes,
         [](const Change& c) { return c.what == What::kClient && c.kind == Kind::kDelete; });
    if (fault_) return *std::move(fault_);
    std::string document = fmt::format("mutation Apply({}) {} {{\n", declared_, directives_);
    if (!admin_.empty()) document += fmt::format("admin {{\n{}}}\n", admin_);
    if (!auth_.empty()) document += fmt::format("auth {{\n{}}}\n", auth_);
    return Mutation{document + "}\n", std::move(variables_)};
  }

 private:
  template <typename Wanted>
  void Pass(const std::vector<Change>& changes, const Wanted& wanted) {
    for (const Change& change : changes)
      if (wanted(change)) Add(change);
  }

  std::string Variable(std::string_view type, json::value value) {
    const std::string name = fmt::format("v{}", variables_.size());
    declared_ += fmt::format("{}${}: {}", declared_.empty() ? "" : ", ", name, type);
    variables_[name] = std::move(value);
    return "$" + name;
  }

  void Field(std::string& root, std::string_view field, const std::string& arguments) {
    root += fmt::format("  c{}: {}({}) {{ __typename }}\n", fields_++, field, arguments);
  }

  void Add(const Change& change) {
    switch (change.what) {
      case What::kGroup: return AddGroup(change);
      case What::kUser: return AddUser(change);
      case What::kClient: return AddClient(change);
    }
  }

  void AddClient(const Change& change) {
    if (change.kind == Kind::kDelete)
      return Field(auth_, "deleteClient",
                   "principal: " + Variable("String!", json::value(change.name)));
    json::object input{{"policies", PoliciesToGraphql(change.policies_after)}};
    if (change.kind == Kind::kCreate || change.before.at("name") != change.after.at("name"))
      input["name"] = change.after.at("name");
    if (change.kind == Kind::kCreate) {
      input["principal"] = change.name;
      return Field(auth_, "createClient",
                   "input: " + Variable("CreateClientInput!", std::move(input)));
    }
    const std::string principal = Variable("String!", json::value(change.name));
    Field(auth_, "updateClient",
          fmt::format("principal: {}, input: {}", principal,
                      Variable("UpdateClientInput!", std::move(input))));
  }

  void AddGroup(const Change& change) {
    if (change.kind == Kind::kDelete)
      return Field(admin_, "deleteGroup", "name: " + Variable("String!", json::value(change.name)));
    json::object input{{"name", change.name},
                       {"description", change.after.at("description")},
                       {"policy", authz::FormatPolicies(change.policies_after)}};
    if (change.kind == Kind::kUpdate)
      return Field(admin_, "updateGroup",
                   "input: " + Variable("UpdateGroupInput!", std::move(input)));
    input["id"] = ids_[change.name];
    Field(admin_, "createGroup", "input: " + Variable("CreateGroupInput!", std::move(input)));
  }

  void AddUser(const Change& change) {
    if (change.kind == Kind::kDelete)
      return Field(admin_, "deleteUser", "email: " + Variable("String!", json::value(change.name)));
    json::array ids;
    for (const json::value& name : change.after.at("groups").get_array()) {
      const auto id = ids_.find(std::string(name.get_string()));
      if (id == ids_.end()) {
        fault_ =
            base::MakeError(base::ErrorCode::kBadRequest,
                            fmt::format("the user `{}` is in the group `{}`, which isn't there",
                                        change.name, std::string(name.get_string())),
                            "write the group down, or correct its name");
        return;
      }
      ids.emplace_back(id->second);
    }
    json::object input{{"email", change.name}, {"groupIds", std::move(ids)}};
    if (change.kind == Kind::kUpdate)
      return Field(admin_, "updateUser",
                   "input: " + Variable("UpdateUserInput!", std::move(input)));
    input["id"] = base::NewUuid(base::SystemRandom()).ToString();
    Field(admin_, "createUser", "input: " + Variable("CreateUserInput!", std::move(input)));
  }

  std::map<std::string, std::string> ids_;
  const std::string_view directives_;
  std::string declared_;
  std::string admin_;
  std::string auth_;
  json::object variables_;
  std::size_t fields_ = 0;
  std::optional<base::Error> fault_;
};

}  // namespace

std::vector<Change> CompareAccess(const TenantAccess& server, const TenantAccess& files) {
  std::vector<Change> changes;
  CompareLists(What::kGroup, &GroupEntry::name, server.groups, files.groups, changes);
  CompareLists(What::kUser, &UserEntry::email, server.users, files.users, changes);
  CompareLists(What::kClient, &ClientEntry::principal, server.clients, files.clients, changes);
  return changes;
}

std::string ChangesText(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) {
    const char sign = change.kind == Kind::kCreate ? '+' : change.kind == Kind::kDelete ? '-' : '~';
    text += fmt::format("{} {} {}\n", sign, WhatName(change.what), change.name);
    for (const std::string_view member : {"name", "description", "groups"}) {
      const json::value* before = change.before.if_contains(member);
      const json::value* after = change.after.if_contains(member);
      if (change.what == What::kGroup && member == "name") continue;
      if (before != nullptr && (after == nullptr || *before != *after))
        text += fmt::format("    - {} {}\n", member, json::serialize(*before));
      if (after != nullptr && (before == nullptr || *before != *after))
        text += fmt::format("    + {} {}\n", member, json::serialize(*after));
    }
    AppendPolicies(change, text);
  }
  return text;
}

json::array ChangesJson(const std::vector<Change>& changes) {
  json::array list;
  for (const Change& change : changes) {
    json::object object{{"change", change.kind == Kind::kCreate   ? "create"
                                   : change.kind == Kind::kDelete ? "delete"
                                                                  : "update"},
                        {"what", WhatName(change.what)},
                        {"name", change.name}};
    object["before"] = change.before.empty() ? json::value() : json::value(change.before);
    object["after"] = change.after.empty() ? json::value() : json::value(change.after);
    list.push_back(std::move(object));
  }
  return list;
}

base::Result<Mutation> MutationOf(const std::vector<Change>& changes, const ServerAccess& server,
                                  std::string_view directives) {
  if (changes.size() > limits::kChangesMax)
    return base::MakeError(
        base::ErrorCode::kLimitExceeded,
        fmt::format("there are {} changes, and one transaction takes {}", changes.size(),
                    limits::kChangesMax),
        "apply them in parts: a file that names one section leaves the others as they are");
  return MutationWriter(server, directives).Write(changes);
}

}  // namespace strongroom::server::cli
