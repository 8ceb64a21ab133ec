// Calls of functions.
#include <re2/re2.h>

#include <array>

#include "cel/nodes.h"
#include "cel/regex.h"

namespace strongroom::cel {
namespace {

class CallNode final : public Node {
 public:
  CallNode(const Expr& expr, std::span<const Node* const> operands)
      : expr_(expr), operands_(operands) {}

  Value Eval(Frame& frame) const override {
    if (operands_.size() <= kFew) {
      std::array<Value, kFew> values;
      return With(frame, std::span(values).first(operands_.size()));
    }
    return With(frame, frame.arena.NewArray<Value>(operands_.size()));
  }

 private:
  static constexpr std::size_t kFew = 3;

  Value With(Frame& frame, std::span<Value> values) const {
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      values[i] = operands_[i]->Eval(frame);
      if (IsBad(values[i])) return values[i];
    }
    return Dispatch(frame, expr_.name, expr_.overloads, values, expr_.offset);
  }

  const Expr& expr_;
  const std::span<const Node* const> operands_;
};

// text.startsWith("…") and text.endsWith("…")
class EdgeNode final : public Node {
 public:
  EdgeNode(const Expr& expr, const Node* text)
      : expr_(expr), text_(text), edge_(expr[1].value.AsString()), start_(expr.name[0] == 's') {}

  Value Eval(Frame& frame) const override {
    const Value value = text_->Eval(frame);
    if (IsBad(value)) return value;
    if (!value.is(Kind::kString)) {
      const std::array operands = {value, expr_[1].value};
      return NoSuchOverload(frame, expr_.name, operands, expr_.offset);
    }
    if (!frame.budget.Charge(1) || !frame.budget.ChargeBytes(edge_.size())) return {};
    const std::string_view text = value.AsString();
    return Value::Bool(start_ ? text.starts_with(edge_) : text.ends_with(edge_));
  }

 private:
  const Expr& expr_;
  const Node* const text_;
  const std::string_view edge_;
  const bool start_;
};

// size(x) of lists and maps; texts are walked by the function.
class SizeNode final : public Node {
 public:
  SizeNode(const Expr& expr, const Node* operand) : expr_(expr), operand_(operand) {}

  Value Eval(Frame& frame) const override {
    const Value value = operand_->Eval(frame);
    if (IsBad(value)) return value;
    if (!value.is(Kind::kList) && !value.is(Kind::kMap))
      return Dispatch(frame, expr_.name, expr_.overloads, std::span(&value, 1), expr_.offset);
    if (!frame.budget.Charge(1)) return {};
    return Value::Int(static_cast<std::int64_t>(value.Size()));
  }

 private:
  const Expr& expr_;
  const Node* const operand_;
};

// optional.or(optional) and optional.orValue(value)
class LazyOrNode final : public Node {
 public:
  LazyOrNode(const Expr& expr, const Node* target, const Node* other)
      : expr_(expr), target_(target), other_(other), unwrap_(expr.name == "orValue") {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value target = target_->Eval(frame);
    if (IsBad(target)) return target;
    if (!target.is(Kind::kOptional)) return Refuse(frame, target);
    if (target.AsOptional() != nullptr) return unwrap_ ? *target.AsOptional() : target;
    const Value other = other_->Eval(frame);
    return unwrap_ || IsBad(other) || other.is(Kind::kOptional) ? other : Refuse(frame, other);
  }

 private:
  Value Refuse(Frame& frame, const Value& value) const {
    return NoSuchOverload(frame, expr_.name, std::span(&value, 1), expr_.offset);
  }

  const Expr& expr_;
  const Node* const target_;
  const Node* const other_;
  const bool unwrap_;
};

// type(x) needs the Env, where records and opaque types have theirs.
class TypeOfNode final : public Node {
 public:
  TypeOfNode(const EnvTables& tables, const Node* operand) : tables_(tables), operand_(operand) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value value = operand_->Eval(frame);
    if (IsBad(value)) return value;
    const ConstantDecl* type = tables_.FindConstant(NameOf(value));
    if (type != nullptr && type->value.is(Kind::kType)) return type->value;
    return Fail(frame, EvaluationErrorCode::kNoSuchOverload, "the type has no name here", 0);
  }

 private:
  static std::string_view NameOf(const Value& value) {
    switch (value.kind()) {
      case Kind::kNull: return "null_type";
      case Kind::kTimestamp: return "google.protobuf.Timestamp";
      case Kind::kDuration: return "google.protobuf.Duration";
      case Kind::kObject: return value.AsObject().type().name;
      case Kind::kOpaque: return value.opaque_type()->name;
      default: return KindName(value.kind());
    }
  }

  const EnvTables& tables_;
  const Node* const operand_;
};

// text.matches(literal): the expression is compiled already.
class MatchesNode final : public Node {
 public:
  MatchesNode(const Expr& expr, const Node* text)
      : expr_(expr), text_(text), factor_(RegexFactor(expr.regex->pattern())) {}

  Value Eval(Frame& frame) const override {
    const Value value = text_->Eval(frame);
    if (IsBad(value)) return value;
    if (!value.is(Kind::kString))
      return NoSuchOverload(frame, expr_.name, std::span(&value, 1), expr_.offset);
    const std::string_view text = value.AsString();
    if (!frame.budget.Charge(1 + text.size() / 10 * factor_)) return {};
    const re2::StringPiece piece(text.data(), text.size());
    return Value::Bool(expr_.regex->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0));
  }

 private:
  const Expr& expr_;
  const Node* const text_;
  const std::uint64_t factor_;
};

}  // namespace

const Node* MakeCall(Arena& arena, const Expr& expr, std::span<const Node* const> operands) {
  // Some of the language's own functions, known by their ids.
  const std::string_view id =
      expr.overloads.empty() ? std::string_view() : expr.overloads[0]->overload.id;
  if ((id == "starts_with_string" || id == "ends_with_string") && expr[1].is(ExprKind::kConstant) &&
      expr[1].value.is(Kind::kString))
    return arena.New<EdgeNode>(expr, operands[0]);
  if (expr.name == "size" && operands.size() == 1 &&
      (id.starts_with("size_") || id.ends_with("_size")))
    return arena.New<SizeNode>(expr, operands[0]);
  return arena.New<CallNode>(expr, operands);
}
const Node* MakeLazyOr(Arena& arena, const Expr& expr, const Node* target, const Node* other) {
  return arena.New<LazyOrNode>(expr, target, other);
}
const Node* MakeTypeOf(Arena& arena, const EnvTables& tables, const Node* operand) {
  return arena.New<TypeOfNode>(tables, operand);
}
const Node* MakeMatches(Arena& arena, const Expr& expr, const Node* text) {
  return arena.New<MatchesNode>(expr, text);
}

}  // namespace strongroom::cel
