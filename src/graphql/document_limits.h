// Whether a document stays within the limits that its syntax tree shows (security 9.3, 9.5).
#pragma once

#include <optional>

#include "graphql/ast.h"
#include "graphql/limits.h"
#include "graphql/source.h"

namespace strongroom::graphql {

// Time is linear in the document, whatever its fragments spread: each is looked at once. Comes
// before validation, so fragments may be missing or contain themselves. The error is
// kLimitExceeded.
std::optional<RequestError> CheckLimits(const Document& document, const Limits& limits);

}  // namespace strongroom::graphql
