// The syntax tree, from the parser through the checker to the planner. Nodes are small, live in an
// arena, and are never changed once the checker has seen them. Internal.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cel/env_tables.h"
#include "cel/operators.h"
#include "cel/term.h"
#include "cel/value.h"

namespace re2 {
class RE2;
}

namespace strongroom::cel {

enum class ExprKind : std::uint8_t {
  kConstant,     // value; name when it was written as a name (ACTIVE, int)
  kName,         // not resolved yet: gone after the checker
  kVariable,     // of the Env, by number
  kLocal,        // of a macro, by its slot in number
  kSelect,       // operands[0].name
  kCall,         // a function, or the operator in op
  kAnd,          // of any number of operands
  kOr,           // …
  kConditional,  // condition, then, else
  kList,
  kMap,          // keys and values by turns
  kLoop,         // range, [condition,] body
  kBind,         // cel.bind(name, init, body): init, body
  kOptionalMap,  // target.optMap(name, body): target, body
};

enum class LoopKind : std::uint8_t {
  kAll,
  kExists,
  kExistsOne,
  kMap,
  kFilter,
  kTransformList,
  kTransformMap,
  kTransformMapEntry,
};

struct Expr {
  ExprKind kind = ExprKind::kConstant;
  Op op = Op::kFunction;
  LoopKind loop = LoopKind::kAll;
  bool test = false;       // a select inside has()
  bool optional = false;   // a.?b
  bool member = false;     // a.f(b), not f(a, b)
  bool absolute = false;   // a name with a leading dot
  bool condition = false;  // a loop with a condition
  bool flat = false;       // optFlatMap
  std::uint16_t depth = 1;
  std::uint32_t offset = 0;  // byte in the source, for errors
  std::uint32_t number = 0;  // a variable's; or the first slot of a local or macro
  std::string_view name;     // identifier, field, function, first variable of a macro
  std::string_view second;   // second variable of a macro
  std::span<Expr*> operands;
  std::span<bool> optionals;  // elements or entries written with `?`; empty when none is
  Value value;
  const Term* term = nullptr;  // the checker's type
  // Of a select from a record of known type: which, with the field's place in `number`.
  const StructType* record = nullptr;
  // Of matches() with a literal: the expression, compiled.
  const re2::RE2* regex = nullptr;
  // Candidates for a call, in order of declaration.
  std::span<const OverloadEntry* const> overloads;

  const Expr& operator[](std::size_t index) const { return *operands[index]; }
  const Expr& body() const { return *operands.back(); }
  bool is(ExprKind other) const { return kind == other; }
};

std::string_view LoopName(LoopKind kind);
bool HasOptional(const Expr& expr, std::size_t index);

}  // namespace strongroom::cel
