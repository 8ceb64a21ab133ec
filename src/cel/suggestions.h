// Hints for people: what may have been meant. Internal.
#pragma once

#include <string>
#include <string_view>

#include "cel/env_tables.h"
#include "cel/expr.h"

namespace strongroom::cel {

// "did you mean `context`?", or nothing when no name is near.
std::string SuggestName(const EnvTables& tables, std::string_view name);
std::string SuggestFunction(const EnvTables& tables, std::string_view name);
std::string SuggestField(const StructType& type, std::string_view name);
// For operands that don't go together.
std::string SuggestOperand(const EnvTables& tables, const Expr& call);

}  // namespace strongroom::cel
