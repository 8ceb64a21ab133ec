// Fragments: named once, known, used, spread where they can apply, and never inside themselves
// (§5.5).
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graphql/rules/context.h"
#include "graphql/rules/visits.h"

namespace strongroom::graphql::rules {

struct UniqueFragmentNames {
  void Enter(Context& context, const FragmentDefinition& fragment);
  std::unordered_map<std::string_view, const Name*> known;
};

struct KnownFragmentNames {
  void Enter(Context& context, const SpreadVisit& visit);
};

struct NoUnusedFragments {
  void Leave(Context& context, const Document& document);
};

struct PossibleFragmentSpreads {
  void Enter(Context& context, const InlineFragmentVisit& visit);
  void Enter(Context& context, const SpreadVisit& visit);
};

// Reports every cycle once, with the spreads that lead around it.
class NoFragmentCycles {
 public:
  void Enter(Context& context, const FragmentDefinition& fragment);

 private:
  void Report(Context& context, std::size_t start) const;

  std::unordered_set<std::string_view> visited_;
  std::vector<const Selection*> path_;  // the spreads that led to the fragment being searched
  std::unordered_map<std::string_view, std::size_t> path_index_;  // of the fragments on the path
};

}  // namespace strongroom::graphql::rules
