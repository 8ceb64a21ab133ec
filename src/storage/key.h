// Ordered composite keys: typed parts are encoded so that memcmp of whole keys orders them part by
// part, and no key of a full tuple is the prefix of another (docs/reference/storage-format.md).
//   byte        1 byte
//   integers    8 bytes, big-endian; signed ones with the sign bit flipped
//   timestamps  nanoseconds since 1970 as a signed integer
//   UUIDs       their 16 bytes
//   text        bytes, 00 written as 00 FF, ended by 00 01
//   descending  the same bytes, each inverted
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"

namespace strongroom::storage {

enum class Order { kAscending, kDescending };

// Builds a key: `KeyWriter(kAccounts).Uuid(id).Int64(version, Order::kDescending).Take()`.
class KeyWriter {
 public:
  KeyWriter() = default;
  explicit KeyWriter(std::uint8_t first) { Byte(first); }

  KeyWriter& Byte(std::uint8_t value, Order order = Order::kAscending);
  KeyWriter& Uint64(std::uint64_t value, Order order = Order::kAscending);
  KeyWriter& Int64(std::int64_t value, Order order = Order::kAscending);
  KeyWriter& Timestamp(base::Timestamp value, Order order = Order::kAscending);
  KeyWriter& Uuid(const base::Uuid& value, Order order = Order::kAscending);
  // Any bytes, also 00; ordered by memcmp, a prefix first.
  KeyWriter& Text(std::string_view value, Order order = Order::kAscending);
  // As they are: only for the last part of a key, or for parts of one fixed length.
  KeyWriter& Raw(std::string_view bytes);

  const std::string& key() const { return key_; }
  std::string Take() { return std::move(key_); }

 private:
  void Append(std::string_view bytes, Order order);
  std::string key_;
};

// Takes a key apart again, with the same parts in the same order. Fails with
// kInternalServerError when the key is too short or malformed: stored keys are ours.
class KeyReader {
 public:
  explicit KeyReader(std::string_view key) : rest_(key) {}

  base::Result<std::uint8_t> Byte(Order order = Order::kAscending);
  base::Result<std::uint64_t> Uint64(Order order = Order::kAscending);
  base::Result<std::int64_t> Int64(Order order = Order::kAscending);
  base::Result<base::Timestamp> Timestamp(Order order = Order::kAscending);
  base::Result<base::Uuid> Uuid(Order order = Order::kAscending);
  base::Result<std::string> Text(Order order = Order::kAscending);
  base::Result<std::string> Raw(std::size_t size) { return Take(size, Order::kAscending); }

  std::string_view rest() const { return rest_; }
  bool AtEnd() const { return rest_.empty(); }

 private:
  base::Result<std::string> Take(std::size_t size, Order order);
  std::string_view rest_;
};

}  // namespace strongroom::storage
