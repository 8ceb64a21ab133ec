// How much evaluating can cost at most, as far as the tree alone tells. Follows what the nodes
// charge (docs/reference/cel.md).
#include <algorithm>

#include "cel/planner.h"
#include "cel/regex.h"

namespace strongroom::cel {
namespace {

using Bound = std::optional<std::uint64_t>;

// Values of these kinds are read, compared and computed with in a fixed time.
bool IsFixed(const Term& term) {
  switch (term.kind) {
    case TypeKind::kNull:
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kUint:
    case TypeKind::kDouble:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kTypeType:
    case TypeKind::kEnum:
    case TypeKind::kOpaque: return true;
    case TypeKind::kNullable: return IsFixed(*term[0]);
    default: return false;
  }
}

// The size of a constant text; nothing for anything else.
Bound TextSize(const Expr& expr) {
  if (!expr.is(ExprKind::kConstant)) return std::nullopt;
  if (!expr.value.is(Kind::kString) && !expr.value.is(Kind::kBytes)) return std::nullopt;
  return expr.value.Size();
}
bool IsFixedExpr(const Expr& expr) {
  if (expr.is(ExprKind::kConstant))
    return !TextSize(expr) && !expr.value.is(Kind::kList) && !expr.value.is(Kind::kMap);
  return expr.term != nullptr && IsFixed(*expr.term);
}

Bound Plus(Bound a, Bound b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

class Bounder {
 public:
  Bound Of(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::kConstant:
      case ExprKind::kLocal: return 0;
      case ExprKind::kVariable: return 1;
      case ExprKind::kSelect: return Plus(1, Of(expr[0]));
      case ExprKind::kConditional:
        if (const Bound yes = Of(expr[1]), no = Of(expr[2]); yes && no)
          return Plus(Of(expr[0]), std::max(*yes, *no));
        return std::nullopt;
      case ExprKind::kAnd:
      case ExprKind::kOr: return Sum(expr, 0);
      case ExprKind::kList: return Sum(expr, 1 + expr.operands.size());
      case ExprKind::kMap: return Sum(expr, 1 + expr.operands.size() / 2);
      case ExprKind::kBind:
      case ExprKind::kOptionalMap: return Sum(expr, 1);
      case ExprKind::kCall: return Plus(Own(expr), Sum(expr, 0));
      case ExprKind::kLoop:
      case ExprKind::kName: break;
    }
    return std::nullopt;
  }

 private:
  Bound Sum(const Expr& expr, std::uint64_t own) const {
    Bound sum = own;
    for (const Expr* operand : expr.operands) sum = Plus(sum, Of(*operand));
    return sum;
  }

  // Without the operands.
  static Bound Own(const Expr& call) {
    switch (call.op) {
      case Op::kAt:
      case Op::kOptionalAt:
      case Op::kInverse:
      case Op::kOpposite: return OfOverloads(call);
      case Op::kSame:
      case Op::kDifferent:
      case Op::kBelow:
      case Op::kAtMost:
      case Op::kAbove:
      case Op::kAtLeast: return Comparison(call);
      case Op::kWithin: return Within(call);
      case Op::kFunction: return IsTypeOf(call) ? Bound(1) : OfOverloads(call);
      default: break;
    }
    if (!IsFixedExpr(call[0]) || !IsFixedExpr(call[1])) return std::nullopt;
    return OfOverloads(call);
  }

  // A comparison looks at no more than the shorter of two texts.
  static Bound Comparison(const Expr& call) {
    for (const Expr* operand : call.operands) {
      if (IsFixedExpr(*operand)) return OfOverloads(call);
      if (const Bound size = TextSize(*operand)) return Plus(OfOverloads(call), *size / 10);
    }
    return std::nullopt;
  }

  static Bound Within(const Expr& call) {
    const Expr& list = call[1];
    std::uint64_t count = list.operands.size();
    if (list.is(ExprKind::kConstant) && list.value.is(Kind::kList))
      count = list.value.Size();
    else if (!list.is(ExprKind::kList))
      return std::nullopt;
    if (IsFixedExpr(call[0])) return 1 + count;
    if (!list.is(ExprKind::kConstant)) return std::nullopt;
    Arena arena;
    std::uint64_t cost = 1 + count;
    for (std::size_t i = 0; i < count; ++i) {
      const Value element = list.value.At(i, arena);
      if (element.is(Kind::kList) || element.is(Kind::kMap)) return std::nullopt;
      if (element.is(Kind::kString) || element.is(Kind::kBytes)) cost += element.Size() / 10;
    }
    return cost;
  }

  // Callbacks charge what they find right, which nobody knows before.
  static Bound OfOverloads(const Expr& call) {
    const bool calls = std::ranges::any_of(call.overloads, [](const OverloadEntry* entry) {
      return static_cast<bool>(entry->overload.callback);
    });
    return calls ? std::nullopt : Bound(1);
  }
};

}  // namespace

std::optional<std::uint64_t> BoundCost(const Expr& root) { return Bounder().Of(root); }

}  // namespace strongroom::cel
