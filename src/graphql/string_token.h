// String literals and block strings (GraphQL 2.9.4), with the code points and escapes of
// graphql-js.
#pragma once

#include <memory_resource>
#include <string_view>

namespace strongroom::graphql {

struct StringToken {
  bool ok = false;
  std::size_t end = 0;     // ok: after the closing quote; otherwise where the fault lies
  std::string_view value;  // decoded; in the text itself where nothing had to be decoded
  const char* fault = "";  // what is wrong, as a message
};

// `start` is the offset of the opening quote.
StringToken ReadString(std::string_view text, std::size_t start, std::pmr::memory_resource& arena);
StringToken ReadBlockString(std::string_view text, std::size_t start,
                            std::pmr::memory_resource& arena);

// The bytes of the UTF-8 code point at `at`; 0 when there is none (rfc3629 4).
std::size_t CodePointBytes(std::string_view text, std::size_t at);

// A copy of `text` that lives as long as `arena`.
std::string_view Keep(std::string_view text, std::pmr::memory_resource& arena);

}  // namespace strongroom::graphql
