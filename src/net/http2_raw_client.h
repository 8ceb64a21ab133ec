// For tests: an HTTP/2 client that writes raw frames, for what no honest library would send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/testing.h"

namespace strongroom::net::raw {

enum : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kGoaway = 7,
  kWindowUpdate = 8,
  kContinuation = 9
};
enum : std::uint8_t { kEndStream = 1, kAck = 1, kEndHeaders = 4 };
enum : std::uint32_t { kNoError = 0, kRefusedStream = 7, kCancel = 8, kEnhanceYourCalm = 11 };

inline std::string Big32(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

inline std::string Frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                         std::string_view payload = {}) {
  std::string frame = Big32(static_cast<std::uint32_t>(payload.size())).substr(1);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  return frame + Big32(stream) + std::string(payload);
}

// One header field, not indexed, in HPACK without Huffman coding.
inline std::string Field(std::string_view name, std::string_view value) {
  const auto text = [](std::string_view bytes) {
    std::string out;
    if (bytes.size() < 127) {
      out += static_cast<char>(bytes.size());
    } else {
      out += '\x7f';
      std::size_t rest = bytes.size() - 127;
      for (; rest >= 128; rest /= 128) out += static_cast<char>(rest % 128 + 128);
      out += static_cast<char>(rest);
    }
    return out.append(bytes);
  };
  return '\0' + text(name) + text(value);
}

inline std::string Head(std::string_view method = "GET", std::string_view path = "/x") {
  return Field(":method", method) + Field(":path", path) + Field(":scheme", "https") +
         Field(":authority", "localhost");
}

inline std::string Ask(std::uint32_t stream, std::string_view more = {}) {
  return Frame(kHeaders, kEndHeaders | kEndStream, stream, Head() + std::string(more));
}

struct Received {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload;
  // The error code of a reset or a goaway.
  std::uint32_t error() const {
    const std::string_view code = std::string_view(payload).substr(type == kGoaway ? 4 : 0, 4);
    std::uint32_t number = 0;
    for (const char c : code) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }
};

class RawClient {
 public:
  explicit RawClient(const TestServer& server, std::string_view settings = {})
      : RawClient(server.port(), settings) {}
  explicit RawClient(std::uint16_t port, std::string_view settings = {}) : client_(port, "\x02h2") {
    Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, settings));
  }
  bool Send(std::string_view frames) { return client_.Send(frames); }
  // The next frame; nothing at the end of the connection.
  std::optional<Received> Next() {
    while (buffer_.size() < 9 || buffer_.size() < 9 + Size()) {
      const std::string piece = client_.Read();
      if (piece.empty()) return std::nullopt;
      buffer_ += piece;
    }
    Received frame;
    frame.type = static_cast<std::uint8_t>(buffer_[3]);
    frame.flags = static_cast<std::uint8_t>(buffer_[4]);
    for (std::size_t i = 5; i < 9; ++i)
      frame.stream = frame.stream << 8 | static_cast<unsigned char>(buffer_[i]);
    frame.payload = buffer_.substr(9, Size());
    buffer_.erase(0, 9 + Size());
    return frame;
  }
  // The next frame of a type.
  std::optional<Received> Await(std::uint8_t type) {
    while (auto frame = Next())
      if (frame->type == type) return frame;
    return std::nullopt;
  }
  // The error with which the server ends the connection; nothing if it just goes.
  std::optional<std::uint32_t> Goodbye() {
    const auto goaway = Await(kGoaway);
    if (!goaway) return std::nullopt;
    while (Next()) {
    }
    return goaway->error();
  }

 private:
  std::size_t Size() const {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 3; ++i) size = size << 8 | static_cast<unsigned char>(buffer_[i]);
    return size;
  }
  TestClient client_;
  std::string buffer_;
};

// `:status` of an answer, which HPACK may write as an index or as text.
inline bool HasStatus(const Received& headers, int status) {
  if (status == 200) return headers.payload.find('\x88') == 0;
  if (status == 400) return headers.payload.find('\x8c') == 0;
  return headers.payload.find(std::to_string(status)) != std::string::npos ||
         (headers.payload[0] & 0x0f) == 8;
}

}  // namespace strongroom::net::raw
