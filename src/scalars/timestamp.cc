#include "scalars/timestamp.h"

#include <fmt/format.h>

#include "scalars/civil_text.h"
#include "scalars/date.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

Result<base::Timestamp> ParseTimestamp(std::string_view text) {
  STRONGROOM_ASSIGN(const CivilTime time, ReadCivilTime(text));
  using Seconds = std::chrono::sys_seconds;
  const Seconds whole = Seconds(time.day) + time.of_day - time.offset;
  // One second less on either side keeps the nanoseconds in range, too.
  if (whole <= std::chrono::ceil<std::chrono::seconds>(base::Timestamp::min()) ||
      whole >= std::chrono::floor<std::chrono::seconds>(base::Timestamp::max()))
    return MakeError(ErrorCode::kTimestampParseError,
                     fmt::format("parsing time \"{}\": year out of range", text),
                     "timestamps lie in the years 1678 to 2261");
  return base::Timestamp(whole) + std::chrono::nanoseconds(time.nanos);
}

std::string PrintTimestamp(base::Timestamp at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::hh_mm_ss time(whole - day);
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", DateOf(at).ToString(), time.hours().count(),
                  time.minutes().count(), time.seconds().count());
  if (const auto nanos = (at - whole).count(); nanos != 0) {
    text += fmt::format(".{:09}", nanos);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

}  // namespace strongroom::scalars
