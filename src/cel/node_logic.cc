// && || ! ?: and what they do with errors.
#include "cel/nodes.h"

namespace strongroom::cel {
namespace {

// Any operand that decides does so, whatever the others are; otherwise an error among them is the
// result (cel-spec: logical operators).
template <bool kDecisive>
class JunctionNode final : public Node {
 public:
  JunctionNode(const Expr& expr, std::span<const Node* const> operands)
      : expr_(expr), operands_(operands) {}

  Value Eval(Frame& frame) const override {
    Value error;
    for (const Node* operand : operands_) {
      const Value value = operand->Eval(frame);
      if (value.is(Kind::kBool)) {
        if (value.AsBool() == kDecisive) return value;
        continue;
      }
      if (value.absent()) return value;
      if (!error.absent()) continue;
      error = value.is_error() ? value
                               : NoSuchOverload(frame, kDecisive ? "_||_" : "_&&_",
                                                std::span(&value, 1), expr_.offset);
    }
    return error.absent() ? Value::Bool(!kDecisive) : error;
  }

 private:
  const Expr& expr_;
  const std::span<const Node* const> operands_;
};

class ConditionalNode final : public Node {
 public:
  ConditionalNode(const Expr& expr, std::span<const Node* const> operands)
      : expr_(expr), condition_(operands[0]), yes_(operands[1]), no_(operands[2]) {}

  Value Eval(Frame& frame) const override {
    const Value condition = condition_->Eval(frame);
    if (condition.is(Kind::kBool)) return condition.AsBool() ? yes_->Eval(frame) : no_->Eval(frame);
    if (IsBad(condition)) return condition;
    return NoSuchOverload(frame, "_?_:_", std::span(&condition, 1), expr_.offset);
  }

 private:
  const Expr& expr_;
  const Node* const condition_;
  const Node* const yes_;
  const Node* const no_;
};

class InverseNode final : public Node {
 public:
  InverseNode(const Expr& expr, const Node* operand) : expr_(expr), operand_(operand) {}

  Value Eval(Frame& frame) const override {
    const Value value = operand_->Eval(frame);
    if (value.is(Kind::kBool)) return Value::Bool(!value.AsBool());
    if (IsBad(value)) return value;
    return Dispatch(frame, expr_.name, expr_.overloads, std::span(&value, 1), expr_.offset);
  }

 private:
  const Expr& expr_;
  const Node* const operand_;
};

}  // namespace

const Node* MakeJunction(Arena& arena, const Expr& expr, std::span<const Node* const> operands) {
  if (expr.is(ExprKind::kOr)) return arena.New<JunctionNode<true>>(expr, operands);
  return arena.New<JunctionNode<false>>(expr, operands);
}
const Node* MakeConditional(Arena& arena, const Expr& expr, std::span<const Node* const> operands) {
  return arena.New<ConditionalNode>(expr, operands);
}
const Node* MakeInverse(Arena& arena, const Expr& expr, const Node* operand) {
  return arena.New<InverseNode>(expr, operand);
}

}  // namespace strongroom::cel
