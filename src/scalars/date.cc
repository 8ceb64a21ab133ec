#include "scalars/date.h"

#include <fmt/format.h>

#include "scalars/civil_text.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

std::string Date::ToString() const {
  const std::chrono::year_month_day civil = Civil();
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(civil.year()),
                     static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
}

Result<Date> ParseDate(std::string_view text) {
  STRONGROOM_ASSIGN(const CivilTime time, ReadCivilDate(text));
  return Date{static_cast<std::int32_t>(time.day.time_since_epoch().count())};
}

Date DateOf(base::Timestamp at) {
  return Date{static_cast<std::int32_t>(
      std::chrono::floor<std::chrono::days>(at).time_since_epoch().count())};
}

Result<base::Timestamp> MidnightOf(Date date) {
  // The days that begin within the 64 bits of nanoseconds.
  constexpr auto kFirst = std::chrono::ceil<std::chrono::days>(base::Timestamp::min());
  constexpr auto kLast = std::chrono::floor<std::chrono::days>(base::Timestamp::max());
  const std::chrono::sys_days day{std::chrono::days(date.days)};
  if (day < kFirst || day > kLast)
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("{} is too far away for a timestamp", date.ToString()));
  return base::Timestamp(day);
}

Result<Date> AddDays(Date date, std::int64_t days) {
  constexpr std::int64_t kSpan = std::int64_t{kDateDaysMax} - kDateDaysMin;
  const std::int64_t sum = days > kSpan || days < -kSpan ? kSpan * 2 : date.days + days;
  if (sum < kDateDaysMin || sum > kDateDaysMax)
    return MakeError(ErrorCode::kBadRequest, "a date lies in the years 0 to 9999");
  return Date{static_cast<std::int32_t>(sum)};
}

}  // namespace strongroom::scalars
