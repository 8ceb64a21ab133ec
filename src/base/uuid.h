// RFC 9562 UUIDs.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace strongroom::base {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool IsNil() const { return *this == Uuid{}; }
  // 36 characters, lower case.
  std::string ToString() const;
};

// Takes the 36-character form in either case. Fails with kUuidParseError in the wording that
// existing clients know ("invalid UUID length: 0", "invalid UUID format"), behaviour §3.
Result<Uuid> ParseUuid(std::string_view text);

// Version 4, random.
Uuid NewUuid(Random& random);
// Version 7: the milliseconds of `now`, then random. Later ones are greater.
Uuid NewTimeOrderedUuid(Random& random, Timestamp now);

}  // namespace strongroom::base

template <>
struct std::hash<strongroom::base::Uuid> {
  std::size_t operator()(const strongroom::base::Uuid& id) const noexcept;
};
