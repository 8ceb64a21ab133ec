// One member of `errors` (GraphQL 7.1.2, behaviour §3).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "graphql/resolver.h"
#include "graphql/source.h"

namespace strongroom::graphql {

struct ErrorParts {
  std::string_view message;
  base::ErrorCode code = base::ErrorCode::kInternalServerError;
  bool retriable = false;
  std::string_view hint;
  std::span<const Location> locations;
  std::span<const PathSegment> path;
  const boost::json::object* details = nullptr;
};

void AppendError(const ErrorParts& error, std::string& out);
ErrorParts PartsOf(const RequestError& error);
ErrorParts PartsOf(const base::Error& error);

}  // namespace strongroom::graphql
