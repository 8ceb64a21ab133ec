// Timestamps and durations as CEL reads, writes and takes them apart. Time zones come from the
// system's tz database (Debian's tzdata), read once per process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cel/value.h"

namespace strongroom::cel {

class EnvBuilder;

// What a timestamp and a duration may hold: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z,
// and spans that fit 64 bits of nanoseconds (about 292 years), as the reference engine has it.
inline constexpr std::int64_t kTimestampSecondsMin = -62135596800;
inline constexpr std::int64_t kTimestampSecondsMax = 253402300799;

// False when out of the range above, or when nanos is not as value.h wants it.
bool InRange(TimestampValue at);
bool InRange(DurationValue span);

// rfc3339 5.6: any offset, up to nine digits of a second, `T` and `Z` in upper case. Fails with
// kTimestampParseError.
base::Result<TimestampValue> ParseTimestamp(std::string_view text);
// In UTC, with as many digits of a second as needed.
std::string FormatTimestamp(TimestampValue at);

// A sequence of numbers with units `h m s ms us ns`, each possibly with a fraction, with one sign
// before them all: `1h34.5s`, `-300ms`, `0`. Fails with kBadRequest.
base::Result<DurationValue> ParseDuration(std::string_view text);
// Seconds, with as many digits as needed: `6347s`, `-0.5s`.
std::string FormatDuration(DurationValue span);

// Sums and differences; nothing when out of range.
std::optional<TimestampValue> Plus(TimestampValue at, DurationValue span);
std::optional<TimestampValue> Minus(TimestampValue at, DurationValue span);
std::optional<DurationValue> Plus(DurationValue a, DurationValue b);
std::optional<DurationValue> Minus(DurationValue a, DurationValue b);
std::optional<DurationValue> Minus(TimestampValue a, TimestampValue b);

// A moment's place on the calendar and the clock of a zone.
struct CivilFields {
  int year = 0;
  int month = 0;        // 1-12
  int day = 0;          // 1-31
  int day_of_year = 0;  // 1-366
  int day_of_week = 0;  // 0 = Sunday
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  int milliseconds = 0;
};
// `zone` is a name of the tz database, or an offset such as `+01:00`, `-02:30`, `02:00`; empty
// means UTC. Fails with kBadRequest for a zone that is not known.
base::Result<CivilFields> CivilFieldsOf(TimestampValue at, std::string_view zone);

// Adds the methods of timestamps and durations: getFullYear, getMonth, getDate, getDayOfMonth,
// getDayOfWeek, getDayOfYear, getHours, getMinutes, getSeconds, getMilliseconds. (Conversions and
// operators are the language's own: kStandard.)
void AddTime(EnvBuilder& builder);

}  // namespace strongroom::cel
