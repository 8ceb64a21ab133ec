// A civil date (proleptic Gregorian, years 0-9999), without time and zone.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace strongroom::scalars {

struct Date {
  std::int32_t days = 0;  // since 1970-01-01

  auto operator<=>(const Date&) const = default;
  std::chrono::year_month_day Civil() const {
    return std::chrono::sys_days(std::chrono::days(days));
  }
  // `2022-12-21`.
  std::string ToString() const;
};

inline constexpr std::int32_t kDateDaysMin = -719528;  // 0000-01-01
inline constexpr std::int32_t kDateDaysMax = 2932896;  // 9999-12-31

// Takes `YYYY-MM-DD` alone. Fails with kDateParseError in the wording that existing clients know:
// parsing time "{2022-12-21}" as "2006-01-02": cannot parse "{2022-12-21}" as "2006" (behaviour
// §3).
base::Result<Date> ParseDate(std::string_view text);

// The date in UTC.
Date DateOf(base::Timestamp at);
// Midnight UTC. Dates from 1677-09-22 to 2262-04-11 only, the range of a Timestamp; else
// kBadRequest.
base::Result<base::Timestamp> MidnightOf(Date date);
// kBadRequest outside of years 0-9999.
base::Result<Date> AddDays(Date date, std::int64_t days);

}  // namespace strongroom::scalars
