// The libraries of functions beyond the language's own. AddLibrary (env.h) calls these; each file
// documents its functions in the Overloads it adds.
#pragma once

namespace strongroom::cel {

class EnvBuilder;

// Methods of strings (positions count code points): charAt, indexOf, lastIndexOf, lowerAscii,
// upperAscii, replace, split, substring, trim, reverse, format; list.join; strings.quote.
void AddStrings(EnvBuilder& builder);
// math.greatest and least (any number of arguments, or a list), ceil, floor, round, trunc, abs,
// sign, sqrt, isNaN, isInf, isFinite, bitAnd, bitOr, bitXor, bitNot, bitShiftLeft, bitShiftRight.
void AddMath(EnvBuilder& builder);
// base64.encode and base64.decode.
void AddEncoders(EnvBuilder& builder);
// slice, flatten, sort, distinct, reverse, first, last of lists; lists.range.
void AddLists(EnvBuilder& builder);
// sets.contains, sets.equivalent, sets.intersects.
void AddSets(EnvBuilder& builder);
// The types net.IP and net.CIDR with their functions.
void AddNetwork(EnvBuilder& builder);

}  // namespace strongroom::cel
