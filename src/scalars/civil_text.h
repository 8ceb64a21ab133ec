// Reading of dates and times with the error wording that existing clients know (behaviour §3):
//   parsing time "TEXT" as "LAYOUT": cannot parse "REST" as "ELEMENT"
//   parsing time "TEXT": month out of range
//   parsing time "TEXT": extra text: "REST"
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace strongroom::scalars {

struct CivilTime {
  std::chrono::sys_days day;
  std::chrono::seconds of_day{0};
  std::int32_t nanos = 0;
  std::chrono::seconds offset{0};  // east of UTC
};

// `2006-01-02`; errors have the code kDateParseError.
base::Result<CivilTime> ReadCivilDate(std::string_view text);
// `2006-01-02T15:04:05Z07:00` with an optional fraction of up to nine digits; kTimestampParseError.
base::Result<CivilTime> ReadCivilTime(std::string_view text);

}  // namespace strongroom::scalars
