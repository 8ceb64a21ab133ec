#include "grpc/framing.h"

#include <zlib.h>

#include <algorithm>

#include "base/check.h"
#include "grpc/limits.h"

namespace strongroom::grpc {
namespace {

constexpr std::size_t kPrefixBytes = 5;
constexpr int kGzipWindow = 15 + 16;  // zlib: with a header of gzip
constexpr std::size_t kInflateStep = std::size_t{64} << 10;

std::size_t LengthAt(std::string_view prefix) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < kPrefixBytes; ++i)
    length = length << 8 | static_cast<unsigned char>(prefix[i]);
  return length;
}

Status TooLong() {
  return {Code::kResourceExhausted,
          "a message is longer than " + std::to_string(limits::kMessageBytesMax) + " bytes",
          {}};
}

}  // namespace

bool Deframer::HasMessage() const {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  return rest.size() >= kPrefixBytes && rest.size() - kPrefixBytes >= LengthAt(rest);
}

std::optional<std::string> Deframer::Next(bool gzip, Status& refused) {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  if (rest.size() < kPrefixBytes) return std::nullopt;
  const std::size_t length = LengthAt(rest);
  if (rest[0] != 0 && (rest[0] != 1 || !gzip)) {
    refused = {
        Code::kInternal, "a message is compressed, and grpc-encoding says nothing of it", {}};
    return std::nullopt;
  }
  if (length > limits::kMessageBytesMax) {
    refused = TooLong();
    return std::nullopt;
  }
  if (rest.size() - kPrefixBytes < length) return std::nullopt;
  std::string message(rest.substr(kPrefixBytes, length));
  if (rest[0] == 1) {
    std::string plain;
    bool too_long = false;
    if (!Inflate(message, limits::kMessageBytesMax, plain, too_long)) {
      refused = too_long ? TooLong() : Status{Code::kInternal, "a message is not valid gzip", {}};
      return std::nullopt;
    }
    message = std::move(plain);
  }
  at_ += kPrefixBytes + length;
  if (at_ == buffer_.size()) {
    buffer_.clear();
    at_ = 0;
    if (buffer_.capacity() > kInflateStep) buffer_.shrink_to_fit();
  } else if (at_ > kInflateStep) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  return message;
}

std::string Frame(std::string_view message, bool gzip) {
  std::string packed;
  if (gzip && message.size() >= limits::kCompressBytesMin) packed = Deflate(message);
  const bool compressed = !packed.empty() && packed.size() < message.size();
  const std::string_view body = compressed ? std::string_view(packed) : message;
  std::string frame;
  frame.reserve(kPrefixBytes + body.size());
  frame += compressed ? '\x01' : '\x00';
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(body.size() >> shift);
  return frame.append(body);
}

bool Inflate(std::string_view bytes, std::size_t bytes_max, std::string& out, bool& too_long) {
  z_stream stream{};
  STRONGROOM_CHECK(inflateInit2(&stream, kGzipWindow) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  out.clear();
  int step = Z_OK;
  while (step == Z_OK && out.size() <= bytes_max) {
    const std::size_t before = out.size();
    out.resize(std::min(before + kInflateStep, bytes_max + 1));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    step = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (step == Z_OK && stream.avail_in == 0 && stream.avail_out > 0) break;  // cut short
  }
  // What follows the end of the stream would be nobody's.
  const bool whole = step == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  too_long = out.size() > bytes_max;
  return whole && !too_long;
}

std::string Deflate(std::string_view bytes) {
  z_stream stream{};
  STRONGROOM_CHECK(deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) ==
                   Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  STRONGROOM_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::optional<std::chrono::nanoseconds> ParseTimeout(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  // Eight digits of hours would not fit nanoseconds; nobody waits that long.
  using std::chrono::nanoseconds;
  switch (text.back()) {
    case 'H': return std::chrono::hours(std::min<std::int64_t>(number, 1'000'000));
    case 'M': return std::chrono::minutes(number);
    case 'S': return std::chrono::seconds(number);
    case 'm': return std::chrono::milliseconds(number);
    case 'u': return std::chrono::microseconds(number);
    case 'n': return nanoseconds(number);
    default: return std::nullopt;
  }
}

}  // namespace strongroom::grpc
