// Fields exist, and are selected as deep as their types go (§5.3.1, §5.3.3).
#pragma once

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct ScalarLeafs {
  void Enter(Context& context, const FieldVisit& visit);
};

struct FieldsOnCorrectType {
  void Enter(Context& context, const FieldVisit& visit);
};

}  // namespace strongroom::graphql::rules
