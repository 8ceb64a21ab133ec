#include "cel/suggestions.h"

#include <algorithm>
#include <vector>

namespace strongroom::cel {
namespace {

// How many letters have to be changed, added or left out.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

class Nearest {
 public:
  explicit Nearest(std::string_view name)
      : name_(name), best_distance_(std::min<std::size_t>(2, name.size() / 2) + 1) {}

  void Consider(std::string_view other) {
    const std::size_t longer = std::max(other.size(), name_.size());
    if (longer - std::min(other.size(), name_.size()) >= best_distance_ || longer > 64) return;
    const std::size_t distance = Distance(name_, other);
    // Of two that are equally near the first by name, so that the answer is always the same.
    if (distance > best_distance_ ||
        (distance == best_distance_ && (best_.empty() || other > best_)))
      return;
    if (distance == 0) return;
    best_ = other;
    best_distance_ = distance;
  }
  std::string Hint() const {
    return best_.empty() ? std::string() : "did you mean `" + std::string(best_) + "`?";
  }

 private:
  const std::string_view name_;
  std::size_t best_distance_;
  std::string_view best_;
};

}  // namespace

std::string SuggestName(const EnvTables& tables, std::string_view name) {
  Nearest nearest(name);
  for (const VariableDecl& variable : tables.variables) nearest.Consider(variable.name);
  for (const auto& [constant, declaration] : tables.constants) nearest.Consider(constant);
  return nearest.Hint();
}

std::string SuggestFunction(const EnvTables& tables, std::string_view name) {
  Nearest nearest(name);
  for (const auto& [function, declaration] : tables.functions) nearest.Consider(function);
  return nearest.Hint();
}

std::string SuggestField(const StructType& type, std::string_view name) {
  Nearest nearest(name);
  for (const StructType::Field& field : type.fields) nearest.Consider(field.name);
  return nearest.Hint();
}

std::string SuggestOperand(const EnvTables& tables, const Expr& call) {
  if (call.operands.size() != 2) return {};
  const auto is_number = [](TypeKind kind) {
    return kind == TypeKind::kInt || kind == TypeKind::kUint || kind == TypeKind::kDouble;
  };
  const TypeKind left = call[0].term->kind;
  const TypeKind right = call[1].term->kind;
  if (is_number(left) && is_number(right) && left != right)
    return "convert one of the numbers: `int(…)`, `uint(…)` or `double(…)`";
  const auto strip = [](const Expr& expr) {
    return expr.term->kind == TypeKind::kNullable ? (*expr.term)[0] : expr.term;
  };
  for (const auto& [one, other] : {std::pair(&call[0], &call[1]), std::pair(&call[1], &call[0])}) {
    const Term* type = strip(*one);
    if (strip(*other)->kind != TypeKind::kString) continue;
    if (type->kind == TypeKind::kEnum) {
      const bool literal = other->is(ExprKind::kConstant) && other->value.is(Kind::kString);
      const std::string name(literal ? other->value.AsString() : "NAME");
      const auto at = tables.enums.find(type->name);
      if (at == tables.enums.end()) return {};
      const auto& constants = at->second.constants;
      if (std::ranges::find(constants, name, &EnumType::Constant::name) != constants.end())
        return "compare with the constant `" + name + "`, without quotes";
      std::string all;
      for (const auto& constant : constants) all += (all.empty() ? "" : ", ") + constant.name;
      return "compare with one of its constants: " + all;
    }
    if (type->kind == TypeKind::kOpaque && tables.FindFunction(type->name) != nullptr)
      return "convert the text with `" + std::string(type->name) + "(…)`";
    if (type->kind == TypeKind::kTimestamp) return "convert the text with `timestamp(…)`";
    if (type->kind == TypeKind::kDuration) return "convert the text with `duration(…)`";
  }
  return {};
}

}  // namespace strongroom::cel
