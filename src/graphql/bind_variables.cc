// The variables of one request (GraphQL 6.1.2).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "graphql/cost.h"
#include "graphql/engine_state.h"
#include "graphql/plan.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;
using Origin = InputObject::Origin;

class VariableBinder {
 public:
  VariableBinder(const Engine::State& engine, const Operation::State& operation,
                 const json::object* sent, void* request)
      : engine_(engine),
        operation_(operation),
        sent_(sent),
        request_(request),
        coercion_(&engine.scalars) {}

  std::variant<Variables, RequestErrors> Run() {
    const std::size_t count = operation_.variable_types.size();
    variables_.values.resize(count);
    variables_.origins.resize(count, Origin::kAbsent);
    for (std::size_t i = 0; i < count && errors_.size() < engine_.options.limits.errors_max; ++i)
      BindOne(i);
    if (errors_.empty()) CheckConditions();
    if (errors_.empty()) CheckCost();
    if (!errors_.empty()) return std::move(errors_);
    return std::move(variables_);
  }

 private:
  const VariableDefinition& definition(std::size_t i) const {
    return operation_.definition->variables[i];
  }

  void Refuse(std::uint32_t offset, base::ErrorCode code, std::string message,
              std::string hint = {}) {
    errors_.push_back({code,
                       std::move(message),
                       std::move(hint),
                       {LocationAt(operation_.document->text(), offset)}});
  }

  void Misfit(std::size_t i, std::string message) {
    Refuse(definition(i).offset, base::ErrorCode::kGraphqlValidationFailed, std::move(message));
  }

  void BindOne(std::size_t i) {
    const std::string_view name = definition(i).name.text;
    const json::value* sent = sent_ == nullptr ? nullptr : sent_->if_contains(name);
    if (sent != nullptr) {
      if (CheckSize(i, *sent, 0)) Coerce(i, *sent, Origin::kSent);
      return;
    }
    if (!definition(i).directives.empty() && engine_.options.variable_default) {
      auto computed = engine_.options.variable_default(
          {name, definition(i), *operation_.variable_types[i], FallbackJson(i), request_});
      if (!computed.ok())
        return Refuse(definition(i).offset, computed.error().code, computed.error().message,
                      computed.error().hint);
      if (*computed != nullptr) return Coerce(i, **computed, Origin::kDefault);
    }
    BindDefault(i);
  }

  JsonPtr FallbackJson(std::size_t i) const {
    const Value* literal = definition(i).default_value;
    if (literal == nullptr) return nullptr;
    return std::make_shared<const json::value>(coercion_.LiteralJson(*literal));
  }

  void BindDefault(std::size_t i) {
    const auto& fallback = operation_.defaults[i];
    const Type& type = *operation_.variable_types[i];
    if (fallback && !fallback->ok())
      return Misfit(i, fmt::format("The default of variable \"${}\" does not fit; {}",
                                   definition(i).name.text, fallback->error().message));
    if (fallback) {
      variables_.values[i] = fallback->value();
      variables_.origins[i] = Origin::kDefault;
    } else if (type.IsNonNull()) {
      Misfit(i, fmt::format("Variable \"${}\" of required type \"{}\" was not provided.",
                            definition(i).name.text, type.text));
    }
  }

  void Coerce(std::size_t i, const json::value& value, Origin origin) {
    const Type& type = *operation_.variable_types[i];
    const std::string_view name = definition(i).name.text;
    std::vector<InputFault> faults;
    variables_.values[i] = coercion_.FromJson(value, type, faults);
    variables_.origins[i] = origin;
    for (const InputFault& fault : faults) {
      if (errors_.size() >= engine_.options.limits.errors_max) return;
      if (value.is_null())
        Misfit(i, fmt::format("Variable \"${}\" of non-null type \"{}\" must not be null.", name,
                              type.text));
      else
        Misfit(i,
               fmt::format("Variable \"${}\" got invalid value {}{}; {}", name, fault.value,
                           fault.path.empty() ? "" : fmt::format(" at \"{}{}\"", name, fault.path),
                           fault.message));
    }
  }

  // What is a literal's limit would be none if variables could pass it (security 9.5).
  bool CheckSize(std::size_t i, const json::value& value, std::size_t depth) {
    const Limits& limits = engine_.options.limits;
    if (!value.is_structured()) return true;
    const auto passed = [&](std::string_view what, std::size_t limit) {
      Refuse(definition(i).offset, base::ErrorCode::kLimitExceeded,
             fmt::format("variable \"${}\" has more than {} {}", definition(i).name.text, limit,
                         what));
      return false;
    };
    if (depth + 1 > limits.input_depth_max) return passed("levels", limits.input_depth_max);
    if (value.is_object()) {
      for (const auto& member : value.get_object())
        if (!CheckSize(i, member.value(), depth + 1)) return false;
      return true;
    }
    if (value.get_array().size() > limits.list_literal_max)
      return passed("items in a list", limits.list_literal_max);
    for (const json::value& item : value.get_array())
      if (!CheckSize(i, item, depth + 1)) return false;
    return true;
  }

  // GraphQL 3.13.1: `if` is non-null, though a variable with a default may be sent as null.
  void CheckConditions() {
    const BoundVariables bound = operation_.Bind(variables_);
    for (const std::string_view name : operation_.condition_names)
      if (const Input* value = bound.Find(name); value != nullptr && value->IsNull())
        Refuse(operation_.definition->offset, base::ErrorCode::kGraphqlValidationFailed,
               fmt::format("Argument \"if\" of non-null type \"Boolean!\" must not be null, but "
                           "variable \"${}\" is.",
                           name));
  }

  void CheckCost() {
    if (operation_.cost) return;  // judged when the document was prepared
    const BoundVariables bound = operation_.Bind(variables_);
    const auto plan = operation_.PlanFor(bound);
    if (plan == nullptr)
      return Refuse(operation_.definition->offset, base::ErrorCode::kLimitExceeded,
                    "operation expands to too many fields");
    const std::size_t cost = CostOf(engine_, *plan, &bound);
    const std::size_t limit = engine_.options.limits.cost_max;
    if (cost > limit)
      Refuse(operation_.definition->offset, base::ErrorCode::kLimitExceeded,
             fmt::format("operation may cost {}, more than {}", cost, limit),
             "ask for shorter lists with `first` or `last`, or for less in each of their items");
  }

  const Engine::State& engine_;
  const Operation::State& operation_;
  const json::object* sent_;
  void* request_;
  const InputCoercion coercion_;
  Variables variables_;
  RequestErrors errors_;
};

}  // namespace

std::variant<Variables, RequestErrors> Engine::BindVariables(const Operation& operation,
                                                             const json::object* sent,
                                                             void* request) const {
  return VariableBinder(*state_, operation.state(), sent, request).Run();
}

std::size_t Engine::Cost(const Operation& operation, const Variables& variables) const {
  const Operation::State& state = operation.state();
  if (state.cost) return *state.cost;
  const BoundVariables bound = state.Bind(variables);
  const auto plan = state.PlanFor(bound);
  return plan == nullptr ? static_cast<std::size_t>(-1) : CostOf(*state_, *plan, &bound);
}

}  // namespace strongroom::graphql
