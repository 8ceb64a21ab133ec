// A tree as text.
#include <string>

#include "cel/planner.h"

namespace strongroom::cel {
namespace {

// How strongly an expression holds together, from weakest.
enum Strength {
  kTernary,
  kDisjunction,
  kConjunction,
  kRelation,
  kSummand,
  kFactor,
  kSigned,
  kWhole
};

Strength StrengthOfOp(Op op) {
  switch (op) {
    case Op::kPlus:
    case Op::kMinus: return kSummand;
    case Op::kTimes:
    case Op::kQuotient:
    case Op::kRemainder: return kFactor;
    case Op::kOpposite:
    case Op::kInverse: return kSigned;
    case Op::kFunction:
    case Op::kAt:
    case Op::kOptionalAt: return kWhole;
    default: return kRelation;
  }
}

bool IsNegative(const Value& value) {
  return (value.is(Kind::kInt) && value.AsInt() < 0) ||
         (value.is(Kind::kDouble) && ToText(value).starts_with('-'));
}

Strength StrengthOf(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kConditional: return kTernary;
    case ExprKind::kOr: return kDisjunction;
    case ExprKind::kAnd: return kConjunction;
    case ExprKind::kCall: return StrengthOfOp(expr.op);
    case ExprKind::kConstant: return IsNegative(expr.value) ? kSigned : kWhole;
    default: return kWhole;
  }
}

bool IsPlainName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  return name != "in" && name != "true" && name != "false" && name != "null";
}

class Printer {
 public:
  void Print(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kConstant:
        if (!expr.name.empty()) return Name(expr);
        text_ += ToText(expr.value);
        break;
      case ExprKind::kName:
      case ExprKind::kLocal:
      case ExprKind::kVariable: Name(expr); break;
      case ExprKind::kSelect: Select(expr); break;
      case ExprKind::kCall: Call(expr); break;
      case ExprKind::kAnd: Junction(expr, " && ", kConjunction, "true"); break;
      case ExprKind::kOr: Junction(expr, " || ", kDisjunction, "false"); break;
      case ExprKind::kConditional: Conditional(expr); break;
      case ExprKind::kList: List(expr); break;
      case ExprKind::kMap: Map(expr); break;
      case ExprKind::kLoop: Loop(expr); break;
      case ExprKind::kBind: Bind(expr); break;
      case ExprKind::kOptionalMap: OptionalMap(expr); break;
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  // In parentheses when it holds together less than it has to.
  void PrintAtLeast(const Expr& expr, Strength strength) {
    const bool weak = StrengthOf(expr) < strength;
    if (weak) text_ += '(';
    Print(expr);
    if (weak) text_ += ')';
  }

  void Name(const Expr& expr) {
    if (expr.absolute) text_ += '.';
    text_ += expr.name;
  }

  void Select(const Expr& expr) {
    if (expr.test) text_ += "has(";
    PrintAtLeast(expr[0], kWhole);
    text_ += expr.optional ? ".?" : ".";
    if (IsPlainName(expr.name))
      text_ += expr.name;
    else
      ((text_ += '`') += expr.name) += '`';
    if (expr.test) text_ += ')';
  }

  void Arguments(std::span<Expr* const> operands) {
    bool first = true;
    for (const Expr* operand : operands) {
      if (!first) text_ += ", ";
      first = false;
      Print(*operand);
    }
  }

  void Call(const Expr& expr) {
    switch (expr.op) {
      case Op::kFunction: Function(expr); return;
      case Op::kInverse:
      case Op::kOpposite: Sign(expr); return;
      case Op::kAt:
      case Op::kOptionalAt:
        PrintAtLeast(expr[0], kWhole);
        text_ += expr.op == Op::kAt ? "[" : "[?";
        Print(expr[1]);
        text_ += ']';
        return;
      default: break;
    }
    const Strength strength = StrengthOfOp(expr.op);
    PrintAtLeast(expr[0], strength);
    ((text_ += ' ') += OpSymbol(expr.op)) += ' ';
    PrintAtLeast(expr[1], static_cast<Strength>(strength + 1));
  }

  // Signs before signs would be read as none.
  void Sign(const Expr& expr) {
    text_ += OpSymbol(expr.op);
    const bool number = expr[0].is(ExprKind::kConstant) && expr[0].name.empty() &&
                        (expr[0].value.is(Kind::kInt) || expr[0].value.is(Kind::kDouble));
    if (number && expr.op == Op::kOpposite) {
      text_ += '(';
      Print(expr[0]);
      text_ += ')';
    } else {
      PrintAtLeast(expr[0], kWhole);
    }
  }

  void Function(const Expr& expr) {
    std::span<Expr* const> arguments = expr.operands;
    if (expr.member) {
      PrintAtLeast(expr[0], kWhole);
      text_ += '.';
      arguments = arguments.subspan(1);
    }
    Name(expr);
    text_ += '(';
    Arguments(arguments);
    text_ += ')';
  }

  // One operand alone is what a residual keeps to be asked whether it is a boolean.
  void Junction(const Expr& expr, std::string_view sign, Strength strength,
                std::string_view neutral) {
    for (const Expr* operand : expr.operands) {
      if (operand != expr.operands.front()) text_ += sign;
      PrintAtLeast(*operand, static_cast<Strength>(strength + 1));
    }
    if (expr.operands.size() == 1) (text_ += sign) += neutral;
  }

  void Conditional(const Expr& expr) {
    PrintAtLeast(expr[0], kDisjunction);
    text_ += " ? ";
    PrintAtLeast(expr[1], kDisjunction);
    text_ += " : ";
    Print(expr[2]);
  }

  void List(const Expr& expr) {
    text_ += '[';
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      if (i != 0) text_ += ", ";
      if (HasOptional(expr, i)) text_ += '?';
      Print(expr[i]);
    }
    text_ += ']';
  }

  void Map(const Expr& expr) {
    text_ += '{';
    for (std::size_t i = 0; i < expr.operands.size(); i += 2) {
      if (i != 0) text_ += ", ";
      if (HasOptional(expr, i / 2)) text_ += '?';
      Print(expr[i]);
      text_ += ": ";
      Print(expr[i + 1]);
    }
    text_ += '}';
  }

  void Loop(const Expr& expr) {
    PrintAtLeast(expr[0], kWhole);
    ((text_ += '.') += LoopName(expr.loop)) += '(';
    text_ += expr.name;
    if (!expr.second.empty()) (text_ += ", ") += expr.second;
    text_ += ", ";
    Arguments(std::span<Expr* const>(expr.operands).subspan(1));
    text_ += ')';
  }

  void Bind(const Expr& expr) {
    (text_ += "cel.bind(") += expr.name;
    text_ += ", ";
    Arguments(expr.operands);
    text_ += ')';
  }

  void OptionalMap(const Expr& expr) {
    PrintAtLeast(expr[0], kWhole);
    text_ += expr.flat ? ".optFlatMap(" : ".optMap(";
    (text_ += expr.name) += ", ";
    Print(expr[1]);
    text_ += ')';
  }

  std::string text_;
};

}  // namespace

std::string PrintTree(const Expr& root) {
  Printer printer;
  printer.Print(root);
  return printer.Take();
}

}  // namespace strongroom::cel
