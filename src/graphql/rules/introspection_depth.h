// Introspection can be asked for ever deeper lists; graphql-js refuses three levels of them.
#pragma once

#include <string_view>
#include <unordered_map>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

class MaxIntrospectionDepth {
 public:
  void Enter(Context& context, const FieldVisit& visit);
  void Leave(Context& context, const FieldVisit& visit);

 private:
  using Depths = std::unordered_map<std::string_view, std::size_t>;
  bool Exceeds(Context& context, const SelectionSet* set, std::size_t depth);
  bool Exceeds(Context& context, const Selection& node, std::size_t depth);
  bool SpreadExceeds(Context& context, std::string_view name, std::size_t depth);

  Depths visited_;   // of the check under way: the greatest depth at which a fragment was entered
  Depths checked_;   // the greatest depth at which a fragment stayed below the limit
  Depths exceeded_;  // the smallest depth at which it did not
  const Selection* skipping_ = nullptr;
};

}  // namespace strongroom::graphql::rules
