// Length-prefixed messages (gRPC over HTTP/2: Length-Prefixed-Message), and the two values of the
// head that bear on them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "grpc/status.h"

namespace strongroom::grpc {

// Takes messages out of the bytes of a body.
class Deframer {
 public:
  void Append(std::string_view bytes) { buffer_.append(bytes); }
  // The next message, decompressed. Nothing when it is not all there; a status when it is refused:
  // longer than limits::kMessageBytesMax, or compressed though `gzip` was not announced.
  std::optional<std::string> Next(bool gzip, Status& refused);
  // Whether a message stands here, whole.
  bool HasMessage() const;
  // Bytes kept.
  std::size_t size() const { return buffer_.size() - at_; }

 private:
  std::string buffer_;  // from at_ on
  std::size_t at_ = 0;
};

// One message with its prefix; compressed if `gzip` and that makes it shorter.
std::string Frame(std::string_view message, bool gzip);

// rfc1952. False when it is none, or longer than `bytes_max` inside: then `too_long` is set.
bool Inflate(std::string_view bytes, std::size_t bytes_max, std::string& out, bool& too_long);
std::string Deflate(std::string_view bytes);

// The value of `grpc-timeout`: up to eight digits and one of H M S m u n.
std::optional<std::chrono::nanoseconds> ParseTimeout(std::string_view text);

}  // namespace strongroom::grpc
