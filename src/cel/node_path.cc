// Variables, fields and elements.
#include <boost/json/value.hpp>
#include <cmath>
#include <string>

#include "cel/json_member.h"
#include "cel/nodes.h"
#include "cel/numbers.h"

namespace strongroom::cel {
namespace {

using Code = EvaluationErrorCode;

Value Some(Frame& frame, const Value& value) { return Value::Some(frame.arena.New<Value>(value)); }

// One step from a value: the rules of fields for every kind.
class Stepper {
 public:
  Stepper(Frame& frame, const PathStep& step) : frame_(frame), step_(step) {}

  Value Select(const Value& from) const {
    if (from.is(Kind::kOptional)) {
      // Everything below an optional is optional.
      if (from.AsOptional() == nullptr) return from;
      return Optional(*from.AsOptional());
    }
    if (step_.optional) return Optional(from);
    const Value value = Find(from);
    if (!value.absent()) return value;
    if (from.is(Kind::kObject)) return NoField();
    return Fail(frame_, Code::kNoSuchKey, "no such key: '" + std::string(step_.name) + "'",
                step_.offset);
  }

  Value Test(const Value& from) const {
    if (from.is(Kind::kOptional))
      return from.AsOptional() == nullptr ? Value::Bool(false) : Test(*from.AsOptional());
    if (from.is(Kind::kObject)) {
      const std::size_t field = FieldOf(from.AsObject());
      return field == StructType::kNoField ? NoField() : Value::Bool(from.AsObject().Has(field));
    }
    const Value value = Find(from);
    return value.is_error() ? value : Value::Bool(!value.absent());
  }

 private:
  std::size_t FieldOf(const ObjectView& object) const {
    if (step_.index) return StructType::kNoField;
    return &object.type() == step_.record ? step_.field : object.type().FindField(step_.name);
  }

  Value NoField() const {
    return Fail(frame_, Code::kNoSuchField, "no such field: '" + std::string(step_.name) + "'",
                step_.offset);
  }

  // Absent when there is nothing.
  Value Find(const Value& from) const {
    if (from.is(Kind::kMap)) return from.Find(step_.name, frame_.arena);
    if (from.is(Kind::kObject)) {
      const std::size_t field = FieldOf(from.AsObject());
      return field == StructType::kNoField ? Value() : from.AsObject().Get(field, frame_.arena);
    }
    return NoSuchOverload(frame_, step_.index ? "_[_]" : "select field", std::span(&from, 1),
                          step_.offset);
  }

  Value Optional(const Value& from) const {
    if (from.is(Kind::kObject)) {
      const std::size_t field = FieldOf(from.AsObject());
      if (field == StructType::kNoField) return NoField();
      if (!from.AsObject().Has(field)) return Value::None();
    }
    const Value value = Find(from);
    if (value.is_error()) return value;
    return value.absent() ? Value::None() : Some(frame_, value);
  }

  Frame& frame_;
  const PathStep& step_;
};

class PathNode final : public Node {
 public:
  explicit PathNode(const PathSpec& spec)
      : spec_(spec),
        cost_(spec.steps.size() + (spec.root == nullptr ? 1 : 0)),
        plain_(CountPlain(spec)) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(cost_)) return {};
    Value at =
        spec_.root == nullptr ? frame.activation.Get(spec_.variable) : spec_.root->Eval(frame);
    if (at.absent() && spec_.root == nullptr) return Unbound(frame);
    for (std::size_t i = 0; i < plain_; ++i) {
      if (IsBad(at)) return at;
      const PathStep& step = spec_.steps[i];
      if (const auto* json = at.json_object()) {
        at = InJson(frame, *json, i);
      } else if (at.is(Kind::kObject) && &at.AsObject().type() == step.record) {
        const Value field = at.AsObject().Get(step.field, frame.arena);
        at = field.absent() ? Stepper(frame, step).Select(at) : field;
      } else {
        at = Stepper(frame, step).Select(at);
      }
    }
    for (std::size_t i = plain_; i < spec_.steps.size(); ++i) {
      if (IsBad(at)) return at;
      const Stepper stepper(frame, spec_.steps[i]);
      at = spec_.test && i + 1 == spec_.steps.size() ? stepper.Test(at) : stepper.Select(at);
    }
    return at;
  }

 private:
  static std::size_t CountPlain(const PathSpec& spec) {
    std::size_t count = 0;
    while (count < spec.steps.size() && !spec.steps[count].optional) ++count;
    return spec.test && count == spec.steps.size() ? count - 1 : count;
  }

  // Walks JSON from step `at` as far as it goes, making a value only of the end; leaves `at` at
  // the last step taken.
  Value InJson(Frame& frame, const boost::json::object& from, std::size_t& at) const {
    const boost::json::object* object = &from;
    for (;; ++at) {
      const boost::json::value* found = FindMember(*object, spec_.steps[at].name);
      if (found == nullptr) return Stepper(frame, spec_.steps[at]).Select(Value::Json(*object));
      if (at + 1 == plain_ || !found->is_object()) return FromJson(*found);
      object = &found->get_object();
    }
  }

  Value Unbound(Frame& frame) const {
    return Fail(frame, Code::kNoSuchVariable,
                "no value for `" + std::string(spec_.variable_name) + "`", spec_.offset);
  }

  const PathSpec spec_;
  const std::uint64_t cost_;
  const std::size_t plain_;  // how many steps come before the first that is .? or tests
};

// a[i] and a[?i], where i is no constant string.
class IndexNode final : public Node {
 public:
  IndexNode(const Expr& expr, const Node* target, const Node* index)
      : expr_(expr), target_(target), index_(index) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const std::array operands = {target_->Eval(frame), index_->Eval(frame)};
    for (const Value& operand : operands)
      if (IsBad(operand)) return operand;
    const bool optional = expr_.op == Op::kOptionalAt;
    if (!operands[0].is(Kind::kOptional)) {
      if (optional) return Optional(frame, operands[0], operands[1]);
      const Value value = Find(frame, operands[0], operands[1]);
      return value.absent() ? Missing(frame, operands[0]) : value;
    }
    const Value* inner = operands[0].AsOptional();
    return inner == nullptr ? operands[0] : Optional(frame, *inner, operands[1]);
  }

 private:
  Value Optional(Frame& frame, const Value& from, const Value& key) const {
    const Value value = Find(frame, from, key);
    if (value.is_error()) return value;
    return value.absent() ? Value::None() : Some(frame, value);
  }

  Value Missing(Frame& frame, const Value& from) const {
    if (from.is(Kind::kMap)) return Fail(frame, Code::kNoSuchKey, "no such key", expr_.offset);
    return Fail(frame, Code::kInvalidArgument, "index out of bounds", expr_.offset);
  }

  // Absent when there is no such element.
  Value Find(Frame& frame, const Value& from, const Value& key) const {
    if (from.is(Kind::kMap)) return from.Find(key, frame.arena);
    if (from.is(Kind::kList) && IsNumber(key.kind())) {
      if (key.is(Kind::kDouble) && std::floor(key.AsDouble()) != key.AsDouble())
        return Fail(frame, Code::kInvalidArgument, "an index has to be a whole number",
                    expr_.offset);
      const std::size_t size = from.Size();
      if (CompareNumbers(key, Value::Int(0)) < 0 || !(CompareNumbers(key, Value::Uint(size)) < 0))
        return {};
      return from.At(AsIndex(key), frame.arena);
    }
    const std::array operands = {from, key};
    return Dispatch(frame, expr_.name, expr_.overloads, operands, expr_.offset);
  }

  static std::size_t AsIndex(const Value& key) {
    if (key.is(Kind::kInt)) return static_cast<std::size_t>(key.AsInt());
    return key.is(Kind::kUint) ? key.AsUint() : static_cast<std::size_t>(key.AsDouble());
  }

  const Expr& expr_;
  const Node* const target_;
  const Node* const index_;
};

}  // namespace

const Node* MakePath(Arena& arena, const PathSpec& spec) { return arena.New<PathNode>(spec); }
const Node* MakeIndex(Arena& arena, const Expr& expr, const Node* target, const Node* index) {
  return arena.New<IndexNode>(expr, target, index);
}

}  // namespace strongroom::cel
