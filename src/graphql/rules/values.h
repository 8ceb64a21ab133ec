// Literals fit their types; input objects name a field once (§5.6).
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

// A literal that doesn't fit as a whole is reported as a whole: what is inside is not looked at.
class ValuesOfCorrectType {
 public:
  void Enter(Context& context, const VariableDefinition& variable);
  void Enter(Context& context, const ValueVisit& visit);
  void Enter(Context& context, const ObjectFieldVisit& visit);
  void Leave(Context& context, const ValueVisit& visit);

 private:
  const Value* skipping_ = nullptr;
};

class UniqueInputFieldNames {
 public:
  void Enter(Context& context, const ValueVisit& visit);
  void Enter(Context& context, const ObjectFieldVisit& visit);
  void Leave(Context& context, const ValueVisit& visit);

 private:
  std::vector<std::unordered_map<std::string_view, const Name*>> known_;  // by nesting
};

}  // namespace strongroom::graphql::rules
