// Types where documents name them (§5.4.1, §5.8.2).
#pragma once

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct KnownTypeNames {
  void Enter(Context& context, const TypeNameVisit& visit);
};

struct FragmentsOnCompositeTypes {
  void Enter(Context& context, const InlineFragmentVisit& visit);
  void Enter(Context& context, const FragmentDefinition& fragment);
};

struct VariablesAreInputTypes {
  void Enter(Context& context, const VariableDefinition& variable);
};

}  // namespace strongroom::graphql::rules
