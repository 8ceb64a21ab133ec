// Variables: defined once, defined where used, used where defined, and of a type that fits (§5.8).
#pragma once

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct UniqueVariableNames {
  void Enter(Context& context, const OperationDefinition& operation);
};

struct NoUndefinedVariables {
  void Leave(Context& context, const OperationDefinition& operation);
};

struct NoUnusedVariables {
  void Leave(Context& context, const OperationDefinition& operation);
};

struct VariablesInAllowedPosition {
  void Leave(Context& context, const OperationDefinition& operation);
};

}  // namespace strongroom::graphql::rules
