// The language's operators. Internal.
#pragma once

#include <cstdint>
#include <string_view>

namespace strongroom::cel {

class EnvBuilder;

// What a call is; the engine computes operators itself where it knows the kinds of the operands.
enum class Op : std::uint8_t {
  kFunction,  // none: a function
  kPlus,
  kMinus,
  kTimes,
  kQuotient,
  kRemainder,
  kOpposite,
  kInverse,
  kSame,
  kDifferent,
  kBelow,
  kAtMost,
  kAbove,
  kAtLeast,
  kWithin,
  kAt,
  kOptionalAt,
};

inline constexpr std::string_view kOptionalIndexName = "_[?_]";

// `_+_`, as functions are declared; empty for kFunction.
std::string_view OpName(Op op);
// `+`, as it is written between or before operands.
std::string_view OpSymbol(Op op);

// Every overload of every operator that needs no library.
void DeclareOperators(EnvBuilder& builder);

}  // namespace strongroom::cel
