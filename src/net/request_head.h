// The head of an HTTP/1 request: request line and header section (rfc9112 3-6). Whatever two
// readers could understand differently is refused, for that is how requests are smuggled.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "net/request_builder.h"
#include "net/server.h"

namespace strongroom::net {

// Why a request is answered by the server itself.
struct Refusal {
  int status;
  base::ErrorCode code;
  const char* message;
};

inline constexpr Refusal kUriTooLong{414, base::ErrorCode::kLimitExceeded,
                                     "the request target is too long"};
inline constexpr Refusal kHeadersTooLarge{431, base::ErrorCode::kLimitExceeded,
                                          "the request headers are too large or too many"};
inline constexpr Refusal kBodyTooLarge{413, base::ErrorCode::kLimitExceeded,
                                       "the request body is too large"};
inline constexpr Refusal kTooSlow{408, base::ErrorCode::kInterrupted,
                                  "the request took too long to arrive"};
inline constexpr Refusal kBusy{503, base::ErrorCode::kUnavailable,
                               "the server is receiving too much at once"};

// How the rest of a request is to be read.
struct Framing {
  std::uint64_t body_bytes = 0;  // unless chunked
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

// Parses a whole head, its empty last line included, of which every line is known to end in CRLF.
std::optional<Refusal> ParseRequestHead(std::string_view head, const ServerLimits& limits,
                                        RequestBuilder& builder, Framing& framing);

}  // namespace strongroom::net
