#include <fmt/format.h>

#include <unordered_set>

#include "graphql/rules/operations.h"

namespace strongroom::graphql::rules {

namespace {

// The fields of one response key.
struct Group {
  std::string_view key;
  std::vector<const Selection*> fields;
};

// The literal of `if` of the first directive of that name.
const Value* Condition(const Selection& selection, std::string_view directive_name) {
  for (const Directive& directive : selection.directives) {
    if (directive.name.text != directive_name) continue;
    for (const Argument& argument : directive.arguments) {
      if (argument.name.text == "if") return argument.value;
    }
    return nullptr;
  }
  return nullptr;
}

// Only literals are judged: the rule knows no variables.
bool IsLeftOut(const Selection& selection) {
  const Value* skip = Condition(selection, "skip");
  const Value* include = Condition(selection, "include");
  return (skip != nullptr && skip->kind == Value::Kind::kBoolean && skip->boolean) ||
         (include != nullptr && include->kind == Value::Kind::kBoolean && !include->boolean);
}

// CollectFields (§6.3.2) of the root type.
class RootFields {
 public:
  RootFields(Context& context, const NamedType& root) : context_(context), root_(root) {}

  void Collect(const SelectionSet& set) {
    for (const Selection& selection : set.selections) {
      if (IsLeftOut(selection)) continue;
      switch (selection.kind) {
        case Selection::Kind::kField: Add(selection); break;
        case Selection::Kind::kInline:
          if (Applies(selection.type_condition)) Collect(*selection.selection_set);
          break;
        case Selection::Kind::kSpread: {
          if (!visited_.insert(selection.name.text).second) break;
          const FragmentDefinition* fragment = context_.fragments().Find(selection.name.text);
          if (fragment == nullptr || !Applies(fragment->type_condition)) break;
          Collect(*fragment->selection_set);
          break;
        }
      }
    }
  }

  const std::vector<Group>& groups() const { return groups_; }

 private:
  bool Applies(const Name& type_condition) const {
    if (type_condition.empty()) return true;
    const NamedType* type = context_.schema().FindType(type_condition.text);
    return type == &root_ || (type != nullptr && type->IsAbstract() && type->Includes(root_));
  }

  void Add(const Selection& field) {
    const auto [entry, added] = index_.try_emplace(field.ResponseKey(), groups_.size());
    if (added) groups_.push_back({field.ResponseKey(), {}});
    groups_[entry->second].fields.push_back(&field);
  }

  Context& context_;
  const NamedType& root_;
  std::unordered_set<std::string_view> visited_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<Group> groups_;
};

void AddOffsets(const Group& group, Offsets& offsets) {
  for (const Selection* field : group.fields) offsets.push_back(field->offset);
}

}  // namespace

void SingleFieldSubscriptions::Enter(Context& context, const OperationDefinition& operation) {
  if (operation.kind != OperationKind::kSubscription) return;
  const NamedType* root = context.schema().Root(operation.kind);
  if (root == nullptr) return;
  RootFields fields(context, *root);
  fields.Collect(*operation.selection_set);
  const std::string name = operation.name.empty()
                               ? "Anonymous Subscription"
                               : fmt::format("Subscription \"{}\"", operation.name.text);
  if (fields.groups().size() > 1) {
    Offsets offsets;
    for (std::size_t i = 1; i < fields.groups().size(); ++i)
      AddOffsets(fields.groups()[i], offsets);
    context.Report(name + " must select only one top level field.", std::move(offsets));
  }
  for (const Group& group : fields.groups()) {
    if (!group.fields[0]->name.text.starts_with("__")) continue;
    Offsets offsets;
    AddOffsets(group, offsets);
    context.Report(name + " must not select an introspection top level field.", std::move(offsets));
  }
}

}  // namespace strongroom::graphql::rules
