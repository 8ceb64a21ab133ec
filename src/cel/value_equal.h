// `==` with its price. Internal.
#pragma once

#include "cel/budget.h"
#include "cel/value.h"

namespace strongroom::cel {

// As Equal, charging one unit per element compared and per ten bytes of text; when the budget
// refuses, the answer is false and budget.exhausted() true.
bool EqualCharged(const Value& a, const Value& b, Arena& arena, Budget& budget);

}  // namespace strongroom::cel
