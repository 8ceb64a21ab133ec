// The scalars of the specification and enums: which literals and which JSON they take (GraphQL
// 3.5.1-3.5.5, 3.9), and what is said of others.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "graphql/ast.h"
#include "graphql/input.h"
#include "graphql/schema.h"

namespace strongroom::graphql {

// `type` is a built-in scalar or an enum. The error is the message alone.
base::Result<Input> LeafFromLiteral(const Value& literal, const NamedType& type);
base::Result<Input> LeafFromJson(const boost::json::value& json, const NamedType& type);

// JSON text of at most about a hundred bytes, for messages.
std::string Shortened(const boost::json::value& json);
base::Error DoesNotFit(std::string message);

// A number literal as JSON: an integer where it fits, else a double, else its text.
boost::json::value NumberJson(std::string_view text, bool integer);

}  // namespace strongroom::graphql
