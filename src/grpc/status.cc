#include "grpc/status.h"

#include <array>

#include "base/encoding.h"
#include "grpc/limits.h"

namespace strongroom::grpc {

std::string_view CodeName(Code code) {
  static constexpr std::array<std::string_view, 17> kNames{"OK",
                                                           "CANCELLED",
                                                           "UNKNOWN",
                                                           "INVALID_ARGUMENT",
                                                           "DEADLINE_EXCEEDED",
                                                           "NOT_FOUND",
                                                           "ALREADY_EXISTS",
                                                           "PERMISSION_DENIED",
                                                           "RESOURCE_EXHAUSTED",
                                                           "FAILED_PRECONDITION",
                                                           "ABORTED",
                                                           "OUT_OF_RANGE",
                                                           "UNIMPLEMENTED",
                                                           "INTERNAL",
                                                           "UNAVAILABLE",
                                                           "DATA_LOSS",
                                                           "UNAUTHENTICATED"};
  return kNames[static_cast<std::size_t>(code)];
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte <= 0x7e && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

namespace {

// At most `bytes_max`, and no character torn apart.
std::string_view Cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::vector<net::Header> TrailersOf(const Status& status) {
  std::vector<net::Header> trailers{{"grpc-status", std::to_string(static_cast<int>(status.code))}};
  if (!status.message.empty()) {
    // Encoding makes three bytes of one.
    trailers.push_back(
        {"grpc-message", PercentEncode(Cut(status.message, limits::kStatusMessageBytesMax))});
  }
  if (!status.details.empty() && status.details.size() <= limits::kStatusDetailBytesMax) {
    std::string text = base::EncodeBase64(status.details);
    while (text.ends_with('=')) text.pop_back();
    trailers.push_back({"grpc-status-details-bin", std::move(text)});
  }
  return trailers;
}

}  // namespace strongroom::grpc
