// time.Now, date.Today and cal.*.
#include <chrono>

#include "cel/activation.h"
#include "cel/lib/time.h"
#include "scalars/cel_call.h"
#include "scalars/cel_host.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;
using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;

constexpr std::string_view kNoTime = "the time is not known where this expression runs";

const CelHost* HostOf(const Call& call) {
  return static_cast<const CelHost*>(call.activation.host());
}

Value Now(const Call& call) {
  const CelHost* host = HostOf(call);
  return host != nullptr && host->now ? ToCel(*host->now) : call.Invalid(kNoTime);
}

Value Today(const Call& call) {
  const CelHost* host = HostOf(call);
  if (host == nullptr || !host->now) return call.Invalid(kNoTime);
  const auto zone = call.arguments.empty() ? std::string_view() : call[0].AsString();
  const auto fields = cel::CivilFieldsOf(ToCel(*host->now).AsTimestamp(), zone);
  if (!fields.ok()) return call.Invalid(fields.error().message);
  const sys_days day = year(fields->year) / fields->month / fields->day;
  return Give(call, Date{static_cast<std::int32_t>(day.time_since_epoch().count())});
}

sys_days DayOf(const Value& timestamp) {
  return std::chrono::floor<days>(
      std::chrono::sys_seconds(std::chrono::seconds(timestamp.AsTimestamp().seconds)));
}

// The first day of the week that is week 1 of `y`: the first with at least `days_min` days in it.
sys_days FirstWeek(year y, weekday first, int days_min) {
  const sys_days new_year = y / 1 / 1;
  const sys_days start = new_year - (weekday(new_year) - first);
  const bool counts = 7 - (new_year - start).count() >= days_min;
  return counts ? start : start + days(7);
}

int WeekNumber(sys_days day, weekday first, int days_min) {
  const year y = std::chrono::year_month_day(day).year();
  sys_days start = FirstWeek(y + std::chrono::years(1), first, days_min);
  if (day < start) start = FirstWeek(y, first, days_min);
  if (day < start) start = FirstWeek(y - std::chrono::years(1), first, days_min);
  return static_cast<int>((day - start).count()) / 7 + 1;
}

Value WeekOfYear(const Call& call) {
  const std::int64_t first = call[1].AsInt();
  const std::int64_t days_min = call[2].AsInt();
  if (first < 0 || first > 6) return call.Invalid("a first day of the week is 0 (Sunday) to 6");
  if (days_min < 1 || days_min > 7)
    return call.Invalid("the days that a year's first week needs are 1 to 7");
  return Value::Int(WeekNumber(DayOf(call[0]), weekday(static_cast<unsigned>(first)),
                               static_cast<int>(days_min)));
}

// ISO 8601: weeks begin on Monday, the first has at least four days.
Value IsoWeekOfYear(const Call& call) {
  return Value::Int(WeekNumber(DayOf(call[0]), std::chrono::Monday, 4));
}

Value Quarter(const Call& call) {
  const std::int64_t first = call[1].AsInt();
  if (first < 1 || first > 12) return call.Invalid("a year's first month is 1 to 12");
  const auto month = static_cast<unsigned>(std::chrono::year_month_day(DayOf(call[0])).month());
  return Value::Int((month + 12 - first) % 12 / 3 + 1);
}

}  // namespace

void AddCalendarFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"time.Now(): timestamp", Now, "when the operation began",
        "time.Now() >= timestamp('2020-01-01T00:00:00Z')", false},
       {"date.Today(): date", Today, "the date in UTC when the operation began",
        "date.Today() >= date('2020-01-01')", false},
       {"date.Today(string): date", Today, "the date in a time zone when the operation began",
        "date.Today('Europe/Berlin') >= date('2020-01-01')", false},
       {"cal.WeekOfYear(timestamp, int, int): int", WeekOfYear,
        "the week of the year in UTC, given its first day (0 for Sunday) and how many days the "
        "first week has at least",
        "cal.WeekOfYear(timestamp('2021-01-03T00:00:00Z'), 0, 1) == 2"},
       {"cal.ISOWeekOfYear(timestamp): int", IsoWeekOfYear,
        "the week of the year in UTC as ISO 8601 counts",
        "cal.ISOWeekOfYear(timestamp('2021-01-03T00:00:00Z')) == 53"},
       {"cal.Quarter(timestamp, int): int", Quarter,
        "the quarter in UTC of a year that begins with a month (1 for January)",
        "cal.Quarter(timestamp('2021-05-01T00:00:00Z'), 1) == 2 && "
        "cal.Quarter(timestamp('2021-05-01T00:00:00Z'), 4) == 1"}});
}

}  // namespace strongroom::scalars
