// Arguments are known, given once, and given where required (§5.4).
#pragma once

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct KnownArgumentNames {
  void Enter(Context& context, const ArgumentVisit& visit);
  void Enter(Context& context, const DirectiveVisit& visit);
};

struct UniqueArgumentNames {
  void Enter(Context& context, const FieldVisit& visit);
  void Enter(Context& context, const DirectiveVisit& visit);
};

// On leaving, so that what is wrong deeper inside comes first.
struct ProvidedRequiredArguments {
  void Leave(Context& context, const FieldVisit& visit);
  void Leave(Context& context, const DirectiveVisit& visit);
};

}  // namespace strongroom::graphql::rules
