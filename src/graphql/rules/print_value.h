// A literal as text, the way graphql-js prints it in its messages.
#pragma once

#include <string>

#include "graphql/ast.h"

namespace strongroom::graphql::rules {

std::string PrintValue(const Value& value);

}  // namespace strongroom::graphql::rules
