// `Content-Type` and `Accept`, as far as GraphQL over HTTP needs them (rfc9110 8.3, 12.5.1).
#pragma once

#include <optional>
#include <string_view>

#include "graphql/http_request.h"

namespace strongroom::graphql {

// application/json, with no other charset than UTF-8.
bool IsJsonContentType(std::string_view header);

// The type to answer in: the one the client likes best, application/json where it is indifferent.
// Empty when it takes neither.
std::optional<MediaType> Negotiate(std::string_view accept);

}  // namespace strongroom::graphql
