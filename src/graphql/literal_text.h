// Values and descriptions as GraphQL text, in the layout of graphql-js.
#pragma once

#include <string>
#include <string_view>

#include "graphql/ast.h"

namespace strongroom::graphql {

std::string LiteralText(const Value& value);
// `"…"`, with control characters and quotes escaped.
std::string StringLiteral(std::string_view text);
// A description, with a final newline; empty when there is none. Every line but a first one in its
// block (`first`) begins with `indent`, and a blank line separates it from what stands before it.
std::string DescriptionText(std::string_view description, std::string_view indent, bool first);

}  // namespace strongroom::graphql
