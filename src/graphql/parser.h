// Text to syntax tree. The October 2021 grammar whole, executable and type system.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "graphql/ast.h"
#include "graphql/limits.h"
#include "graphql/source.h"

namespace strongroom::graphql {

using ParseResult = std::variant<std::shared_ptr<const Document>, RequestError>;

// Bytes, tokens and nesting are counted before any tree is built, so neither time nor stack depends
// on what follows the limit (security 9.2, 9.3). Fails with
// - kGraphqlParseFailed: `Expected {, found Int`: the wording that existing clients know (behaviour
//   §3): no prefix, no quotes, no token text; positions as in graphql-js;
// - kLimitExceeded: which limit, with the position where it was passed.
ParseResult Parse(std::string text, const Limits& limits);

}  // namespace strongroom::graphql
