// What a document may hold: executable definitions, with names that tell them apart (§5.1.1, §5.2).
#pragma once

#include <string_view>
#include <unordered_map>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct ExecutableDefinitions {
  void Enter(Context& context, const Document& document);
};

struct UniqueOperationNames {
  void Enter(Context& context, const OperationDefinition& operation);
  std::unordered_map<std::string_view, const Name*> known;
};

struct LoneAnonymousOperation {
  void Enter(Context& context, const OperationDefinition& operation);
  void Enter(Context& context, const Document& document);
  std::size_t operations = 0;
};

// A subscription selects one field, and none of introspection (§5.2.3.1).
struct SingleFieldSubscriptions {
  void Enter(Context& context, const OperationDefinition& operation);
};

}  // namespace strongroom::graphql::rules
