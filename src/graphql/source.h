// Positions in a GraphQL document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace strongroom::graphql {

// Counted from 1. A column is a UTF-16 code unit, as every JavaScript client counts (the
// specification leaves the unit open).
struct Location {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool operator==(const Location&) const = default;
};

// `offset` is a byte offset into `text`. Lines end with \n, \r or \r\n.
Location LocationAt(std::string_view text, std::size_t offset);

// Why a document or a request was refused before anything was executed.
struct RequestError {
  base::ErrorCode code = base::ErrorCode::kGraphqlValidationFailed;
  std::string message;
  std::string hint;
  std::vector<Location> locations;
};

}  // namespace strongroom::graphql
