// Literals to values. Internal.
#pragma once

#include <string_view>

#include "cel/arena.h"
#include "cel/lexer.h"
#include "cel/value.h"

namespace strongroom::cel {

// The value of a number's, a text's or a word's token, in `arena` if need be; `negative` when a
// minus belongs to it. Absent, with the reason in `problem`, for one that has none.
Value ReadLiteral(const Token& token, bool negative, Arena& arena, std::string_view& problem);

}  // namespace strongroom::cel
