// Which fragments of a document spread which.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/ast.h"

namespace strongroom::graphql::rules {

class FragmentGraph {
 public:
  explicit FragmentGraph(const Document& document);

  // The number of different names.
  std::size_t size() const { return by_name_.size(); }
  // The last fragment of that name, null when there is none.
  const FragmentDefinition* Find(std::string_view name) const;
  // The spreads anywhere inside `set`, in the order in which graphql-js finds them: those of a
  // selection set before those of the sets inside, and the last of these first.
  const std::vector<const Selection*>& Spreads(const SelectionSet& set);
  // Every fragment that can be reached from `sets`, nearest first, each once.
  std::vector<const FragmentDefinition*> Reachable(std::span<const SelectionSet* const> sets);

 private:
  std::unordered_map<std::string_view, const FragmentDefinition*> by_name_;
  std::unordered_map<const SelectionSet*, std::vector<const Selection*>> spreads_;
};

}  // namespace strongroom::graphql::rules
