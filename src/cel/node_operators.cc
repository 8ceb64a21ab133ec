// Operators of two operands.
#include <algorithm>
#include <array>

#include "cel/nodes.h"
#include "cel/text_equal.h"
#include "cel/value_equal.h"

namespace strongroom::cel {
namespace {

class BinaryNode : public Node {
 protected:
  BinaryNode(const Expr& expr, const Node* left, const Node* right)
      : expr_(expr), left_(left), right_(right) {}
  ~BinaryNode() = default;

  // The other overloads, declared from outside.
  Value Others(Frame& frame, const Value& a, const Value& b) const {
    const std::array operands = {a, b};
    return Dispatch(frame, expr_.name, expr_.overloads, operands, expr_.offset);
  }

  const Expr& expr_;
  const Node* const left_;
  const Node* const right_;
};

class ArithmeticNode final : public BinaryNode {
 public:
  ArithmeticNode(const Expr& expr, const Node* left, const Node* right)
      : BinaryNode(expr, left, right) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value a = left_->Eval(frame);
    if (IsBad(a)) return a;
    const Value b = right_->Eval(frame);
    if (IsBad(b)) return b;
    const Value value = Arithmetic(frame, expr_.op, a, b, expr_.offset);
    if (!value.absent()) return frame.OutOfMemory() ? Value() : value;
    return frame.budget.exhausted() ? value : Others(frame, a, b);
  }
};

class EqualNode final : public BinaryNode {
 public:
  EqualNode(const Expr& expr, const Node* left, const Node* right)
      : BinaryNode(expr, left, right) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value a = left_->Eval(frame);
    if (IsBad(a)) return a;
    const Value b = right_->Eval(frame);
    if (IsBad(b)) return b;
    const bool equal = EqualCharged(a, b, frame.arena, frame.budget);
    if (frame.budget.exhausted()) return {};
    return Value::Bool(equal == (expr_.op == Op::kSame));
  }
};

struct ReadNode {
  const Node* node;
  Value operator()(Frame& frame) const { return node->Eval(frame); }
};
struct ReadLocal {
  std::uint32_t slot;
  const Value& operator()(Frame& frame) const { return frame.locals[slot]; }
};

// The commonest of all comparisons: with a constant text.
template <typename Read>
class EqualTextNode final : public Node {
 public:
  EqualTextNode(Read read, std::string_view text, bool same)
      : read_(read), text_(text), same_(same) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value& value = read_(frame);
    if (!value.is(Kind::kString)) return IsBad(value) ? value : Value::Bool(!same_);
    const std::string_view text = value.AsString();
    if (text.size() != text_.size()) return Value::Bool(!same_);
    if (!frame.budget.Charge(text.size() / 10)) return {};
    return Value::Bool(TextEqual(text, text_) == same_);
  }

 private:
  const Read read_;
  const std::string_view text_;
  const bool same_;
};

class OrderNode final : public BinaryNode {
 public:
  OrderNode(const Expr& expr, const Node* left, const Node* right)
      : BinaryNode(expr, left, right) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value a = left_->Eval(frame);
    if (IsBad(a)) return a;
    const Value b = right_->Eval(frame);
    if (IsBad(b)) return b;
    if ((a.is(Kind::kString) || a.is(Kind::kBytes)) && a.kind() == b.kind() &&
        !frame.budget.Charge(std::min(a.Size(), b.Size()) / 10))
      return {};
    const auto order = Compare(a, b);
    return order ? Value::Bool(Holds(*order)) : Others(frame, a, b);
  }

 private:
  bool Holds(std::partial_ordering order) const {
    switch (expr_.op) {
      case Op::kBelow: return order < 0;
      case Op::kAtMost: return order <= 0;
      case Op::kAbove: return order > 0;
      default: return order >= 0;
    }
  }
};

class WithinNode final : public BinaryNode {
 public:
  WithinNode(const Expr& expr, const Node* left, const Node* right)
      : BinaryNode(expr, left, right) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value element = left_->Eval(frame);
    if (IsBad(element)) return element;
    const Value container = right_->Eval(frame);
    if (IsBad(container)) return container;
    if (container.is(Kind::kMap))
      return Value::Bool(!container.Find(element, frame.arena).absent());
    if (container.is(Kind::kList)) return InList(frame, element, container);
    return Others(frame, element, container);
  }

 private:
  static Value InList(Frame& frame, const Value& element, const Value& list) {
    const std::size_t size = list.Size();
    if (!frame.budget.Charge(size)) return {};
    if (const Value* plain = list.plain_elements(); plain != nullptr && element.is(Kind::kString))
      return InTexts(frame, element.AsString(), {plain, size});
    for (std::size_t i = 0; i < size; ++i) {
      if (EqualCharged(element, list.At(i, frame.arena), frame.arena, frame.budget))
        return Value::Bool(true);
      if (frame.budget.exhausted()) return {};
    }
    return Value::Bool(false);
  }
  static Value InTexts(Frame& frame, std::string_view text, std::span<const Value> elements) {
    for (const Value& element : elements) {
      if (!element.is(Kind::kString) || element.AsString().size() != text.size()) continue;
      if (!frame.budget.Charge(text.size() / 10)) return {};
      if (TextEqual(element.AsString(), text)) return Value::Bool(true);
    }
    return Value::Bool(false);
  }
};

class OppositeNode final : public Node {
 public:
  OppositeNode(const Expr& expr, const Node* operand) : expr_(expr), operand_(operand) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value value = operand_->Eval(frame);
    if (IsBad(value)) return value;
    const Value opposite = Opposite(frame, value, expr_.offset);
    if (!opposite.absent()) return opposite;
    return Dispatch(frame, expr_.name, expr_.overloads, std::span(&value, 1), expr_.offset);
  }

 private:
  const Expr& expr_;
  const Node* const operand_;
};

const Node* MakeEqual(Arena& arena, const Expr& expr, const Node* left, const Node* right) {
  const auto is_text = [](const Expr& one) {
    return one.is(ExprKind::kConstant) && one.value.is(Kind::kString);
  };
  const bool swapped = is_text(expr[0]);
  if (!swapped && !is_text(expr[1])) return arena.New<EqualNode>(expr, left, right);
  const std::string_view text = expr[swapped ? 0 : 1].value.AsString();
  const Expr& other = expr[swapped ? 1 : 0];
  const bool same = expr.op == Op::kSame;
  if (other.is(ExprKind::kLocal))
    return arena.New<EqualTextNode<ReadLocal>>(ReadLocal{other.number}, text, same);
  return arena.New<EqualTextNode<ReadNode>>(ReadNode{swapped ? right : left}, text, same);
}

}  // namespace

const Node* MakeBinary(Arena& arena, const Expr& expr, const Node* left, const Node* right) {
  switch (expr.op) {
    case Op::kSame:
    case Op::kDifferent: return MakeEqual(arena, expr, left, right);
    case Op::kBelow:
    case Op::kAtMost:
    case Op::kAbove:
    case Op::kAtLeast: return arena.New<OrderNode>(expr, left, right);
    case Op::kWithin: return arena.New<WithinNode>(expr, left, right);
    default: return arena.New<ArithmeticNode>(expr, left, right);
  }
}

const Node* MakeOpposite(Arena& arena, const Expr& expr, const Node* operand) {
  return arena.New<OppositeNode>(expr, operand);
}

}  // namespace strongroom::cel
