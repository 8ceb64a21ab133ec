// Constants, locals, lists and maps.
#include "cel/nodes.h"
#include "cel/value_map.h"

namespace strongroom::cel {
namespace {

class ConstantNode final : public Node {
 public:
  explicit ConstantNode(const Value& value) : value_(value) {}
  Value Eval(Frame&) const override { return value_; }

 private:
  const Value value_;
};

class LocalNode final : public Node {
 public:
  explicit LocalNode(std::uint32_t slot) : slot_(slot) {}
  Value Eval(Frame& frame) const override { return frame.locals[slot_]; }

 private:
  const std::uint32_t slot_;
};

class CollectionNode : public Node {
 protected:
  CollectionNode(const Expr& expr, std::span<const Node* const> parts)
      : expr_(expr), parts_(parts) {}
  ~CollectionNode() = default;

  // The value of part `index`; for an optional one what it holds, and null when it holds nothing.
  const Value* Part(Frame& frame, std::size_t index, bool optional, Value& value) const {
    value = parts_[index]->Eval(frame);
    if (IsBad(value) || !optional) return &value;
    if (value.is(Kind::kOptional)) return value.AsOptional();
    value = NoSuchOverload(frame, "?", std::span(&value, 1), expr_.offset);
    return &value;
  }

  const Expr& expr_;
  const std::span<const Node* const> parts_;
};

class ListNode final : public CollectionNode {
 public:
  ListNode(const Expr& expr, std::span<const Node* const> parts) : CollectionNode(expr, parts) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1 + parts_.size())) return {};
    const auto elements = frame.arena.NewArray<Value>(parts_.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      Value value;
      const Value* part = Part(frame, i, HasOptional(expr_, i), value);
      if (part == nullptr) continue;
      if (IsBad(*part)) return *part;
      elements[count++] = *part;
    }
    if (frame.OutOfMemory()) return {};
    return Value::List(elements.first(count));
  }
};

class MapNode final : public CollectionNode {
 public:
  MapNode(const Expr& expr, std::span<const Node* const> parts) : CollectionNode(expr, parts) {}

  Value Eval(Frame& frame) const override {
    if (!frame.budget.Charge(1 + parts_.size() / 2)) return {};
    MapBuilder builder(frame.arena);
    for (std::size_t i = 0; i < parts_.size(); i += 2) {
      const Value key = parts_[i]->Eval(frame);
      if (IsBad(key)) return key;
      Value value;
      const Value* part = Part(frame, i + 1, HasOptional(expr_, i / 2), value);
      if (part == nullptr) continue;
      if (IsBad(*part)) return *part;
      switch (builder.Add(key, *part)) {
        case MapBuilder::Outcome::kAdded: break;
        case MapBuilder::Outcome::kNoKey:
          return Fail(frame, EvaluationErrorCode::kInvalidArgument, "unsupported key type",
                      expr_[i].offset);
        case MapBuilder::Outcome::kDuplicate:
          return Fail(frame, EvaluationErrorCode::kDuplicateKey, "repeated key", expr_[i].offset);
      }
    }
    if (frame.OutOfMemory()) return {};
    return builder.Build();
  }
};

}  // namespace

const Node* MakeConstant(Arena& arena, const Value& value) {
  return arena.New<ConstantNode>(value);
}
const Node* MakeLocal(Arena& arena, std::uint32_t slot) { return arena.New<LocalNode>(slot); }
const Node* MakeList(Arena& arena, const Expr& expr, std::span<const Node* const> elements) {
  return arena.New<ListNode>(expr, elements);
}
const Node* MakeMap(Arena& arena, const Expr& expr, std::span<const Node* const> entries) {
  return arena.New<MapNode>(expr, entries);
}

}  // namespace strongroom::cel
