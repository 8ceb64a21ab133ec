// Numbers of different kinds compared, as the language says. Internal.
#pragma once

#include <compare>
#include <optional>

#include "cel/value.h"

namespace strongroom::cel {

inline bool IsNumber(Kind kind) {
  return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble;
}

// Both are numbers. An int or uint is turned into a double to be compared with one (cel-spec,
// comparisons: lossy beyond 2^53), unless the double is out of its range.
std::partial_ordering CompareNumbers(const Value& a, const Value& b);

// Whether two keys of maps are the same: bools and strings, and numbers across kinds.
bool SameKey(const Value& a, const Value& b);

}  // namespace strongroom::cel
