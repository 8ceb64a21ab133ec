#include "storage/key.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace strongroom::storage {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

void Invert(std::string& bytes) {
  for (char& byte : bytes) byte = static_cast<char>(~byte);
}

std::array<std::uint8_t, 8> BigEndian(std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  return bytes;
}

base::Error Malformed() {
  return base::MakeError(base::ErrorCode::kInternalServerError, "a stored key is malformed");
}

}  // namespace

void KeyWriter::Append(std::string_view bytes, Order order) {
  if (order == Order::kAscending) {
    key_.append(bytes);
    return;
  }
  std::string inverted(bytes);
  Invert(inverted);
  key_.append(inverted);
}

KeyWriter& KeyWriter::Byte(std::uint8_t value, Order order) {
  Append(base::AsChars({&value, 1}), order);
  return *this;
}

KeyWriter& KeyWriter::Uint64(std::uint64_t value, Order order) {
  Append(base::AsChars(BigEndian(value)), order);
  return *this;
}

KeyWriter& KeyWriter::Int64(std::int64_t value, Order order) {
  return Uint64(static_cast<std::uint64_t>(value) ^ kSignBit, order);
}

KeyWriter& KeyWriter::Timestamp(base::Timestamp value, Order order) {
  return Int64(value.time_since_epoch().count(), order);
}

KeyWriter& KeyWriter::Uuid(const base::Uuid& value, Order order) {
  Append(base::AsChars(value.bytes), order);
  return *this;
}

KeyWriter& KeyWriter::Text(std::string_view value, Order order) {
  std::string escaped;
  escaped.reserve(value.size() + 2);
  for (const char c : value) {
    escaped.push_back(c);
    if (c == '\0') escaped.push_back('\xFF');
  }
  // Lower than the escape of 00, so that a text comes before those that it is the beginning of.
  escaped.push_back('\0');
  escaped.push_back('\x01');
  Append(escaped, order);
  return *this;
}

KeyWriter& KeyWriter::Raw(std::string_view bytes) {
  key_.append(bytes);
  return *this;
}

base::Result<std::string> KeyReader::Take(std::size_t size, Order order) {
  if (rest_.size() < size) return Malformed();
  std::string bytes(rest_.substr(0, size));
  rest_.remove_prefix(size);
  if (order == Order::kDescending) Invert(bytes);
  return bytes;
}

base::Result<std::uint8_t> KeyReader::Byte(Order order) {
  STRONGROOM_ASSIGN(const std::string bytes, Take(1, order));
  return static_cast<std::uint8_t>(bytes[0]);
}

base::Result<std::uint64_t> KeyReader::Uint64(Order order) {
  STRONGROOM_ASSIGN(const std::string bytes, Take(8, order));
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

base::Result<std::int64_t> KeyReader::Int64(Order order) {
  STRONGROOM_ASSIGN(const std::uint64_t value, Uint64(order));
  return static_cast<std::int64_t>(value ^ kSignBit);
}

base::Result<base::Timestamp> KeyReader::Timestamp(Order order) {
  STRONGROOM_ASSIGN(const std::int64_t value, Int64(order));
  return base::Timestamp(std::chrono::nanoseconds(value));
}

base::Result<base::Uuid> KeyReader::Uuid(Order order) {
  STRONGROOM_ASSIGN(const std::string bytes, Take(16, order));
  base::Uuid id;
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

base::Result<std::string> KeyReader::Text(Order order) {
  const std::uint8_t mask = order == Order::kDescending ? 0xFF : 0;
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(rest_[i]) ^ mask);
  };
  std::string text;
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    if (at(i) != 0) {
      text.push_back(static_cast<char>(at(i)));
      continue;
    }
    if (++i == rest_.size()) return Malformed();
    if (at(i) == 0x01) {
      rest_.remove_prefix(i + 1);
      return text;
    }
    if (at(i) != 0xFF) return Malformed();
    text.push_back('\0');
  }
  return Malformed();
}

}  // namespace strongroom::storage
