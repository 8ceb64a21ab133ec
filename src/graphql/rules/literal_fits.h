// Literals of scalars and enums (§3.5, §3.9).
#pragma once

#include <string>

#include "graphql/ast.h"
#include "graphql/schema.h"

namespace strongroom::graphql::rules {

// Why the literal is none of the leaf type; empty when it is. Custom scalars take every literal.
std::string LeafFault(const Value& value, const NamedType& type, bool suggestions);

}  // namespace strongroom::graphql::rules
