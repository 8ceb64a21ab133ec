#include "scalars/civil_text.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

namespace {

constexpr std::size_t kEchoBytesMax = 128;

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text.substr(0, kEchoBytesMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x80) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      if (c == '"' || c == '\\') quoted.push_back('\\');
      quoted.push_back(c);
    }
  }
  return quoted + (text.size() > kEchoBytesMax ? "…\"" : "\"");
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads one text from left to right; the first fault is kept.
class Reader {
 public:
  Reader(std::string_view text, std::string_view layout, ErrorCode code)
      : text_(text), rest_(text), layout_(layout), code_(code) {}

  int Number(std::string_view element, std::size_t digits, int low, int high,
             std::string_view name) {
    if (error_) return low;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= rest_.size() || !IsDigit(rest_[i])) return CannotParse(element), low;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    if (value < low || value > high) return OutOfRange(name), low;
    return value;
  }

  void Separator(char c) {
    if (error_) return;
    if (!rest_.starts_with(c)) return CannotParse({&c, 1});
    rest_.remove_prefix(1);
  }

  bool Take(char c) {
    if (error_ || !rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // `.` and one to nine digits, when there are.
  std::int32_t Nanos() {
    if (error_ || rest_.size() < 2 || rest_[0] != '.' || !IsDigit(rest_[1])) return 0;
    rest_.remove_prefix(1);
    std::int32_t nanos = 0;
    std::int32_t unit = 100'000'000;
    for (; !rest_.empty() && IsDigit(rest_[0]) && unit > 0; unit /= 10) {
      nanos += unit * (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return nanos;
  }

  void CannotParse(std::string_view element) {
    Fail(fmt::format("parsing time {} as \"{}\": cannot parse {} as {}", Quote(text_), layout_,
                     Quote(rest_), Quote(element)));
  }
  void OutOfRange(std::string_view what) {
    Fail(fmt::format("parsing time {}: {} out of range", Quote(text_), what));
  }
  void End() {
    if (!rest_.empty())
      Fail(fmt::format("parsing time {}: extra text: {}", Quote(text_), Quote(rest_)));
  }
  bool failed() const { return error_.has_value(); }
  base::Error error() const { return *error_; }

 private:
  void Fail(std::string message) {
    if (error_) return;
    error_ = MakeError(code_, std::move(message));
  }

  std::string_view text_;
  std::string_view rest_;
  std::string_view layout_;
  ErrorCode code_;
  std::optional<base::Error> error_;
};

std::chrono::year_month_day ReadDay(Reader& reader) {
  const int year = reader.Number("2006", 4, 0, 9999, "year");
  reader.Separator('-');
  const int month = reader.Number("01", 2, 1, 12, "month");
  reader.Separator('-');
  const int day = reader.Number("02", 2, 0, 99, "day");
  return std::chrono::year(year) / month / day;
}

std::chrono::seconds ReadOffset(Reader& reader) {
  if (reader.Take('Z')) return std::chrono::seconds(0);
  const bool west = reader.Take('-');
  if (!west && !reader.Take('+')) {
    reader.CannotParse("Z07:00");
    return std::chrono::seconds(0);
  }
  const int hours = reader.Number("Z07:00", 2, 0, 23, "time zone offset hour");
  reader.Separator(':');
  const int minutes = reader.Number("Z07:00", 2, 0, 59, "time zone offset minute");
  return std::chrono::seconds((west ? -1 : 1) * (hours * 3600 + minutes * 60));
}

}  // namespace

Result<CivilTime> ReadCivilDate(std::string_view text) {
  Reader reader(text, "2006-01-02", ErrorCode::kDateParseError);
  const std::chrono::year_month_day day = ReadDay(reader);
  reader.End();
  if (!reader.failed() && !day.ok()) reader.OutOfRange("day");
  if (reader.failed()) return reader.error();
  return CivilTime{.day = day};
}

Result<CivilTime> ReadCivilTime(std::string_view text) {
  Reader reader(text, "2006-01-02T15:04:05Z07:00", ErrorCode::kTimestampParseError);
  const std::chrono::year_month_day day = ReadDay(reader);
  reader.Separator('T');
  CivilTime time;
  const int hour = reader.Number("15", 2, 0, 23, "hour");
  reader.Separator(':');
  const int minute = reader.Number("04", 2, 0, 59, "minute");
  reader.Separator(':');
  const int second = reader.Number("05", 2, 0, 59, "second");
  time.of_day = std::chrono::seconds(hour * 3600 + minute * 60 + second);
  time.nanos = reader.Nanos();
  time.offset = ReadOffset(reader);
  reader.End();
  if (!reader.failed() && !day.ok()) reader.OutOfRange("day");
  if (reader.failed()) return reader.error();
  time.day = day;
  return time;
}

}  // namespace strongroom::scalars
