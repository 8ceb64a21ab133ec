// Policies from and to JSON: the form in which groups and policy files hold them.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "authz/policy.h"
#include "base/json.h"
#include "base/limits.h"

namespace strongroom::authz {
namespace {

namespace json = boost::json;

constexpr std::string_view kShape =
    R"(a policy is {"effect": "ALLOW", "actions": ["db:Select"], "resources": ["*"], )"
    R"("assertions": {"name": "CEL"}}, the last member optional)";

std::string_view KindName(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "a boolean";
    case json::kind::string: return "a string";
    case json::kind::array: return "a list";
    case json::kind::object: return "an object";
    default: return "a number";
  }
}

base::Error Bad(std::vector<std::string> path, std::string message, std::string hint) {
  base::Error error =
      base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
  error.argument_path = std::move(path);
  return error;
}

base::Error WrongKind(std::string_view member, std::string_view expected, const json::value& got) {
  return Bad({std::string(member)},
             fmt::format("`{}` has to be {}, got {}", member, expected, KindName(got)),
             std::string(kShape));
}

base::Result<std::vector<std::string>> ReadStrings(std::string_view member,
                                                   const json::value& value) {
  const json::array* list = value.if_array();
  if (list == nullptr) return WrongKind(member, "a list of strings", value);
  std::vector<std::string> strings;
  for (const json::value& item : *list) {
    const json::string* text = item.if_string();
    if (text == nullptr) return WrongKind(member, "a list of strings", item);
    strings.emplace_back(*text);
  }
  return strings;
}

base::Result<Effect> ReadEffect(const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr) return WrongKind("effect", "`ALLOW` or `DENY`", value);
  const auto effect = EffectFromName(*text);
  if (!effect)
    return Bad({"effect"}, fmt::format("unknown effect `{}`", std::string_view(*text)),
               "write `ALLOW` or `DENY`");
  return *effect;
}

base::Result<std::vector<Assertion>> ReadAssertions(const json::value& value) {
  const json::object* map = value.if_object();
  if (map == nullptr) return WrongKind("assertions", "an object of CEL strings", value);
  std::vector<Assertion> assertions;
  for (const auto& [name, expression] : *map) {
    const json::string* text = expression.if_string();
    if (text == nullptr) return WrongKind("assertions", "an object of CEL strings", expression);
    assertions.push_back({std::string(name), std::string(*text)});
  }
  return assertions;
}

base::Status ReadMember(std::string_view name, const json::value& value, Policy& policy) {
  if (name == "effect") {
    STRONGROOM_ASSIGN(policy.effect, ReadEffect(value));
  } else if (name == "actions") {
    STRONGROOM_ASSIGN(policy.actions, ReadStrings(name, value));
  } else if (name == "resources") {
    STRONGROOM_ASSIGN(policy.resources, ReadStrings(name, value));
  } else if (name == "assertions") {
    STRONGROOM_ASSIGN(policy.assertions, ReadAssertions(value));
  } else {
    return Bad({std::string(name)}, fmt::format("unknown member `{}`", name), std::string(kShape));
  }
  return {};
}

base::Result<Policy> ReadPolicy(const json::value& value) {
  const json::object* members = value.if_object();
  if (members == nullptr)
    return Bad({}, fmt::format("a policy has to be an object, got {}", KindName(value)),
               std::string(kShape));
  Policy policy;
  for (const auto& [name, member] : *members) STRONGROOM_TRY(ReadMember(name, member, policy));
  for (const std::string_view name : {"effect", "actions", "resources"})
    if (!members->contains(name))
      return Bad({std::string(name)}, fmt::format("`{}` is missing", name), std::string(kShape));
  STRONGROOM_TRY(CheckPolicy(policy));
  return policy;
}

}  // namespace

base::Result<std::vector<Policy>> PoliciesFromJson(const json::value& list) {
  const json::array* items = list.if_array();
  if (items == nullptr)
    return Bad({}, fmt::format("policies have to be a list, got {}", KindName(list)),
               std::string(kShape));
  if (items->size() > base::limits::kPoliciesMax)
    return Bad({}, fmt::format("the list holds {} policies", items->size()),
               fmt::format("at most {} are allowed", base::limits::kPoliciesMax));
  std::vector<Policy> policies;
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto policy = ReadPolicy((*items)[i]);
    if (!policy.ok()) return AtPolicy(i, std::move(policy).error());
    policies.push_back(std::move(policy).value());
  }
  return policies;
}

base::Result<std::vector<Policy>> ParsePolicies(std::string_view text) {
  STRONGROOM_ASSIGN(const json::value list, base::ParseJson(text));
  return PoliciesFromJson(list);
}

std::string FormatPolicies(const std::vector<Policy>& policies) {
  json::array list;
  for (const Policy& policy : policies) {
    json::object members;
    members["effect"] = EffectName(policy.effect);
    members["actions"] = json::array(policy.actions.begin(), policy.actions.end());
    members["resources"] = json::array(policy.resources.begin(), policy.resources.end());
    if (!policy.assertions.empty()) {
      json::object& assertions = members["assertions"].emplace_object();
      for (const Assertion& assertion : policy.assertions)
        assertions[assertion.name] = assertion.expression;
    }
    list.push_back(std::move(members));
  }
  return json::serialize(list);
}

}  // namespace strongroom::authz
