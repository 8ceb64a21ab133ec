// JSON read strictly (rfc8259), for everything that comes from outside: no duplicate member at any
// depth, no byte-order mark, valid UTF-8, no lone surrogates, finite numbers, bounded depth,
// nothing after the value (security 1.5, 9.15). Values are Boost.JSON's.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace strongroom::base {

struct JsonLimits {
  std::size_t depth_max = 32;
  std::size_t bytes_max = std::size_t{1} << 20;
};

// Fails with kJsonParseError and the byte offset of the fault.
Result<boost::json::value> ParseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace strongroom::base
