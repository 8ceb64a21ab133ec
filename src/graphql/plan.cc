#include "graphql/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "graphql/cost.h"

namespace strongroom::graphql {
namespace {

const Value* ArgumentNamed(std::span<const Argument> arguments, std::string_view name) {
  for (const Argument& argument : arguments)
    if (argument.name.text == name) return argument.value;
  return nullptr;
}

bool NamesVariable(const Value& value) {
  if (value.kind == Value::Kind::kVariable) return true;
  return std::any_of(value.items.begin(), value.items.end(),
                     [](const Value* item) { return NamesVariable(*item); }) ||
         std::any_of(value.fields.begin(), value.fields.end(),
                     [](const ObjectField& field) { return NamesVariable(*field.value); });
}

class Planner {
 public:
  Planner(const Engine::State& engine, const Document& document, const Conditions& conditions,
          std::size_t fields_max)
      : engine_(engine),
        conditions_(conditions),
        fields_max_(fields_max),
        plan_(std::make_shared<Plan>()) {
    for (const Definition& definition : document.definitions())
      if (definition.fragment != nullptr)
        fragments_.emplace(definition.fragment->name.text, definition.fragment);
  }

  std::shared_ptr<Plan> Run(const NamedType& root, const SelectionSet& selections) {
    plan_->root = PlanSet(root, {&selections});
    return passed_ ? nullptr : std::move(plan_);
  }

 private:
  using Sets = std::vector<const SelectionSet*>;
  struct Group {
    std::string_view key;
    std::vector<const Selection*> nodes;
  };
  struct Groups {
    std::vector<Group> list;
    std::unordered_map<std::string_view, std::size_t> by_key;
    std::vector<std::string_view> spread;  // fragments already in
  };

  // CollectFields, GraphQL 6.3.2.
  void Collect(const NamedType& type, const SelectionSet& set, Groups& groups) const {
    for (const Selection& selection : set.selections) {
      if (!conditions_.Keeps(selection.directives)) continue;
      if (selection.kind == Selection::Kind::kField) {
        const std::string_view key = selection.ResponseKey();
        const auto [at, fresh] = groups.by_key.emplace(key, groups.list.size());
        if (fresh) groups.list.push_back({key, {}});
        groups.list[at->second].nodes.push_back(&selection);
      } else if (selection.kind == Selection::Kind::kInline) {
        if (Applies(selection.type_condition.text, type))
          Collect(type, *selection.selection_set, groups);
      } else {
        const std::string_view name = selection.name.text;
        if (std::find(groups.spread.begin(), groups.spread.end(), name) != groups.spread.end())
          continue;
        groups.spread.push_back(name);
        const FragmentDefinition& fragment = *fragments_.find(name)->second;
        if (Applies(fragment.type_condition.text, type))
          Collect(type, *fragment.selection_set, groups);
      }
    }
  }

  bool Applies(std::string_view condition, const NamedType& type) const {
    return condition.empty() || engine_.schema->FindType(condition)->Includes(type);
  }

  const PlannedSet* PlanSet(const NamedType& type, Sets sets) {
    const auto [known, fresh] = memo_.try_emplace({&type, std::move(sets)}, nullptr);
    if (!fresh) return known->second;
    PlannedSet& planned = plan_->sets.emplace_back();
    known->second = &planned;
    planned.type = &type;
    Groups groups;
    for (const SelectionSet* set : known->first.second) Collect(type, *set, groups);
    planned.fields.reserve(groups.list.size());
    for (const Group& group : groups.list) {
      passed_ |= plan_->slots >= fields_max_;
      if (passed_) break;
      planned.fields.push_back(PlanField(type, group));
    }
    return &planned;
  }

  PlannedField PlanField(const NamedType& type, const Group& group) {
    const Selection& node = *group.nodes.front();
    PlannedField planned;
    planned.field = engine_.schema->FindField(type, node.name.text);
    STRONGROOM_CHECK(planned.field != nullptr);  // INVARIANT: the document is valid
    planned.response_key = group.key;
    planned.key_text = fmt::format("\"{}\":", group.key);
    planned.selection = &node;
    planned.slot = plan_->slots++;
    planned.resolver = ResolverOf(type, *planned.field);
    planned.arguments = ConstantArguments(*planned.field, node);
    plan_->cost_varies |= BoundIsVariable(planned);
    Sets below;
    for (const Selection* each : group.nodes)
      if (each->selection_set != nullptr) below.push_back(each->selection_set);
    if (!below.empty())
      for (const NamedType* possible : planned.field->type->named->possible)
        planned.sets.push_back(PlanSet(*possible, below));
    return planned;
  }

  std::size_t ResolverOf(const NamedType& type, const FieldType& field) const {
    if (!field.name.starts_with("__")) return engine_.ResolverOf(type, field);
    if (field.name == "__typename") return kTypenameResolver;
    return field.name == "__schema" ? engine_.schema_resolver : engine_.type_resolver;
  }

  std::shared_ptr<const base::Result<Arguments>> ConstantArguments(const FieldType& field,
                                                                   const Selection& node) const {
    for (const Argument& argument : node.arguments)
      if (NamesVariable(*argument.value)) return nullptr;
    return std::make_shared<const base::Result<Arguments>>(
        InputCoercion(&engine_.scalars).ArgumentsOf(node.arguments, field.arguments));
  }

  const Engine::State& engine_;
  const Conditions& conditions_;
  const std::size_t fields_max_;
  std::shared_ptr<Plan> plan_;
  bool passed_ = false;
  std::unordered_map<std::string_view, const FragmentDefinition*> fragments_;
  std::map<std::pair<const NamedType*, Sets>, const PlannedSet*> memo_;
};

// Locations in one pass over the text: a position costs its way from the line's start.
void Locate(std::string_view text, Plan& plan) {
  std::vector<PlannedField*> fields;
  for (PlannedSet& set : plan.sets)
    for (PlannedField& field : set.fields) fields.push_back(&field);
  std::sort(fields.begin(), fields.end(), [](const PlannedField* a, const PlannedField* b) {
    return a->selection->offset < b->selection->offset;
  });
  std::size_t at = 0;
  Location location;
  for (PlannedField* field : fields) {
    const std::size_t next = field->selection->offset;
    const Location step = LocationAt(text.substr(at, next - at), next - at);
    location.column = step.line > 1 ? step.column : location.column + step.column - 1;
    location.line += step.line - 1;
    field->location = location;
    at = next;
  }
}

}  // namespace

bool Conditions::Keeps(std::span<const Directive> directives) const {
  for (const Directive& directive : directives) {
    const bool skip = directive.name.text == "skip";
    if (!skip && directive.name.text != "include") continue;
    const Value* condition = ArgumentNamed(directive.arguments, "if");
    if (condition->kind != Value::Kind::kVariable) {
      if (condition->boolean == skip) return false;
      continue;
    }
    const auto name = std::find(names.begin(), names.end(), condition->text);
    const auto index = static_cast<std::size_t>(name - names.begin());
    if (index < values.size() && values[index] == skip) return false;
  }
  return true;
}

std::variant<std::shared_ptr<const Plan>, RequestError> MakePlan(
    const Engine::State& engine, const Document& document, const OperationDefinition& operation,
    const Conditions& conditions, std::size_t fields_max) {
  const NamedType* root = engine.schema->Root(operation.kind);
  STRONGROOM_CHECK(root != nullptr);  // INVARIANT: the document is valid
  auto plan =
      Planner(engine, document, conditions, fields_max).Run(*root, *operation.selection_set);
  if (plan == nullptr)
    return RequestError{base::ErrorCode::kLimitExceeded,
                        fmt::format("operation expands to more than {} fields", fields_max),
                        "",
                        {LocationAt(document.text(), operation.offset)}};
  Locate(document.text(), *plan);
  return std::shared_ptr<const Plan>(std::move(plan));
}

const PlannedSet* PlannedField::Below(const NamedType& type) const {
  const auto& possible = field->type->named->possible;
  for (std::size_t i = 0; i < sets.size(); ++i)
    if (possible[i] == &type) return sets[i];
  return nullptr;
}

const PlannedField* PlannedSet::Find(std::string_view field_name) const {
  for (const PlannedField& planned : fields)
    if (planned.field->name == field_name) return &planned;
  return nullptr;
}

bool PlannedSet::Selects(std::string_view field_name) const { return Find(field_name) != nullptr; }

}  // namespace strongroom::graphql
