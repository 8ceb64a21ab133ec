// What an operation may cost, estimated before it runs (docs/reference/graphql-engine.md): the
// number of objects it can make, lists taken as long as their arguments allow.
#pragma once

#include <cstddef>

#include "graphql/engine_state.h"
#include "graphql/plan.h"

namespace strongroom::graphql {

// `variables` may be null when plan.cost_varies is false. Saturates.
std::size_t CostOf(const Engine::State& engine, const Plan& plan, const BoundVariables* variables);

// Whether a variable bounds the list: `first: $n`.
bool BoundIsVariable(const PlannedField& field);

}  // namespace strongroom::graphql
