#include "ledger/policies.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "authz/policy_set.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/engine.h"
#include "ledger/indexes/index_set.h"
#include "ledger/input.h"

namespace strongroom::ledger {
namespace {

namespace json = boost::json;

std::vector<std::string> Texts(const Value& list) {
  std::vector<std::string> texts;
  for (const Value& item : *list.Get<ListValue>().items) texts.push_back(item.Get<std::string>());
  return texts;
}

std::vector<std::string> Actions(const Value& list) {
  std::vector<std::string> actions;
  for (const Value& item : *list.Get<ListValue>().items) {
    const auto action = authz::ActionFromGraphqlName(EnumName(kPolicyAction, item));
    STRONGROOM_CHECK(action.has_value());
    actions.emplace_back(authz::ActionName(*action));
  }
  return actions;
}

base::Error NotAnExpression(std::string_view name) {
  base::Error error =
      base::MakeError(base::ErrorCode::kBadRequest,
                      fmt::format("the assertion `{}` has to be a CEL expression, as text", name));
  error.argument_path = {"assertions", std::string(name)};
  return error;
}

base::Result<std::vector<authz::Assertion>> Assertions(const Value& value) {
  std::vector<authz::Assertion> assertions;
  if (value.IsNull()) return assertions;
  const json::value& map = *value.Get<JsonValue>().json;
  if (!map.is_object()) return NotAnExpression("assertions");
  for (const auto& [name, expression] : map.get_object()) {
    if (!expression.is_string()) return NotAnExpression(name);
    assertions.push_back({std::string(name), std::string(expression.get_string())});
  }
  return assertions;
}

base::Result<authz::Policy> PolicyOf(const Values& fields, const std::string& origin) {
  authz::Policy policy;
  const auto effect = authz::EffectFromName(EnumName(kPolicyEffect, fields[0]));
  STRONGROOM_CHECK(effect.has_value());
  policy.effect = *effect;
  policy.actions = Actions(fields[1]);
  policy.resources = Texts(fields[2]);
  STRONGROOM_ASSIGN(policy.assertions, Assertions(fields[3]));
  policy.origin = origin;
  return policy;
}

base::Result<std::vector<authz::Policy>> PoliciesOfClient(const Document& client) {
  const std::string origin = fmt::format("client \"{}\"", client.At("name").Get<std::string>());
  std::vector<authz::Policy> policies;
  for (const Value& item : *client.At("policies").Get<ListValue>().items) {
    auto policy = PolicyOf(*item.Get<RecordValue>().fields, origin);
    if (!policy.ok()) return authz::AtPolicy(policies.size(), std::move(policy).error());
    policies.push_back(std::move(policy).value());
  }
  return policies;
}

base::Result<std::vector<authz::Policy>> PoliciesOfGroup(const Document& group) {
  STRONGROOM_ASSIGN(auto policies, authz::ParsePolicies(group.At("policy").Get<std::string>()));
  for (authz::Policy& policy : policies)
    policy.origin = fmt::format("group \"{}\"", group.At("name").Get<std::string>());
  return policies;
}

}  // namespace

base::Result<std::vector<authz::Policy>> PoliciesOf(const Document& holder) {
  return holder.ledger().id() == LedgerId::kClient ? PoliciesOfClient(holder)
                                                   : PoliciesOfGroup(holder);
}

base::Result<std::vector<authz::Warning>> CheckPolicies(ReadScope& scope, const Document& holder) {
  const bool client = holder.ledger().id() == LedgerId::kClient;
  const auto in_input = [&](base::Error error) {
    // A group's policies are one text.
    if (!client) error.argument_path = {"policy"};
    return Within("input", std::move(error));
  };
  auto policies = PoliciesOf(holder);
  if (!policies.ok()) return in_input(std::move(policies).error());
  if (policies->size() > limits::kPoliciesMax)
    return in_input(base::MakeError(base::ErrorCode::kLimitExceeded,
                                    fmt::format("there are {} policies, the most are {}",
                                                policies->size(), limits::kPoliciesMax)));
  STRONGROOM_ASSIGN(const auto indexes, IndexesOf(scope));
  auto set = authz::PolicySet::Compile(*std::move(policies), indexes->rights);
  if (!set.ok()) return in_input(std::move(set).error());
  auto warnings =
      authz::LintPolicies(**set, client ? holder.At("principal").Get<std::string>() : "");
  for (authz::Warning& warning : warnings) {
    if (!client) warning.argument_path = {"policy"};
    warning.argument_path.insert(warning.argument_path.begin(), "input");
  }
  return warnings;
}

}  // namespace strongroom::ledger
