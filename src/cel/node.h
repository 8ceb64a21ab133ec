// A compiled expression: a tree of nodes, each knowing how to compute its value. Internal.
#pragma once

#include <span>
#include <string_view>

#include "cel/activation.h"
#include "cel/arena.h"
#include "cel/budget.h"
#include "cel/env_tables.h"
#include "cel/expr.h"
#include "cel/value.h"

namespace strongroom::cel {

// One evaluation.
struct Frame {
  const Activation& activation;
  Budget& budget;
  Arena& arena;
  std::span<Value> locals;
  std::size_t arena_used_max;

  bool OutOfMemory() const { return arena.used() > arena_used_max; }
};

// Nodes live in their program's arena. A node gives a value, an error value, or, when the engine
// has to stop (the budget is spent), an absent value: everything above it hands that up, and
// nothing absorbs it.
class Node {
 public:
  virtual Value Eval(Frame& frame) const = 0;

 protected:
  Node() = default;
  ~Node() = default;
};

// What every strict operation does with an operand of this kind: hand it up.
inline bool IsBad(const Value& value) { return value.is_error() || value.absent(); }

Value Fail(Frame& frame, EvaluationErrorCode code, std::string_view message, std::uint32_t offset);
// "no such overload: _+_(int, string)"
Value NoSuchOverload(Frame& frame, std::string_view name, std::span<const Value> operands,
                     std::uint32_t offset);

// The name of a kind, as errors show it.
std::string_view KindName(Kind kind);

// Calls the first candidate that takes the operands; fails when none does.
Value Dispatch(Frame& frame, std::string_view name,
               std::span<const OverloadEntry* const> candidates, std::span<const Value> operands,
               std::uint32_t offset);

// The built-in overloads of + - * / %, absent where there is none; and, for text and lists, the
// charge. Stops are told by the budget.
Value Arithmetic(Frame& frame, Op op, const Value& a, const Value& b, std::uint32_t offset);
Value Opposite(Frame& frame, const Value& a, std::uint32_t offset);

}  // namespace strongroom::cel
