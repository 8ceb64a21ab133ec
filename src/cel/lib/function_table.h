// Functions declared as a table: one row per overload, its parameters written as people read them.
//
//   AddFunctions(builder, {
//       {"(string).charAt(int): string", CharAt, "the character at a position",
//        "'tacocat'.charAt(3) == 'o'"},
//       {"math.abs(int): int", AbsInt, "without its sign", "math.abs(-11) == 11"}});
#pragma once

#include <initializer_list>
#include <string_view>

#include "cel/env.h"
#include "cel/function.h"

namespace strongroom::cel {

struct FunctionRow {
  // `name(parameters): result`; a method has its receiver in parentheses before a point. Types:
  // bool int uint double string bytes timestamp duration null dyn type, list(T), map(K, V),
  // optional(T), one upper-case letter for any one type, and names of opaque types.
  std::string_view signature;
  Value (*callback)(const Call&);
  std::string_view description;
  std::string_view example;
  bool pure = true;
};

// The overload's id follows from its signature: `string_charAt_int`, `math_abs_int`. Aborts on a
// signature that can't be read.
void AddFunctions(EnvBuilder& builder, std::initializer_list<FunctionRow> rows);

}  // namespace strongroom::cel
