// From a text to an operation: parse, limits, validation, plan, cost; kept by text.
#include <fmt/format.h>

#include <algorithm>

#include "graphql/cost.h"
#include "graphql/document_limits.h"
#include "graphql/engine_state.h"
#include "graphql/parser.h"
#include "graphql/plan.h"

namespace strongroom::graphql {
namespace {

// Plans of one operation that are kept, by what its conditions said, and their fields in all.
constexpr std::size_t kPlansMax = 16;
constexpr std::size_t kKeptFieldsMax = 4096;

// What a byte of text becomes as a tree, and a field as a plan, at worst.
constexpr std::size_t kTreeBytesPerByte = 64;
constexpr std::size_t kPlanBytesPerField = 320;

// Not the text alone: a small one may hold megabytes, and who sends many of them would fill the
// memory.
std::size_t HeldBytes(std::string_view text, const PreparedDocument& prepared) {
  std::size_t bytes = 2 * text.size();
  for (const RequestError& error : prepared.errors) bytes += 256 + error.message.size();
  if (prepared.document != nullptr) bytes += kTreeBytesPerByte * text.size();
  for (const auto& state : prepared.operations) {
    const std::size_t fields = state->whole == nullptr ? 0 : state->whole->slots;
    const std::size_t kept = state->condition_names.empty() ? 0 : kPlansMax * fields;
    bytes += kPlanBytesPerField * (fields + std::min(kept, kKeptFieldsMax));
  }
  return bytes;
}

RequestError Refusal(const Document& document, std::uint32_t offset, base::ErrorCode code,
                     std::string message) {
  return {code, std::move(message), "", {LocationAt(document.text(), offset)}};
}

// The plan may hold a few types' fields for each that is written.
std::size_t PlannedFieldsMax(const Engine::State& engine) {
  static constexpr std::size_t kCeiling = 1000000;
  return 4 * std::min(engine.options.limits.tokens_max, kCeiling);
}

// The variables that the operation's `@skip` and `@include` ask, those of the fragments it reaches
// included. A fragment of another operation may use a variable of the same name and another type.
class ConditionFinder {
 public:
  ConditionFinder(const Document& document, Operation::State& state)
      : names_(state.condition_names) {
    for (const Definition& definition : document.definitions())
      if (definition.fragment != nullptr)
        fragments_.emplace(definition.fragment->name.text, definition.fragment);
  }

  void Run(const SelectionSet& set) { Visit(set); }

 private:
  void Visit(const SelectionSet& set) {
    for (const Selection& selection : set.selections) {
      for (const Directive& directive : selection.directives) Visit(directive);
      if (selection.selection_set != nullptr) Visit(*selection.selection_set);
      if (selection.kind != Selection::Kind::kSpread) continue;
      const auto fragment = fragments_.extract(selection.name.text);  // once is enough
      if (!fragment.empty()) Visit(*fragment.mapped()->selection_set);
    }
  }

  void Visit(const Directive& directive) {
    if (directive.name.text != "skip" && directive.name.text != "include") return;
    for (const Argument& argument : directive.arguments)
      if (argument.value->kind == Value::Kind::kVariable &&
          std::find(names_.begin(), names_.end(), argument.value->text) == names_.end())
        names_.push_back(argument.value->text);
  }

  std::vector<std::string_view>& names_;
  std::unordered_map<std::string_view, const FragmentDefinition*> fragments_;
};

void PrepareVariables(const Engine::State& engine, Operation::State& state) {
  const InputCoercion coercion(&engine.scalars);
  for (const VariableDefinition& variable : state.definition->variables) {
    const Type* type = engine.schema->Resolve(*variable.type, state.extra_types);
    state.variable_types.push_back(type);
    auto& fallback = state.defaults.emplace_back();
    if (variable.default_value != nullptr)
      fallback = coercion.VariableDefault(*variable.default_value, *type);
  }
}

std::optional<RequestError> PrepareDirectives(const Engine::State& engine, const Document& document,
                                              Operation::State& state) {
  static const BoundVariables kNone{};
  for (const Directive& node : state.definition->directives) {
    const DirectiveType& directive = *engine.schema->FindDirective(node.name.text);
    for (const Argument& argument : node.arguments)
      if (argument.value->kind == Value::Kind::kVariable)
        return Refusal(
            document, argument.value->offset, base::ErrorCode::kNotSupported,
            fmt::format("directive `@{}` of an operation takes no variables", directive.name));
    auto arguments =
        InputCoercion(&engine.scalars, &kNone).ArgumentsOf(node.arguments, directive.arguments);
    if (!arguments.ok())
      return Refusal(document, node.offset, arguments.error().code, arguments.error().message);
    state.directives.emplace_back(node.name.text, std::move(arguments).value());
  }
  return std::nullopt;
}

RequestError TooCostly(const Document& document, const OperationDefinition& operation,
                       std::size_t cost, std::size_t limit) {
  RequestError error = Refusal(document, operation.offset, base::ErrorCode::kLimitExceeded,
                               fmt::format("operation may cost {}, more than {}", cost, limit));
  error.hint = "ask for shorter lists with `first` or `last`, or for less in each of their items";
  return error;
}

std::optional<RequestError> PrepareOperation(const Engine::State& engine, const Document& document,
                                             const OperationDefinition& definition,
                                             Operation::State& state) {
  state.engine = &engine;
  state.document = &document;
  state.definition = &definition;
  static constexpr std::string_view kWords[] = {"query", "mutation", "subscription"};
  if (engine.schema->Root(definition.kind) == nullptr)  // which no rule of validation looks at
    return Refusal(document, definition.offset, base::ErrorCode::kGraphqlValidationFailed,
                   fmt::format("Schema is not configured to execute {} operation.",
                               kWords[static_cast<std::size_t>(definition.kind)]));
  if (definition.kind == OperationKind::kSubscription)
    return Refusal(document, definition.offset, base::ErrorCode::kNotSupported,
                   "subscriptions are not supported");
  ConditionFinder(document, state).Run(*definition.selection_set);
  PrepareVariables(engine, state);
  if (auto error = PrepareDirectives(engine, document, state)) return error;
  auto plan = MakePlan(engine, document, definition, Conditions{state.condition_names, {}},
                       PlannedFieldsMax(engine));
  if (auto* error = std::get_if<RequestError>(&plan)) return std::move(*error);
  state.whole = std::get<0>(std::move(plan));
  if (state.whole->cost_varies || !state.condition_names.empty()) return std::nullopt;
  state.cost = CostOf(engine, *state.whole, nullptr);
  const std::size_t limit = engine.options.limits.cost_max;
  if (*state.cost > limit) return TooCostly(document, definition, *state.cost, limit);
  return std::nullopt;
}

// security 9.16: refused by name, wherever it stands.
void RefuseIntrospection(const Document& document, const SelectionSet& set, RequestErrors& errors) {
  for (const Selection& selection : set.selections) {
    const std::string_view name = selection.name.text;
    if (selection.kind == Selection::Kind::kField && (name == "__schema" || name == "__type"))
      errors.push_back(Refusal(document, selection.offset,
                               base::ErrorCode::kGraphqlValidationFailed,
                               fmt::format("introspection is off, `{}` cannot be read", name)));
    if (selection.selection_set != nullptr)
      RefuseIntrospection(document, *selection.selection_set, errors);
  }
}

RequestErrors Judge(const Engine::State& engine, const Document& document) {
  if (auto passed = CheckLimits(document, engine.options.limits)) return {std::move(*passed)};
  RequestErrors errors = Validate(*engine.schema, document, engine.options.validation);
  if (!errors.empty() || engine.options.introspection) return errors;
  for (const Definition& definition : document.definitions())
    RefuseIntrospection(document,
                        definition.operation != nullptr ? *definition.operation->selection_set
                                                        : *definition.fragment->selection_set,
                        errors);
  return errors;
}

std::shared_ptr<const PreparedDocument> PrepareDocument(const Engine::State& engine,
                                                        std::string_view text) {
  auto prepared = std::make_shared<PreparedDocument>();
  ParseResult parsed = Parse(std::string(text), engine.options.limits);
  if (auto* error = std::get_if<RequestError>(&parsed)) {
    prepared->errors.push_back(std::move(*error));
    return prepared;
  }
  prepared->document = std::get<0>(std::move(parsed));
  const Document& document = *prepared->document;
  prepared->errors = Judge(engine, document);
  if (!prepared->errors.empty()) {
    prepared->document = nullptr;
    return prepared;
  }
  for (const Definition& definition : document.definitions()) {
    if (definition.operation == nullptr) continue;
    auto& state = *prepared->operations.emplace_back(std::make_unique<Operation::State>());
    state.refusal = PrepareOperation(engine, document, *definition.operation, state);
  }
  return prepared;
}

RequestErrors NoSuchOperation(std::string message) {
  return {RequestError{base::ErrorCode::kGraphqlValidationFailed, std::move(message), "", {}}};
}

}  // namespace

std::variant<Operation, RequestErrors> Engine::Prepare(std::string_view text,
                                                       std::string_view operation_name) const {
  auto prepared = state_->documents.Find(text);
  if (prepared == nullptr) {
    prepared = PrepareDocument(*state_, text);
    state_->documents.Add(text, prepared, HeldBytes(text, *prepared));
  }
  if (!prepared->errors.empty()) return prepared->errors;
  const auto& operations = prepared->operations;
  if (operation_name.empty() && operations.size() > 1)
    return NoSuchOperation("Must provide operation name if query contains multiple operations.");
  for (const auto& state : operations) {
    if (!operation_name.empty() && state->definition->name.text != operation_name) continue;
    if (state->refusal) return RequestErrors{*state->refusal};
    return Operation(std::shared_ptr<const Operation::State>(prepared, state.get()));
  }
  if (operation_name.empty()) return NoSuchOperation("Must provide an operation.");
  return NoSuchOperation(fmt::format("Unknown operation named \"{}\".",
                                     operation_name.size() > 100 ? "…" : operation_name));
}

bool Engine::IsPrepared(std::string_view text) const {
  return state_->documents.Find(text) != nullptr;
}

std::shared_ptr<const Plan> Operation::State::PlanFor(const BoundVariables& variables) const {
  if (condition_names.empty()) return whole;
  Conditions conditions{condition_names, {}};
  for (const std::string_view name : condition_names) {
    const Input* value = variables.Find(name);
    conditions.values.push_back(value != nullptr && !value->IsNull() && value->AsBool());
  }
  {
    const std::lock_guard lock(plans_mutex);
    for (const auto& [values, plan] : plans)
      if (values == conditions.values) return plan;
  }
  auto made = MakePlan(*engine, *document, *definition, conditions, PlannedFieldsMax(*engine));
  // Skipping can make sets differ that the whole plan shares, so that this one may be larger.
  if (std::holds_alternative<RequestError>(made)) return nullptr;
  auto plan = std::get<0>(std::move(made));
  const std::lock_guard lock(plans_mutex);
  std::size_t kept_fields = plan->slots;
  for (const auto& kept : plans) kept_fields += kept.second->slots;
  if (plans.size() < kPlansMax && kept_fields <= kKeptFieldsMax)
    plans.emplace_back(std::move(conditions.values), plan);
  return plan;
}

OperationKind Operation::kind() const { return state_->definition->kind; }

std::string_view Operation::name() const { return state_->definition->name.text; }

std::span<const Directive> Operation::directives() const { return state_->definition->directives; }

const Arguments* Operation::FindDirective(std::string_view name) const {
  for (const auto& [directive, arguments] : state_->directives)
    if (directive == name) return &arguments;
  return nullptr;
}

std::string_view Operation::document() const { return state_->document->text(); }

}  // namespace strongroom::graphql
