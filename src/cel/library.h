// The language's own functions. Internal.
#pragma once

namespace strongroom::cel {

class EnvBuilder;

// The names of types; size, dyn, type; contains, startsWith, endsWith, matches.
void AddStandardFunctions(EnvBuilder& builder);
// bool, int, uint, double, string, bytes, timestamp, duration.
void AddConversions(EnvBuilder& builder);
// optional.of, optional.ofNonZeroValue, optional.none, optional.unwrap; hasValue, value, or,
// orValue, unwrapOpt.
void AddOptionals(EnvBuilder& builder);

}  // namespace strongroom::cel
