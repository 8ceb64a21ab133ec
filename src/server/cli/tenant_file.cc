#include "server/cli/tenant_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <initializer_list>
#include <utility>

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using Way = std::vector<std::string>;

Way Below(Way way, std::string part) {
  way.push_back(std::move(part));
  return way;
}

// What is wrong at a place of a file.
base::Error Bad(const StructuredFile& file, const Way& way, std::string_view message,
                std::string hint = {}) {
  return base::MakeError(base::ErrorCode::kBadRequest,
                         fmt::format("{}: {}", file.PlaceOf(way), message), std::move(hint));
}

base::Status RefuseUnknown(const StructuredFile& file, const Way& way, const json::object& object,
                           std::initializer_list<std::string_view> known) {
  for (const auto& member : object)
    if (std::ranges::find(known, std::string_view(member.key())) == known.end())
      return Bad(file, Below(way, std::string(member.key())),
                 fmt::format("unknown member `{}`", std::string_view(member.key())),
                 fmt::format("its members are {}", fmt::join(known, ", ")));
  return {};
}

base::Result<std::string> Text(const StructuredFile& file, const Way& way,
                               const json::object& object, std::string_view name,
                               bool optional = false) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr && optional) return std::string();
  if (value == nullptr) return Bad(file, way, fmt::format("`{}` is missing", name));
  if (!value->is_string())
    return Bad(file, Below(way, std::string(name)), fmt::format("`{}` has to be a text", name));
  return std::string(value->get_string());
}

base::Result<std::vector<authz::Policy>> PoliciesOf(const StructuredFile& file, const Way& way,
                                                    const json::object& object) {
  const json::value* given = object.if_contains("policies");
  if (given == nullptr)
    return Bad(file, way, "`policies` is missing", "give a list, or the path of a file");
  if (!given->is_string()) return PoliciesAt(file, *given, Below(way, "policies"));
  const auto path =
      std::filesystem::path(file.path).parent_path() / std::string(given->get_string());
  STRONGROOM_ASSIGN(const StructuredFile list, ReadStructuredFile(path.string()));
  return PoliciesAt(list, list.value, {});
}

base::Result<ClientEntry> ReadClient(const StructuredFile& file, const Way& way,
                                     const json::object& object) {
  STRONGROOM_TRY(RefuseUnknown(file, way, object, {"principal", "name", "policies"}));
  ClientEntry client;
  STRONGROOM_ASSIGN(client.principal, Text(file, way, object, "principal"));
  STRONGROOM_ASSIGN(client.name, Text(file, way, object, "name"));
  STRONGROOM_ASSIGN(auto policies, PoliciesOf(file, way, object));
  client.policies = Canonical(std::move(policies));
  client.place = file.PlaceOf(way);
  return client;
}

base::Result<GroupEntry> ReadGroup(const StructuredFile& file, const Way& way,
                                   const json::object& object) {
  STRONGROOM_TRY(RefuseUnknown(file, way, object, {"name", "description", "policies"}));
  GroupEntry group;
  STRONGROOM_ASSIGN(group.name, Text(file, way, object, "name"));
  STRONGROOM_ASSIGN(group.description, Text(file, way, object, "description", true));
  STRONGROOM_ASSIGN(auto policies, PoliciesOf(file, way, object));
  group.policies = Canonical(std::move(policies));
  group.place = file.PlaceOf(way);
  return group;
}

base::Result<UserEntry> ReadUser(const StructuredFile& file, const Way& way,
                                 const json::object& object) {
  STRONGROOM_TRY(RefuseUnknown(file, way, object, {"email", "groups"}));
  UserEntry user;
  STRONGROOM_ASSIGN(user.email, Text(file, way, object, "email"));
  const json::value* groups = object.if_contains("groups");
  if (groups == nullptr || !groups->is_array())
    return Bad(file, way, "`groups` has to be a list of names of groups");
  for (const json::value& name : groups->get_array()) {
    if (!name.is_string())
      return Bad(file, Below(way, "groups"), "a group's name has to be a text");
    user.groups.emplace_back(name.get_string());
  }
  std::ranges::sort(user.groups);
  user.groups.erase(std::unique(user.groups.begin(), user.groups.end()), user.groups.end());
  user.place = file.PlaceOf(way);
  return user;
}

template <typename Entry>
using ReadEntry = base::Result<Entry> (*)(const StructuredFile&, const Way&, const json::object&);

template <typename Entry>
base::Status ReadList(const StructuredFile& file, std::string_view member, ReadEntry<Entry> read,
                      std::optional<std::vector<Entry>>& entries) {
  const json::value* list = file.value.get_object().if_contains(member);
  if (list == nullptr) return {};
  const Way way{std::string(member)};
  if (!list->is_array()) return Bad(file, way, fmt::format("`{}` has to be a list", member));
  if (!entries) entries.emplace();
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    const Way at = Below(way, std::to_string(i));
    const json::object* object = list->get_array()[i].if_object();
    if (object == nullptr) return Bad(file, at, fmt::format("{} have to be objects", member));
    STRONGROOM_ASSIGN(Entry entry, read(file, at, *object));
    entries->push_back(std::move(entry));
  }
  return {};
}

template <typename Entry>
base::Status SortAndRefuseTwice(std::optional<std::vector<Entry>>& entries,
                                std::string Entry::*key) {
  if (!entries) return {};
  std::ranges::stable_sort(*entries, {}, key);
  for (std::size_t i = 1; i < entries->size(); ++i) {
    const Entry& one = (*entries)[i - 1];
    const Entry& two = (*entries)[i];
    if (one.*key == two.*key)
      return base::MakeError(
          base::ErrorCode::kBadRequest,
          fmt::format("{}: `{}` is there already, at {}", two.place, two.*key, one.place));
  }
  return {};
}

base::Status ReadInto(const StructuredFile& file, TenantAccess& access) {
  if (!file.value.is_object()) return Bad(file, {}, "a tenant file has to be an object");
  const json::object& object = file.value.get_object();
  STRONGROOM_TRY(RefuseUnknown(file, {}, object, {"account", "clients", "groups", "users"}));
  STRONGROOM_ASSIGN(const std::string account, Text(file, {}, object, "account", true));
  if (!account.empty() && !access.account.empty() && access.account != account)
    return Bad(file, {"account"},
               fmt::format("the files are for `{}` and for `{}`", access.account, account));
  if (!account.empty()) access.account = account;
  STRONGROOM_TRY(ReadList(file, "clients", ReadClient, access.clients));
  STRONGROOM_TRY(ReadList(file, "groups", ReadGroup, access.groups));
  return ReadList(file, "users", ReadUser, access.users);
}

template <typename Entry>
const Entry* FindIn(const std::optional<std::vector<Entry>>& entries, std::string Entry::*key,
                    std::string_view value) {
  if (!entries) return nullptr;
  for (const Entry& entry : *entries)
    if (entry.*key == value) return &entry;
  return nullptr;
}

json::array ListOf(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::array ListOf(const std::vector<authz::Policy>& policies) {
  json::array list;
  for (const authz::Policy& policy : policies) list.push_back(ToJson(policy));
  return list;
}

template <typename Entry>
void AddList(json::object& object, std::string_view member,
             const std::optional<std::vector<Entry>>& entries) {
  if (!entries) return;
  json::array& list = object[member].emplace_array();
  for (const Entry& entry : *entries) list.push_back(ToJson(entry));
}

}  // namespace

const ClientEntry* TenantAccess::FindClient(std::string_view principal) const {
  return FindIn(clients, &ClientEntry::principal, principal);
}
const GroupEntry* TenantAccess::FindGroup(std::string_view name) const {
  return FindIn(groups, &GroupEntry::name, name);
}

authz::Policy Canonical(authz::Policy policy) {
  const authz::ActionSet actions = authz::ActionsOf(policy);
  policy.actions.clear();
  for (const authz::Action action : authz::kActions)
    if (actions.Has(action)) policy.actions.emplace_back(authz::ActionName(action));
  std::ranges::sort(policy.resources);
  policy.resources.erase(std::unique(policy.resources.begin(), policy.resources.end()),
                         policy.resources.end());
  std::ranges::sort(policy.assertions, {}, &authz::Assertion::name);
  return policy;
}

std::vector<authz::Policy> Canonical(std::vector<authz::Policy> policies) {
  for (authz::Policy& policy : policies) policy = Canonical(std::move(policy));
  return policies;
}

bool SamePolicy(const authz::Policy& one, const authz::Policy& other) {
  const auto same = [](const authz::Assertion& a, const authz::Assertion& b) {
    return a.name == b.name && a.expression == b.expression;
  };
  return one.effect == other.effect && one.actions == other.actions &&
         one.resources == other.resources &&
         std::ranges::equal(one.assertions, other.assertions, same);
}

bool SamePolicies(const std::vector<authz::Policy>& one, const std::vector<authz::Policy>& other) {
  return std::ranges::equal(one, other, SamePolicy);
}

bool IsTenantFile(const StructuredFile& file) {
  const json::object* object = file.value.if_object();
  return object != nullptr && !object->contains("cases") &&
         (object->contains("clients") || object->contains("groups") || object->contains("users"));
}

base::Result<std::vector<authz::Policy>> PoliciesAt(const StructuredFile& file,
                                                    const json::value& value, const Way& way) {
  auto policies = authz::PoliciesFromJson(value);
  if (policies.ok()) {
    for (authz::Policy& policy : *policies) policy.origin = file.path;
    return policies;
  }
  base::Error error = std::move(policies).error();
  Way at = way;
  // Their list is the value itself.
  for (std::size_t i = 1; i < error.argument_path.size(); ++i) at.push_back(error.argument_path[i]);
  error.message = fmt::format("{}: {}", file.PlaceOf(at), error.message);
  return error;
}

base::Result<TenantAccess> ReadTenantFiles(const std::vector<std::string>& paths) {
  TenantAccess access;
  for (const std::string& path : paths) {
    STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(path));
    STRONGROOM_TRY(ReadInto(file, access));
  }
  STRONGROOM_TRY(SortAndRefuseTwice(access.clients, &ClientEntry::principal));
  STRONGROOM_TRY(SortAndRefuseTwice(access.groups, &GroupEntry::name));
  STRONGROOM_TRY(SortAndRefuseTwice(access.users, &UserEntry::email));
  return access;
}

json::object ToJson(const authz::Policy& policy) {
  json::object object{{"effect", authz::EffectName(policy.effect)},
                      {"actions", ListOf(policy.actions)},
                      {"resources", ListOf(policy.resources)}};
  if (policy.assertions.empty()) return object;
  json::object& assertions = object["assertions"].emplace_object();
  for (const authz::Assertion& assertion : policy.assertions)
    assertions[assertion.name] = assertion.expression;
  return object;
}

json::object ToJson(const ClientEntry& client) {
  return {{"principal", client.principal},
          {"name", client.name},
          {"policies", ListOf(client.policies)}};
}
json::object ToJson(const GroupEntry& group) {
  return {{"name", group.name},
          {"description", group.description},
          {"policies", ListOf(group.policies)}};
}
json::object ToJson(const UserEntry& user) {
  return {{"email", user.email}, {"groups", ListOf(user.groups)}};
}

json::object ToJson(const TenantAccess& access) {
  json::object object;
  if (!access.account.empty()) object["account"] = access.account;
  AddList(object, "clients", access.clients);
  AddList(object, "groups", access.groups);
  AddList(object, "users", access.users);
  return object;
}

}  // namespace strongroom::server::cli
