// Makers of nodes, by what they compute. Internal.
#pragma once

#include <span>

#include "cel/node.h"

namespace strongroom::cel {

// A step of a path: .name, .?name, ["name"], [?"name"].
struct PathStep {
  std::string_view name;
  const StructType* record = nullptr;  // the type that is expected, with the field's place
  std::uint32_t field = 0;
  bool optional = false;
  bool index = false;  // written with brackets: no field of an object
  std::uint32_t offset = 0;
};

// node_values.cc
const Node* MakeConstant(Arena& arena, const Value& value);
const Node* MakeLocal(Arena& arena, std::uint32_t slot);
const Node* MakeList(Arena& arena, const Expr& expr, std::span<const Node* const> elements);
const Node* MakeMap(Arena& arena, const Expr& expr, std::span<const Node* const> entries);

// node_path.cc. `root` is null for the variable.
struct PathSpec {
  const Node* root = nullptr;
  std::uint32_t variable = 0;
  std::string_view variable_name;
  std::uint32_t offset = 0;
  std::span<const PathStep> steps;
  bool test = false;  // whether the last step leads somewhere
};
const Node* MakePath(Arena& arena, const PathSpec& spec);
const Node* MakeIndex(Arena& arena, const Expr& expr, const Node* target, const Node* index);

// node_logic.cc
const Node* MakeJunction(Arena& arena, const Expr& expr, std::span<const Node* const> operands);
const Node* MakeConditional(Arena& arena, const Expr& expr, std::span<const Node* const> operands);
const Node* MakeInverse(Arena& arena, const Expr& expr, const Node* operand);

// node_operators.cc
const Node* MakeBinary(Arena& arena, const Expr& expr, const Node* left, const Node* right);
const Node* MakeOpposite(Arena& arena, const Expr& expr, const Node* operand);

// node_call.cc
const Node* MakeCall(Arena& arena, const Expr& expr, std::span<const Node* const> operands);
const Node* MakeLazyOr(Arena& arena, const Expr& expr, const Node* target, const Node* other);
const Node* MakeTypeOf(Arena& arena, const EnvTables& tables, const Node* operand);
const Node* MakeMatches(Arena& arena, const Expr& expr, const Node* text);

// node_loop.cc
const Node* MakeLoop(Arena& arena, const Expr& expr, std::span<const Node* const> operands);
const Node* MakeBind(Arena& arena, const Expr& expr, const Node* init, const Node* body);
const Node* MakeOptionalMap(Arena& arena, const Expr& expr, const Node* target, const Node* body);

}  // namespace strongroom::cel
