#include "graphql/cost.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace strongroom::graphql {
namespace {

constexpr std::string_view kBounds[] = {"first", "last"};
// `__schema` and `__type` cost this much: the schema bounds what they can answer.
constexpr std::size_t kIntrospectionCost = 100;
constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

std::size_t Plus(std::size_t a, std::size_t b) { return a > kMost - b ? kMost : a + b; }
std::size_t Times(std::size_t a, std::size_t b) { return b > 0 && a > kMost / b ? kMost : a * b; }

bool IsBound(const InputField* argument) {
  return argument != nullptr && argument->type->Nullable()->kind == Type::Kind::kNamed &&
         argument->type->named->built_in == BuiltIn::kInt;
}

const Value* Written(const PlannedField& field, std::string_view name) {
  for (const Argument& argument : field.selection->arguments)
    if (argument.name.text == name) return argument.value;
  return nullptr;
}

class CostCounter {
 public:
  CostCounter(const Engine::State& engine, const BoundVariables* variables)
      : engine_(engine), variables_(variables) {}

  // `bound`: what `first` of the field above allows the lists of this set, as in a connection.
  std::size_t OfSet(const PlannedSet& set, std::optional<std::size_t> bound) {
    const auto [known, fresh] = memo_.try_emplace({&set, bound}, 0);
    if (!fresh) return known->second;
    std::size_t cost = 0;
    for (const PlannedField& field : set.fields) cost = Plus(cost, OfField(field, bound));
    known->second = cost;
    return cost;
  }

 private:
  std::size_t OfField(const PlannedField& field, std::optional<std::size_t> above) {
    if (field.sets.empty()) return 0;
    if (field.field->type->named->introspection)
      return field.field->name.starts_with("__") ? kIntrospectionCost : 0;
    const std::optional<std::size_t> own = OwnBound(field);
    const Type* type = field.field->type->Nullable();
    const bool list = type->IsList();
    std::size_t one = 0;
    for (const PlannedSet* set : field.sets)
      one = std::max(one, OfSet(*set, list ? std::nullopt : own));
    std::size_t cost = Plus(one, 1);
    if (!list) return cost;
    cost = Times(cost, ListSize(field, own, above));
    for (type = type->inner->Nullable(); type->IsList(); type = type->inner->Nullable())
      cost = Times(cost, engine_.options.list_size);
    return cost;
  }

  std::size_t ListSize(const PlannedField& field, std::optional<std::size_t> own,
                       std::optional<std::size_t> above) const {
    if (own) return *own;
    const auto set = engine_.list_sizes.find(field.field);
    if (set != engine_.list_sizes.end()) return set->second;
    return above.value_or(engine_.options.list_size);
  }

  // The least of what `first` and `last` say; null counts as not said.
  std::optional<std::size_t> OwnBound(const PlannedField& field) const {
    std::optional<std::size_t> least;
    for (const std::string_view name : kBounds) {
      const InputField* argument = field.field->FindArgument(name);
      if (!IsBound(argument)) continue;
      if (const auto bound = Read(field, *argument))
        least = std::min(*bound, least.value_or(kMost));
    }
    return least;
  }

  std::optional<std::size_t> Read(const PlannedField& field, const InputField& argument) const {
    const Value* written = Written(field, argument.name);
    const Input* value = nullptr;
    if (written != nullptr && written->kind == Value::Kind::kVariable)
      value = variables_ == nullptr ? nullptr : variables_->Find(written->text);
    else if (written != nullptr)
      return ReadLiteral(*written);
    if (value == nullptr)
      return argument.default_value == nullptr ? std::nullopt
                                               : ReadLiteral(*argument.default_value);
    if (!value->IsInt()) return std::nullopt;
    return static_cast<std::size_t>(std::max<std::int64_t>(value->AsInt(), 0));
  }

  static std::optional<std::size_t> ReadLiteral(const Value& literal) {
    std::int64_t number = 0;
    const char* end = literal.text.data() + literal.text.size();
    if (literal.kind != Value::Kind::kInt ||
        std::from_chars(literal.text.data(), end, number).ptr != end)
      return std::nullopt;
    return static_cast<std::size_t>(std::max<std::int64_t>(number, 0));
  }

  const Engine::State& engine_;
  const BoundVariables* variables_;
  std::map<std::pair<const PlannedSet*, std::optional<std::size_t>>, std::size_t> memo_;
};

}  // namespace

std::size_t CostOf(const Engine::State& engine, const Plan& plan, const BoundVariables* variables) {
  return CostCounter(engine, variables).OfSet(*plan.root, std::nullopt);
}

bool BoundIsVariable(const PlannedField& field) {
  return std::any_of(std::begin(kBounds), std::end(kBounds), [&](std::string_view name) {
    const Value* written = Written(field, name);
    return IsBound(field.field->FindArgument(name)) && written != nullptr &&
           written->kind == Value::Kind::kVariable;
  });
}

}  // namespace strongroom::graphql
