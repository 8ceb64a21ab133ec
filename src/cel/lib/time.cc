#include "cel/lib/time.h"

#include <date/tz.h>

#include <chrono>
#include <limits>
#include <stdexcept>
#include <utility>

namespace strongroom::cel {
namespace {

using base::ErrorCode;
using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

__extension__ using Int128 = __int128;

constexpr std::int64_t kNanosPerSecond = 1000000000;

Int128 Nanos(std::int64_t whole, std::int32_t nanos) {
  return static_cast<Int128>(whole) * kNanosPerSecond + nanos;
}
Int128 Nanos(TimestampValue at) { return Nanos(at.seconds, at.nanos); }
Int128 Nanos(DurationValue span) { return Nanos(span.seconds, span.nanos); }

std::optional<DurationValue> DurationOf(Int128 nanos) {
  if (nanos < std::numeric_limits<std::int64_t>::min() ||
      nanos > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return DurationValue{static_cast<std::int64_t>(nanos / kNanosPerSecond),
                       static_cast<std::int32_t>(nanos % kNanosPerSecond)};
}

std::optional<TimestampValue> TimestampOf(Int128 nanos) {
  Int128 whole = nanos / kNanosPerSecond;
  auto rest = static_cast<std::int32_t>(nanos % kNanosPerSecond);
  if (rest < 0) {
    rest += static_cast<std::int32_t>(kNanosPerSecond);
    --whole;
  }
  if (whole < kTimestampSecondsMin || whole > kTimestampSecondsMax) return std::nullopt;
  return TimestampValue{static_cast<std::int64_t>(whole), rest};
}

// Takes pieces off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool done() const { return rest_.empty(); }
  bool Take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }
  std::optional<int> Digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }
  // Exactly `count` digits, of a value from `min` to `max`.
  bool Number(int count, int min, int max, int& value) {
    value = 0;
    for (int i = 0; i < count; ++i) {
      const auto digit = Digit();
      if (!digit) return false;
      value = value * 10 + *digit;
    }
    return value >= min && value <= max;
  }

 private:
  std::string_view rest_;
};

// At least one digit after the point, at most nine.
bool ReadFraction(Reader& in, std::int32_t& nanos) {
  std::int32_t unit = 100000000;
  auto digit = in.Digit();
  if (!digit) return false;
  for (; digit; digit = in.Digit()) {
    if (unit == 0) return false;
    nanos += *digit * unit;
    unit /= 10;
  }
  return true;
}

bool ReadOffset(Reader& in, seconds& offset) {
  if (in.Take('Z')) return true;
  const bool west = in.Take('-');
  int hours = 0;
  int minutes = 0;
  if (!west && !in.Take('+')) return false;
  if (!in.Number(2, 0, 23, hours) || !in.Take(':') || !in.Number(2, 0, 59, minutes)) return false;
  offset = seconds((west ? -1 : 1) * (hours * 3600 + minutes * 60));
  return true;
}

void AppendPadded(std::string& out, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  out.append(digits.size() < width ? width - digits.size() : 0, '0').append(digits);
}

// `.5` for half a second, nothing for none.
void AppendFraction(std::string& out, std::int32_t nanos) {
  if (nanos == 0) return;
  out += '.';
  AppendPadded(out, nanos, 9);
  out.erase(out.find_last_not_of('0') + 1);
}

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};
// Longer names before those that they begin with.
constexpr Unit kUnits[] = {{"h", 3600 * kNanosPerSecond},
                           {"ms", 1000000},
                           {"m", 60 * kNanosPerSecond},
                           {"s", kNanosPerSecond},
                           {"us", 1000},
                           {"\u00b5s", 1000},
                           {"\u03bcs", 1000},
                           {"ns", 1}};

const Unit* ReadUnit(Reader& in) {
  for (const Unit& unit : kUnits)
    if (in.Take(unit.name)) return &unit;
  return nullptr;
}

enum class Term { kGood, kMalformed, kTooLarge };

// One number with its unit, added to `total`.
Term ReadTerm(Reader& in, Int128& total) {
  constexpr Int128 kMax = std::numeric_limits<std::int64_t>::max();
  Int128 whole = 0;
  Int128 fraction = 0;
  Int128 scale = 1;
  bool any = false;
  for (auto digit = in.Digit(); digit; digit = in.Digit(), any = true)
    if (whole <= kMax) whole = whole * 10 + *digit;
  if (in.Take('.'))
    for (auto digit = in.Digit(); digit; digit = in.Digit(), any = true) {
      if (scale > kNanosPerSecond * kNanosPerSecond) continue;  // below a nanosecond of any unit
      fraction = fraction * 10 + *digit;
      scale *= 10;
    }
  const Unit* unit = any ? ReadUnit(in) : nullptr;
  if (unit == nullptr) return Term::kMalformed;
  total += whole * unit->nanos + fraction * unit->nanos / scale;
  return total > kMax + 1 ? Term::kTooLarge : Term::kGood;
}

// `+01:00`, `-02:30`, `2:00`.
std::optional<seconds> ReadZoneOffset(std::string_view zone) {
  Reader in(zone);
  const bool west = in.Take('-');
  if (!west) in.Take('+');
  const auto first = in.Digit();
  if (!first) return std::nullopt;
  const auto second = in.Digit();
  const int hours = second ? *first * 10 + *second : *first;
  int minutes = 0;
  if (hours > 23 || !in.Take(':') || !in.Number(2, 0, 59, minutes) || !in.done())
    return std::nullopt;
  return seconds((west ? -1 : 1) * (hours * 3600 + minutes * 60));
}

// The tz database lists changes up to 2037; the rules behind them go on. A later moment has the
// offset of the same place in the latest listed year whose days of the week fall alike, counted
// from January or, as a leap day may come between, from March.
sys_seconds WithinListedYears(sys_seconds at) {
  constexpr int kLastListed = 2036;
  const std::chrono::year_month_day civil(std::chrono::floor<days>(at));
  if (civil.year() <= std::chrono::year(kLastListed)) return at;
  const bool early = civil.month() < std::chrono::March;
  const auto anchor = [early](std::chrono::year year) {
    return sys_days(year / (early ? 1 : 3) / 1);
  };
  const sys_days from = anchor(civil.year());
  std::chrono::year like(kLastListed);
  while (std::chrono::weekday(anchor(like)) != std::chrono::weekday(from)) --like;
  return at - (from - anchor(like));
}

std::optional<seconds> OffsetOf(TimestampValue at, std::string_view zone) {
  if (zone.empty() || zone == "UTC") return seconds(0);
  if (const auto offset = ReadZoneOffset(zone)) return offset;
  try {  // the library tells unknown names by throwing
    const sys_seconds listed = WithinListedYears(sys_seconds(seconds(at.seconds)));
    return date::locate_zone(zone)->get_info(listed).offset;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace

bool InRange(TimestampValue at) {
  return at.seconds >= kTimestampSecondsMin && at.seconds <= kTimestampSecondsMax &&
         at.nanos >= 0 && at.nanos < kNanosPerSecond;
}

bool InRange(DurationValue span) {
  const bool signs_agree =
      span.seconds == 0 || span.nanos == 0 || (span.seconds < 0) == (span.nanos < 0);
  return signs_agree && span.nanos > -kNanosPerSecond && span.nanos < kNanosPerSecond &&
         DurationOf(Nanos(span)).has_value();
}

base::Result<TimestampValue> ParseTimestamp(std::string_view text) {
  Reader in(text);
  int year = 0;
  int month = 0;
  int day = 0;
  int hours = 0;
  int minutes = 0;
  int second = 0;
  std::int32_t nanos = 0;
  seconds offset(0);
  const bool read =
      in.Number(4, 0, 9999, year) && in.Take('-') && in.Number(2, 1, 12, month) && in.Take('-') &&
      in.Number(2, 1, 31, day) && in.Take('T') && in.Number(2, 0, 23, hours) && in.Take(':') &&
      in.Number(2, 0, 59, minutes) && in.Take(':') && in.Number(2, 0, 59, second) &&
      (!in.Take('.') || ReadFraction(in, nanos)) && ReadOffset(in, offset) && in.done();
  const std::chrono::year_month_day civil{std::chrono::year(year),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
  if (!read || !civil.ok())
    return base::MakeError(ErrorCode::kTimestampParseError,
                           "`" + std::string(text.substr(0, 64)) + "` is not a timestamp",
                           "write it as RFC 3339 does: 2026-01-28T06:24:05Z");
  const sys_seconds at = sys_days(civil) + seconds(hours * 3600 + minutes * 60 + second) - offset;
  const TimestampValue value{at.time_since_epoch().count(), nanos};
  if (InRange(value)) return value;
  return base::MakeError(ErrorCode::kTimestampParseError,
                         "timestamp out of range: years 1 to 9999 are known");
}

std::string FormatTimestamp(TimestampValue at) {
  const CivilFields fields = CivilFieldsOf(at, "").value();
  std::string out;
  AppendPadded(out, fields.year, 4);
  const std::pair<char, int> parts[] = {{'-', fields.month},
                                        {'-', fields.day},
                                        {'T', fields.hours},
                                        {':', fields.minutes},
                                        {':', fields.seconds}};
  for (const auto& [separator, value] : parts) {
    out += separator;
    AppendPadded(out, value, 2);
  }
  AppendFraction(out, at.nanos);
  return out += 'Z';
}

base::Result<DurationValue> ParseDuration(std::string_view text) {
  Reader in(text);
  const bool negative = in.Take('-');
  if (!negative) in.Take('+');
  Int128 total = 0;
  Term term = in.done() ? Term::kMalformed : Term::kGood;
  if (in.rest() != "0")
    while (term == Term::kGood && !in.done()) term = ReadTerm(in, total);
  if (term == Term::kMalformed)
    return base::MakeError(ErrorCode::kBadRequest,
                           "`" + std::string(text.substr(0, 64)) + "` is not a duration",
                           "write numbers with units: 1h30m, 34.5s, 300ms");
  if (const auto span = DurationOf(negative ? -total : total)) return *span;
  return base::MakeError(ErrorCode::kBadRequest,
                         "duration out of range: about 292 years are known");
}

std::string FormatDuration(DurationValue span) {
  std::string out = span.seconds < 0 || span.nanos < 0 ? "-" : "";
  const Int128 magnitude = Nanos(span) < 0 ? -Nanos(span) : Nanos(span);
  AppendPadded(out, static_cast<std::int64_t>(magnitude / kNanosPerSecond), 1);
  AppendFraction(out, static_cast<std::int32_t>(magnitude % kNanosPerSecond));
  return out += 's';
}

std::optional<TimestampValue> Plus(TimestampValue at, DurationValue span) {
  return TimestampOf(Nanos(at) + Nanos(span));
}
std::optional<TimestampValue> Minus(TimestampValue at, DurationValue span) {
  return TimestampOf(Nanos(at) - Nanos(span));
}
std::optional<DurationValue> Plus(DurationValue a, DurationValue b) {
  return DurationOf(Nanos(a) + Nanos(b));
}
std::optional<DurationValue> Minus(DurationValue a, DurationValue b) {
  return DurationOf(Nanos(a) - Nanos(b));
}
std::optional<DurationValue> Minus(TimestampValue a, TimestampValue b) {
  return DurationOf(Nanos(a) - Nanos(b));
}

base::Result<CivilFields> CivilFieldsOf(TimestampValue at, std::string_view zone) {
  const auto offset = OffsetOf(at, zone);
  if (!offset)
    return base::MakeError(ErrorCode::kBadRequest,
                           "unknown time zone `" + std::string(zone.substr(0, 64)) + "`",
                           "use a name such as Europe/Berlin, or an offset such as +01:00");
  const sys_seconds local{seconds(at.seconds) + *offset};
  const sys_days day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day civil(day);
  const auto of_day = static_cast<int>((local - day).count());
  return CivilFields{
      .year = static_cast<int>(civil.year()),
      .month = static_cast<int>(static_cast<unsigned>(civil.month())),
      .day = static_cast<int>(static_cast<unsigned>(civil.day())),
      .day_of_year = static_cast<int>((day - sys_days(civil.year() / 1 / 1)).count()) + 1,
      .day_of_week = static_cast<int>(std::chrono::weekday(day).c_encoding()),
      .hours = of_day / 3600,
      .minutes = of_day / 60 % 60,
      .seconds = of_day % 60,
      .milliseconds = at.nanos / 1000000};
}

}  // namespace strongroom::cel
