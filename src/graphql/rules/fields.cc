#include "graphql/rules/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "graphql/rules/suggestions.h"

namespace strongroom::graphql::rules {

void ScalarLeafs::Enter(Context& context, const FieldVisit& visit) {
  if (visit.field == nullptr) return;
  const Type& type = *visit.field->type;
  const std::string_view name = visit.node.name.text;
  const SelectionSet* set = visit.node.selection_set;
  if (type.named->IsLeaf()) {
    if (set == nullptr) return;
    context.Report(fmt::format("Field \"{}\" must not have a selection since type \"{}\" has no "
                               "subfields.",
                               name, type.text),
                   {set->offset});
  } else if (set == nullptr) {
    context.Report(fmt::format("Field \"{}\" of type \"{}\" must have a selection of subfields. "
                               "Did you mean \"{} {{ ... }}\"?",
                               name, type.text, name),
                   {visit.node.offset});
  }
}

namespace {

// A type that has the missing field, and by how many of the possible types it is implemented.
struct Owner {
  const NamedType* type;
  std::size_t uses;
};

bool ComesBefore(const Owner& left, const Owner& right) {
  if (left.uses != right.uses) return left.uses > right.uses;
  const auto is_above = [](const NamedType& above, const NamedType& below) {
    return above.kind == TypeKind::kInterface &&
           std::ranges::find(below.interfaces, &above) != below.interfaces.end();
  };
  if (is_above(*left.type, *right.type)) return true;
  if (is_above(*right.type, *left.type)) return false;
  return NaturalLess(left.type->name, right.type->name);
}

// Objects and interfaces that a value of the abstract type can be, and that have the field.
std::vector<std::string_view> OwnersOf(const NamedType& abstract, std::string_view field_name) {
  std::vector<Owner> owners;
  const auto add = [&](const NamedType& type) {
    if (type.FindField(field_name) == nullptr) return false;
    const auto known = std::ranges::find(owners, &type, &Owner::type);
    if (known == owners.end()) {
      owners.push_back({&type, 1});
    } else {
      ++known->uses;
    }
    return true;
  };
  for (const NamedType* object : abstract.possible) {
    if (!add(*object)) continue;
    for (const NamedType* interface : object->interfaces) add(*interface);
  }
  // Inserted one by one: the order above is no strict weak one.
  std::vector<Owner> sorted;
  for (const Owner& owner : owners) {
    sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), owner, ComesBefore), owner);
  }
  std::vector<std::string_view> names;
  for (const Owner& owner : sorted) names.emplace_back(owner.type->name);
  return names;
}

std::string Suggestion(const NamedType& parent, std::string_view field_name) {
  if (parent.IsAbstract()) {
    const std::vector<std::string_view> owners = OwnersOf(parent, field_name);
    if (!owners.empty()) return DidYouMean("to use an inline fragment on", owners);
  }
  std::vector<std::string_view> names;
  for (const FieldType& field : parent.fields) names.emplace_back(field.name);
  return DidYouMean({}, NearestNames(field_name, names));
}

}  // namespace

void FieldsOnCorrectType::Enter(Context& context, const FieldVisit& visit) {
  if (visit.parent == nullptr || visit.field != nullptr) return;
  const std::string_view name = visit.node.name.text;
  context.Report(
      fmt::format("Cannot query field \"{}\" on type \"{}\".{}", name, visit.parent->name,
                  context.options().suggestions ? Suggestion(*visit.parent, name) : ""),
      {visit.node.offset});
}

}  // namespace strongroom::graphql::rules
