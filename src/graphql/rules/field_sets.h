// What the two algorithms of overlapping_fields.h compare: fields with the types they stand on.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/rules/context.h"

namespace strongroom::graphql::rules {

struct FieldEntry {
  const NamedType* parent = nullptr;  // may be null, or of any kind, when the document is wrong
  const Selection* node = nullptr;
  const FieldType* field = nullptr;  // null for unknown and for meta fields
};

// The fields of one response key.
struct FieldGroup {
  std::string_view key;
  std::vector<FieldEntry> entries;
};

// Groups in the order in which their keys come.
class FieldGroups {
 public:
  void Add(const FieldEntry& entry);
  const FieldGroup* Find(std::string_view key) const;
  const std::vector<FieldGroup>& groups() const { return groups_; }
  bool empty() const { return groups_.empty(); }

 private:
  std::vector<FieldGroup> groups_;
  std::unordered_map<std::string_view, std::size_t> index_;
};

// Adds the fields of `set` on `parent`, those of inline fragments included, and hands every spread
// to `on_spread`.
template <typename OnSpread>
void CollectFields(const Context& context, const NamedType* parent, const SelectionSet& set,
                   FieldGroups& groups, const OnSpread& on_spread) {
  for (const Selection& selection : set.selections) {
    switch (selection.kind) {
      case Selection::Kind::kField: {
        const bool has_fields = parent != nullptr && (parent->kind == TypeKind::kObject ||
                                                      parent->kind == TypeKind::kInterface);
        groups.Add(
            {parent, &selection, has_fields ? parent->FindField(selection.name.text) : nullptr});
        break;
      }
      case Selection::Kind::kSpread: on_spread(selection); break;
      case Selection::Kind::kInline: {
        const NamedType* type = selection.type_condition.empty()
                                    ? parent
                                    : context.schema().FindType(selection.type_condition.text);
        CollectFields(context, type, *selection.selection_set, groups, on_spread);
        break;
      }
    }
  }
}

// Whether nothing can be of both parents, so that their fields never meet in one response object.
// Interfaces and unions may always come to overlap.
bool AreExclusive(const NamedType* left, const NamedType* right);

// Whether values of both types can't stand under one response key. Composite types can: their
// fields are compared one by one.
bool TypesConflict(const Type& left, const Type& right);

// Literals as text in which equal literals are equal: the fields of objects sorted.
class CanonicalTexts {
 public:
  const std::string& Of(const Value& value);
  // Whether two fields are called with the same arguments, whatever their order.
  bool SameArguments(const Selection& left, const Selection& right);

 private:
  std::unordered_map<const Value*, std::string> texts_;
};

}  // namespace strongroom::graphql::rules
