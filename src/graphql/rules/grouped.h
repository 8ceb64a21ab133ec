// Nodes grouped by name.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace strongroom::graphql::rules {

// The nodes of every name that occurs more than once, in the order of first occurrence.
template <typename Node>
std::vector<std::vector<const Node*>> Repeated(std::span<const Node> nodes) {
  std::vector<std::vector<const Node*>> groups;
  if (nodes.size() < 2) return groups;
  std::unordered_map<std::string_view, std::size_t> index;
  for (const Node& node : nodes) {
    const auto [entry, added] = index.try_emplace(node.name.text, groups.size());
    if (added) groups.emplace_back();
    groups[entry->second].push_back(&node);
  }
  std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
  return groups;
}

}  // namespace strongroom::graphql::rules
