#include "base/uuid.h"

#include <fmt/format.h>

#include "base/encoding.h"

namespace strongroom::base {
namespace {

constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};

}  // namespace

std::string Uuid::ToString() const {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back("0123456789abcdef"[bytes[i] >> 4]);
    text.push_back("0123456789abcdef"[bytes[i] & 0xF]);
  }
  return text;
}

Result<Uuid> ParseUuid(std::string_view text) {
  if (text.size() != 36)
    return MakeError(ErrorCode::kUuidParseError,
                     fmt::format("invalid UUID length: {}", text.size()));
  const auto bad_format = [] {
    return MakeError(ErrorCode::kUuidParseError, "invalid UUID format",
                     "a UUID has hexadecimal digits in groups of 8-4-4-4-12");
  };
  for (std::size_t dash : kDashes)
    if (text[dash] != '-') return bad_format();
  Uuid id;
  std::size_t at = 0;
  for (std::uint8_t& byte : id.bytes) {
    if (text[at] == '-') ++at;
    const int high = HexDigit(text[at]);
    const int low = HexDigit(text[at + 1]);
    if (high < 0 || low < 0) return bad_format();
    byte = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return id;
}

Uuid NewUuid(Random& random) {
  Uuid id;
  random.Fill(id.bytes);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);  // rfc9562 5.4
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

Uuid NewTimeOrderedUuid(Random& random, Timestamp now) {
  Uuid id;
  random.Fill(id.bytes);
  auto milliseconds = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8)
    id.bytes[i] = static_cast<std::uint8_t>(milliseconds & 0xFF);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x70);  // rfc9562 5.7
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

}  // namespace strongroom::base

std::size_t std::hash<strongroom::base::Uuid>::operator()(
    const strongroom::base::Uuid& id) const noexcept {
  return std::hash<std::string_view>{}(
      {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}
