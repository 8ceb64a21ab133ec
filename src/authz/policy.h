// Policies as they are written: effect, actions, resources, assertions. SPEC 4, 4.1.10.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "authz/action.h"
#include "base/result.h"

namespace strongroom::authz {

struct Assertion {
  std::string name;
  std::string expression;  // CEL, boolean
};

struct Policy {
  Effect effect = Effect::kDeny;
  std::vector<std::string> actions;    // patterns over `db:Select` …
  std::vector<std::string> resources;  // patterns over resource identifiers
  std::vector<Assertion> assertions;   // all must be true; none: unconditional
  std::string origin;  // who holds it, for explanations: `client "ops"`, `group "readers"`
};

// The JSON string of a group: a list of objects with the members `effect`, `actions`, `resources`
// and, optionally, `assertions`. Strict: unknown and duplicate members are refused, `effect` is
// ALLOW or DENY, actions are `db:Select` … or patterns that match one. `"[]"` is legal.
// Errors begin with the place, such as `policies[1]: `, counted from 0, and their argument_path is
// that place: {"policies", "1", "actions"}.
base::Result<std::vector<Policy>> ParsePolicies(std::string_view text);

// The same from JSON already read.
base::Result<std::vector<Policy>> PoliciesFromJson(const boost::json::value& list);

// What ParsePolicies reads, with members in a fixed order.
std::string FormatPolicies(const std::vector<Policy>& policies);

// The checks that need no catalog: known effect, actions that match something, no empty lists, no
// assertion without name, no name twice, sizes within limits.
base::Status CheckPolicy(const Policy& policy);

// The same error as of the policy with this number in its list: `policies[1]: …`.
base::Error AtPolicy(std::size_t number, base::Error error);

// The actions that the patterns of the policy match.
ActionSet ActionsOf(const Policy& policy);

}  // namespace strongroom::authz
