// Static validation: every rule of the specification (October 2021 §5), with the messages, the
// order and the positions of graphql-js 16.
#pragma once

#include <string>
#include <vector>

#include "graphql/ast.h"
#include "graphql/schema.h"
#include "graphql/source.h"

namespace strongroom::graphql {

struct ValidationOptions {
  // "Did you mean …" names parts of the schema that the caller may not know (security 9.17).
  bool suggestions = false;
  // Locates a string literal one column later, after its opening quote, as existing clients have
  // recorded it (behaviour §3).
  bool strings_start_after_quote = false;
  // A variable definition with this directive has a default that is computed later: its literal is
  // not held against the variable's type (behaviour §2, `@cel`). Empty: none.
  std::string computed_default_directive;
  std::size_t errors_max = 100;  // then one more error says that validation was aborted
};

// Empty when `document` is valid. Time is linear in the document, but for fields that share a
// response key, which are compared by class (security 9.4, 9.6). Literals for custom scalars are
// accepted here and judged when they are coerced.
std::vector<RequestError> Validate(const Schema& schema, const Document& document,
                                   const ValidationOptions& options = {});

}  // namespace strongroom::graphql
