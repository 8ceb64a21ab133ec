// What an operation does, worked out once: fields merged by response key and by type, arguments
// coerced where they can be, resolvers found.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <variant>

#include "graphql/ast.h"
#include "graphql/engine_state.h"
#include "graphql/resolver.h"
#include "graphql/source.h"

namespace strongroom::graphql {

struct Plan {
  std::deque<PlannedSet> sets;  // addresses are stable
  const PlannedSet* root = nullptr;
  std::size_t slots = 0;     // planned fields
  bool cost_varies = false;  // a variable bounds a list
};

// The resolver number of `__typename`, which the executor answers itself.
inline constexpr std::size_t kTypenameResolver = static_cast<std::size_t>(-1);

// Whether a selection with these directives stays: `@skip` and `@include`. A variable that
// `conditions` doesn't hold counts as keeping it.
struct Conditions {
  std::span<const std::string_view> names;
  std::vector<bool> values;

  bool Keeps(std::span<const Directive> directives) const;
};

// The document is valid. Selection sets that are the same for the same type are planned once, so
// that the plan grows with the document and not with what its fragments expand to; past
// `fields_max` it fails with kLimitExceeded.
std::variant<std::shared_ptr<const Plan>, RequestError> MakePlan(
    const Engine::State& engine, const Document& document, const OperationDefinition& operation,
    const Conditions& conditions, std::size_t fields_max);

}  // namespace strongroom::graphql
