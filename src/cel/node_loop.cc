// The macros that loop, and those that name a value.
#include <boost/json/array.hpp>

#include "cel/json_member.h"
#include "cel/nodes.h"
#include "cel/value_map.h"

namespace strongroom::cel {
namespace {

// Walks a list or a map and puts what the variables of a loop stand for into their slots.
class Range {
 public:
  Range(Frame& frame, const Expr& loop, const Value& range)
      : frame_(frame),
        range_(range),
        cursor_(range),
        slot_(loop.number),
        two_(!loop.second.empty()),
        is_map_(range.is(Kind::kMap)),
        size_(range.Size()),
        plain_(range.plain_elements()),
        json_(range.json_array()) {}

  std::size_t size() const { return size_; }
  bool Next() {
    if (is_map_) return NextEntry();
    if (at_ == size_) return false;
    if (two_) {
      first() = Value::Int(static_cast<std::int64_t>(at_));
      frame_.locals[slot_ + 1] = Element();
    } else {
      first() = Element();
    }
    ++at_;
    return true;
  }
  Value& first() { return frame_.locals[slot_]; }

 private:
  bool NextEntry() {
    const auto entry = cursor_.Next(frame_.arena);
    if (!entry) return false;
    first() = entry->key;
    if (two_) frame_.locals[slot_ + 1] = entry->value;
    return true;
  }
  Value Element() const {
    if (plain_ != nullptr) return plain_[at_];
    return json_ != nullptr ? FromJson((*json_)[at_]) : range_.At(at_, frame_.arena);
  }

  Frame& frame_;
  const Value& range_;
  MapCursor cursor_;
  const std::uint32_t slot_;
  const bool two_;
  const bool is_map_;
  const std::size_t size_;
  const Value* const plain_;
  const boost::json::array* const json_;
  std::size_t at_ = 0;
};

class LoopNode : public Node {
 public:
  LoopNode(const Expr& expr, std::span<const Node* const> operands)
      : expr_(expr),
        range_(operands.front()),
        condition_(expr.condition ? operands[1] : nullptr),
        body_(operands.back()) {}

  Value Eval(Frame& frame) const final {
    if (!frame.budget.Charge(1)) return {};
    const Value range = range_->Eval(frame);
    if (IsBad(range)) return range;
    if (!range.is(Kind::kList) && !range.is(Kind::kMap))
      return NoSuchOverload(frame, LoopName(expr_.loop), std::span(&range, 1), expr_.offset);
    Range walk(frame, expr_, range);
    return Run(frame, walk);
  }

 protected:
  ~LoopNode() = default;
  virtual Value Run(Frame& frame, Range& range) const = 0;

  // False when the evaluation has to stop.
  static bool Step(Frame& frame) { return frame.budget.Charge(1) && !frame.OutOfMemory(); }
  // `node`'s boolean; anything else is an error.
  Value Test(Frame& frame, const Node* node) const {
    const Value value = node->Eval(frame);
    return value.is(Kind::kBool) || IsBad(value) ? value : NoBool(frame, value);
  }
  Value NoBool(Frame& frame, const Value& value) const {
    return NoSuchOverload(frame, LoopName(expr_.loop), std::span(&value, 1), expr_.offset);
  }
  // The condition, true where there is none.
  Value Condition(Frame& frame) const {
    return condition_ == nullptr ? Value::Bool(true) : Test(frame, condition_);
  }

  const Expr& expr_;
  const Node* const range_;
  const Node* const condition_;
  const Node* const body_;
};

// all and exists: one element may decide, whatever the others are, errors included.
class QuantifierNode final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 private:
  Value Run(Frame& frame, Range& range) const override {
    const bool decisive = expr_.loop == LoopKind::kExists;
    Value error;
    while (range.Next()) {
      if (!Step(frame)) return {};
      const Value value = body_->Eval(frame);
      if (value.is(Kind::kBool)) {
        if (value.is_true() == decisive) return value;
        continue;
      }
      if (value.absent()) return value;
      if (error.absent()) error = value.is_error() ? value : NoBool(frame, value);
    }
    return error.absent() ? Value::Bool(!decisive) : error;
  }
};

class ExistsOneNode final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 private:
  Value Run(Frame& frame, Range& range) const override {
    std::size_t count = 0;
    while (range.Next()) {
      if (!Step(frame)) return {};
      const Value value = Test(frame, body_);
      if (IsBad(value)) return value;
      if (value.AsBool()) ++count;
    }
    return Value::Bool(count == 1);
  }
};

// map, filter and transformList.
class ListLoopNode final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 private:
  Value Run(Frame& frame, Range& range) const override {
    const bool filter = expr_.loop == LoopKind::kFilter;
    if (range.size() > frame.budget.left()) {
      // Not that far: don't make room for it.
      frame.budget.Charge(range.size());
      return {};
    }
    const auto elements = frame.arena.NewArray<Value>(range.size());
    std::size_t count = 0;
    while (range.Next()) {
      if (!Step(frame)) return {};
      const Value keep = filter ? Test(frame, body_) : Condition(frame);
      if (IsBad(keep)) return keep;
      if (!keep.AsBool()) continue;
      const Value element = filter ? range.first() : body_->Eval(frame);
      if (IsBad(element)) return element;
      elements[count++] = element;
    }
    return Value::List(elements.first(count));
  }
};

// transformMap and transformMapEntry.
class MapLoopNode final : public LoopNode {
 public:
  using LoopNode::LoopNode;

 private:
  Value Run(Frame& frame, Range& range) const override {
    MapBuilder builder(frame.arena);
    while (range.Next()) {
      if (!Step(frame)) return {};
      const Value keep = Condition(frame);
      if (IsBad(keep)) return keep;
      if (!keep.AsBool()) continue;
      const Value key = range.first();
      const Value value = body_->Eval(frame);
      if (IsBad(value)) return value;
      const Value failure = expr_.loop == LoopKind::kTransformMap ? Add(frame, builder, key, value)
                                                                  : AddAll(frame, builder, value);
      if (IsBad(failure)) return failure;
    }
    return builder.Build();
  }

  // Null, or an error.
  Value Add(Frame& frame, MapBuilder& builder, const Value& key, const Value& value) const {
    switch (builder.Add(key, value)) {
      case MapBuilder::Outcome::kAdded: break;
      case MapBuilder::Outcome::kNoKey:
        return Fail(frame, EvaluationErrorCode::kInvalidArgument, "unsupported key type",
                    expr_.offset);
      case MapBuilder::Outcome::kDuplicate:
        return Fail(frame, EvaluationErrorCode::kDuplicateKey, "repeated key", expr_.offset);
    }
    return Value::Null();
  }
  Value AddAll(Frame& frame, MapBuilder& builder, const Value& map) const {
    if (!map.is(Kind::kMap))
      return NoSuchOverload(frame, LoopName(expr_.loop), std::span(&map, 1), expr_.offset);
    MapCursor cursor(map);
    while (const auto entry = cursor.Next(frame.arena)) {
      if (!frame.budget.Charge(1)) return {};
      const Value failure = Add(frame, builder, entry->key, entry->value);
      if (IsBad(failure)) return failure;
    }
    return Value::Null();
  }
};

class BindNode final : public Node {
 public:
  BindNode(std::uint32_t slot, const Node* init, const Node* body)
      : slot_(slot), init_(init), body_(body) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value value = init_->Eval(frame);
    if (value.absent()) return value;
    frame.locals[slot_] = value;  // an error only matters where it is read
    return body_->Eval(frame);
  }

 private:
  const std::uint32_t slot_;
  const Node* const init_;
  const Node* const body_;
};

class OptionalMapNode final : public Node {
 public:
  OptionalMapNode(const Expr& expr, const Node* target, const Node* body)
      : expr_(expr), target_(target), body_(body) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1)) return {};
    const Value target = target_->Eval(frame);
    if (IsBad(target)) return target;
    if (!target.is(Kind::kOptional)) return Refuse(frame, target);
    if (target.AsOptional() == nullptr) return target;
    frame.locals[expr_.number] = *target.AsOptional();
    const Value value = body_->Eval(frame);
    if (IsBad(value)) return value;
    if (!expr_.flat) return Value::Some(frame.arena.New<Value>(value));
    return value.is(Kind::kOptional) ? value : Refuse(frame, value);
  }

 private:
  Value Refuse(Frame& frame, const Value& value) const {
    return NoSuchOverload(frame, expr_.flat ? "optFlatMap" : "optMap", std::span(&value, 1),
                          expr_.offset);
  }

  const Expr& expr_;
  const Node* const target_;
  const Node* const body_;
};

}  // namespace

const Node* MakeLoop(Arena& arena, const Expr& expr, std::span<const Node* const> operands) {
  switch (expr.loop) {
    case LoopKind::kAll:
    case LoopKind::kExists: return arena.New<QuantifierNode>(expr, operands);
    case LoopKind::kExistsOne: return arena.New<ExistsOneNode>(expr, operands);
    case LoopKind::kMap:
    case LoopKind::kFilter:
    case LoopKind::kTransformList: return arena.New<ListLoopNode>(expr, operands);
    case LoopKind::kTransformMap:
    case LoopKind::kTransformMapEntry: break;
  }
  return arena.New<MapLoopNode>(expr, operands);
}
const Node* MakeBind(Arena& arena, const Expr& expr, const Node* init, const Node* body) {
  return arena.New<BindNode>(expr.number, init, body);
}
const Node* MakeOptionalMap(Arena& arena, const Expr& expr, const Node* target, const Node* body) {
  return arena.New<OptionalMapNode>(expr, target, body);
}

}  // namespace strongroom::cel
