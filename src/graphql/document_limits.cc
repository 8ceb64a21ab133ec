#include "graphql/document_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace strongroom::graphql {
namespace {

// Fragments that spread each other in a chain: bounds the stack.
constexpr std::size_t kChainMax = 500;

std::size_t Plus(std::size_t a, std::size_t b) {
  const std::size_t sum = a + b;
  return sum < a ? std::numeric_limits<std::size_t>::max() : sum;
}

class LimitChecker {
 public:
  LimitChecker(const Document& document, const Limits& limits)
      : document_(document), limits_(limits) {}

  std::optional<RequestError> Run() {
    for (const Definition& definition : document_.definitions())
      if (definition.fragment != nullptr)
        fragments_.try_emplace(definition.fragment->name.text, Fragment{definition.fragment, {}});
    for (const Definition& definition : document_.definitions()) {
      if (definition.operation != nullptr) CountOperation(*definition.operation);
      if (definition.fragment != nullptr) {
        CountDirectives(definition.fragment->directives);
        CountSet(*definition.fragment->selection_set);
      }
    }
    for (const Definition& definition : document_.definitions())
      if (definition.operation != nullptr) CheckReach(*definition.operation);
    return std::move(error_);
  }

 private:
  // What lies below a selection set, fragments expanded.
  struct Reach {
    std::size_t depth = 0;   // of fields
    std::size_t fields = 0;  // directly in it
    void Add(const Reach& other) {
      depth = std::max(depth, other.depth);
      fields = Plus(fields, other.fields);
    }
  };
  struct Fragment {
    const FragmentDefinition* definition;
    std::optional<Reach> reach;
  };

  void Passed(std::uint32_t offset, std::string_view what, std::size_t limit) {
    if (error_) return;
    error_ = RequestError{base::ErrorCode::kLimitExceeded,
                          fmt::format("document has more than {} {}", limit, what),
                          "",
                          {LocationAt(document_.text(), offset)}};
  }

  // --- as written ---

  void CountOperation(const OperationDefinition& operation) {
    if (operation.variables.size() > limits_.variables_max)
      Passed(operation.variables[limits_.variables_max].offset, "variables in an operation",
             limits_.variables_max);
    for (const VariableDefinition& variable : operation.variables) {
      if (variable.default_value != nullptr) CountValue(*variable.default_value, 0);
      CountDirectives(variable.directives);
    }
    CountDirectives(operation.directives);
    CountSet(*operation.selection_set);
  }

  void CountSet(const SelectionSet& set) {
    for (const Selection& selection : set.selections) {
      if (!selection.alias.empty() && ++aliases_ > limits_.aliases_max)
        Passed(selection.offset, "aliases", limits_.aliases_max);
      CountArguments(selection.arguments);
      CountDirectives(selection.directives);
      if (selection.selection_set != nullptr) CountSet(*selection.selection_set);
    }
  }

  void CountDirectives(std::span<const Directive> directives) {
    for (const Directive& directive : directives) {
      if (++directives_ > limits_.directives_max)
        Passed(directive.offset, "directives", limits_.directives_max);
      CountArguments(directive.arguments);
    }
  }

  void CountArguments(std::span<const Argument> arguments) {
    for (const Argument& argument : arguments) CountValue(*argument.value, 0);
  }

  void CountValue(const Value& value, std::size_t depth) {
    const bool nests = value.kind == Value::Kind::kList || value.kind == Value::Kind::kObject;
    if (nests && depth + 1 > limits_.input_depth_max)
      return Passed(value.offset, "levels of input", limits_.input_depth_max);
    if (value.items.size() > limits_.list_literal_max)
      Passed(value.offset, "items in a list", limits_.list_literal_max);
    for (const Value* item : value.items) CountValue(*item, depth + 1);
    for (const ObjectField& field : value.fields) CountValue(*field.value, depth + 1);
  }

  // --- fragments expanded ---

  void CheckReach(const OperationDefinition& operation) {
    const Reach reach = ReachOf(*operation.selection_set);
    if (reach.depth > limits_.depth_max)
      Passed(operation.offset, "levels of fields", limits_.depth_max);
    if (reach.fields > limits_.root_fields_max)
      Passed(operation.offset, "root fields", limits_.root_fields_max);
  }

  Reach ReachOf(const SelectionSet& set) {
    Reach reach;
    for (const Selection& selection : set.selections) {
      switch (selection.kind) {
        case Selection::Kind::kField: {
          const SelectionSet* below = selection.selection_set;
          reach.Add({below == nullptr ? 1 : Plus(ReachOf(*below).depth, 1), 1});
          break;
        }
        case Selection::Kind::kInline: reach.Add(ReachOf(*selection.selection_set)); break;
        case Selection::Kind::kSpread: reach.Add(ReachOfFragment(selection)); break;
      }
    }
    return reach;
  }

  Reach ReachOfFragment(const Selection& spread) {
    const auto found = fragments_.find(spread.name.text);
    if (found == fragments_.end()) return {};
    Fragment& fragment = found->second;
    if (fragment.reach) return *fragment.reach;
    if (chain_ >= kChainMax) {
      Passed(spread.offset, "fragments in a chain", kChainMax);
      return {};
    }
    fragment.reach = Reach();  // a fragment inside itself adds nothing; validation refuses it
    ++chain_;
    const Reach reach = ReachOf(*fragment.definition->selection_set);
    --chain_;
    fragment.reach = reach;
    return reach;
  }

  const Document& document_;
  const Limits& limits_;
  std::unordered_map<std::string_view, Fragment> fragments_;
  std::size_t aliases_ = 0;
  std::size_t directives_ = 0;
  std::size_t chain_ = 0;
  std::optional<RequestError> error_;
};

}  // namespace

std::optional<RequestError> CheckLimits(const Document& document, const Limits& limits) {
  return LimitChecker(document, limits).Run();
}

}  // namespace strongroom::graphql
