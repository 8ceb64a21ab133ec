#include "authz/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "authz/pattern.h"
#include "base/limits.h"

namespace strongroom::authz {
namespace {

namespace limits = base::limits;

base::Error Bad(std::string_view member, std::string message, std::string hint) {
  base::Error error =
      base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
  error.argument_path = {std::string(member)};
  return error;
}

bool MatchesSomeAction(std::string_view pattern) {
  return std::ranges::any_of(
      kActions, [&](Action action) { return MatchesText(pattern, ActionName(action)); });
}

// What the writer of an unknown action probably meant.
std::string ActionHint(std::string_view pattern) {
  constexpr std::string_view kKnown =
      "actions are `db:Select`, `db:Insert`, `db:Update`, `db:Delete`, or patterns such as `db:*`";
  for (const Action action : kActions) {
    std::string_view name = ActionName(action);
    const std::string_view bare = name.substr(3);
    std::string_view given = pattern.substr(pattern.starts_with("db:") ? 3 : 0);
    const bool same = given.size() == bare.size() &&
                      std::equal(given.begin(), given.end(), bare.begin(),
                                 [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    if (same) return fmt::format("write `{}`", name);
  }
  return std::string(kKnown);
}

base::Status CheckPatterns(std::string_view member, const std::vector<std::string>& patterns) {
  if (patterns.empty())
    return Bad(member, fmt::format("`{}` is empty", member),
               fmt::format("name at least one of the {} that the policy covers", member));
  if (patterns.size() > limits::kPolicyPatternsMax)
    return Bad(member, fmt::format("`{}` holds {} patterns", member, patterns.size()),
               fmt::format("at most {} are allowed", limits::kPolicyPatternsMax));
  for (const std::string& pattern : patterns)
    if (pattern.size() > limits::kPolicyPatternBytesMax)
      return Bad(member, fmt::format("a pattern in `{}` is {} bytes long", member, pattern.size()),
                 fmt::format("at most {} are allowed", limits::kPolicyPatternBytesMax));
  return {};
}

base::Status CheckAssertions(const std::vector<Assertion>& assertions) {
  if (assertions.size() > limits::kPolicyAssertionsMax)
    return Bad("assertions", fmt::format("the policy has {} assertions", assertions.size()),
               fmt::format("at most {} are allowed", limits::kPolicyAssertionsMax));
  std::set<std::string_view> names;
  for (const Assertion& assertion : assertions) {
    if (assertion.name.empty() || assertion.name.size() > limits::kPolicyAssertionNameBytesMax)
      return Bad("assertions", "the name of an assertion is empty or too long",
                 fmt::format("1 to {} bytes are allowed", limits::kPolicyAssertionNameBytesMax));
    if (!names.insert(assertion.name).second)
      return Bad("assertions", fmt::format("the assertion `{}` is there twice", assertion.name),
                 "give each assertion a name of its own");
  }
  return {};
}

}  // namespace

base::Status CheckPolicy(const Policy& policy) {
  STRONGROOM_TRY(CheckPatterns("actions", policy.actions));
  STRONGROOM_TRY(CheckPatterns("resources", policy.resources));
  for (const std::string& pattern : policy.actions)
    if (!MatchesSomeAction(pattern))
      return Bad("actions", fmt::format("unknown action `{}`", pattern), ActionHint(pattern));
  return CheckAssertions(policy.assertions);
}

base::Error AtPolicy(std::size_t number, base::Error error) {
  error.message = fmt::format("policies[{}]: {}", number, error.message);
  error.argument_path.insert(error.argument_path.begin(), {"policies", std::to_string(number)});
  return error;
}

ActionSet ActionsOf(const Policy& policy) {
  ActionSet actions;
  for (const Action action : kActions)
    if (std::ranges::any_of(policy.actions, [&](const std::string& pattern) {
          return MatchesText(pattern, ActionName(action));
        }))
      actions.Add(action);
  return actions;
}

}  // namespace strongroom::authz
