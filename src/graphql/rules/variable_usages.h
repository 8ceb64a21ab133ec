// Where the operations of a document use variables.
#pragma once

#include <unordered_map>
#include <vector>

#include "graphql/ast.h"
#include "graphql/schema.h"

namespace strongroom::graphql::rules {

class Context;

struct VariableUsage {
  const Value* node = nullptr;
  const Type* type = nullptr;  // what the place takes; null when it isn't known
  bool has_default = false;    // whether the place has a default of its own
};

class VariableUsages {
 public:
  // Those of the operation itself, then those of the fragments it reaches.
  const std::vector<VariableUsage>& Of(Context& context, const OperationDefinition& operation);

 private:
  const std::vector<VariableUsage>& Of(Context& context, const FragmentDefinition& fragment);

  std::unordered_map<const OperationDefinition*, std::vector<VariableUsage>> by_operation_;
  std::unordered_map<const FragmentDefinition*, std::vector<VariableUsage>> by_fragment_;
};

}  // namespace strongroom::graphql::rules
