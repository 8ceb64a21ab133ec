// How functions from outside join the language: overloads with a callback in C++.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cel/arena.h"
#include "cel/budget.h"
#include "cel/type.h"
#include "cel/value.h"

namespace strongroom::cel {

class Activation;

// One call while evaluating. The arguments are neither errors nor absent, are as many as the
// overload has parameters, and each has the kind that its parameter names: a list(string)'s
// elements, though, are looked at by nobody before the function.
struct Call {
  std::span<const Value> arguments;
  Arena& arena;
  Budget& budget;
  const Activation& activation;

  const Value& operator[](std::size_t index) const { return arguments[index]; }

  // An error value at this call's position. The message: one sentence, lower case, no full stop.
  Value Fail(EvaluationErrorCode code, std::string_view message) const;
  Value Invalid(std::string_view message) const {
    return Fail(EvaluationErrorCode::kInvalidArgument, message);
  }
  // A string or bytes copied into the arena.
  Value MakeString(std::string_view text) const { return Value::String(arena.Copy(text)); }
  Value MakeBytes(std::string_view bytes) const { return Value::Bytes(arena.Copy(bytes)); }
  // An opaque value, its data copied into the arena. T is trivially destructible.
  template <typename T>
  Value MakeOpaque(const OpaqueType& type, const T& data) const {
    return Value::Opaque(&type, arena.New<T>(data));
  }
};

// Thread-safe, throws nothing. When the work or the result grows with the arguments, charges
// call.budget before doing it; when the charge is refused, any value may be returned (the
// evaluation ends with a Status).
using Callback = std::function<Value(const Call&)>;

struct Overload {
  std::string id;  // unique among the overloads of a function: "decimal_add"
  std::vector<Type> parameters;
  Type result;
  Callback callback;
  bool member = false;           // called as parameters[0].name(the rest)
  bool pure = true;              // same arguments, same answer: may be evaluated when compiling
  std::uint64_t cost = 1;        // per call, before what the callback charges
  std::string description = {};  // one line for the reference page
  std::string example = {};      // an expression that is `true`, run as a test
};

// Names of operators, for overloads of opaque types.
inline constexpr std::string_view kAdd = "_+_";
inline constexpr std::string_view kSubtract = "_-_";
inline constexpr std::string_view kMultiply = "_*_";
inline constexpr std::string_view kDivide = "_/_";
inline constexpr std::string_view kModulo = "_%_";
inline constexpr std::string_view kNegate = "-_";
inline constexpr std::string_view kLess = "_<_";
inline constexpr std::string_view kLessEquals = "_<=_";
inline constexpr std::string_view kGreater = "_>_";
inline constexpr std::string_view kGreaterEquals = "_>=_";
inline constexpr std::string_view kEquals = "_==_";
inline constexpr std::string_view kNotEquals = "_!=_";
inline constexpr std::string_view kIn = "@in";
inline constexpr std::string_view kNot = "!_";
inline constexpr std::string_view kIndex = "_[_]";

}  // namespace strongroom::cel
