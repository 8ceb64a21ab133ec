// The value of a scalar or enum field, written as JSON (GraphQL 6.4.3, CoerceResult).
#pragma once

#include <string>

#include "graphql/resolver.h"
#include "graphql/schema.h"

namespace strongroom::graphql {

// Appends `value`, which is not null. False, with `out` unchanged, when the type can't hold it: a
// mistake of the resolver.
bool WriteLeaf(const NamedType& type, const Resolved& value, std::string& out);

}  // namespace strongroom::graphql
