#include "graphql/rules/introspection_depth.h"

namespace strongroom::graphql::rules {

namespace {

constexpr std::size_t kListsMax = 3;

bool IsIntrospectionList(std::string_view name) {
  return name == "fields" || name == "interfaces" || name == "possibleTypes" ||
         name == "inputFields";
}

}  // namespace

void MaxIntrospectionDepth::Enter(Context& context, const FieldVisit& visit) {
  const std::string_view name = visit.node.name.text;
  if (skipping_ != nullptr || (name != "__schema" && name != "__type")) return;
  visited_.clear();
  if (!Exceeds(context, visit.node, 0)) return;
  context.Report("Maximum introspection depth exceeded", {visit.node.offset});
  skipping_ = &visit.node;
}

void MaxIntrospectionDepth::Leave(Context&, const FieldVisit& visit) {
  if (skipping_ == &visit.node) skipping_ = nullptr;
}

bool MaxIntrospectionDepth::Exceeds(Context& context, const SelectionSet* set, std::size_t depth) {
  if (set == nullptr) return false;
  for (const Selection& selection : set->selections) {
    if (Exceeds(context, selection, depth)) return true;
  }
  return false;
}

bool MaxIntrospectionDepth::Exceeds(Context& context, const Selection& node, std::size_t depth) {
  if (node.kind == Selection::Kind::kSpread) return SpreadExceeds(context, node.name.text, depth);
  if (node.kind == Selection::Kind::kField && IsIntrospectionList(node.name.text)) {
    if (++depth >= kListsMax) return true;
  }
  return Exceeds(context, node.selection_set, depth);
}

// A fragment is entered at most once for every depth below the limit.
bool MaxIntrospectionDepth::SpreadExceeds(Context& context, std::string_view name,
                                          std::size_t depth) {
  const auto exceeded = exceeded_.find(name);
  if (exceeded != exceeded_.end() && exceeded->second <= depth) return true;
  const auto visited = visited_.find(name);
  if (visited != visited_.end() && visited->second >= depth) return false;
  const auto checked = checked_.find(name);
  if (checked != checked_.end() && checked->second >= depth) return false;
  const FragmentDefinition* fragment = context.fragments().Find(name);
  if (fragment == nullptr) return false;
  visited_[name] = depth;
  if (Exceeds(context, fragment->selection_set, depth)) {
    exceeded_[name] = depth;
    return true;
  }
  checked_[name] = depth;
  return false;
}

}  // namespace strongroom::graphql::rules
