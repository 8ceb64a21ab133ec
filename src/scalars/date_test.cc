#include "scalars/date.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "scalars/timestamp.h"

namespace strongroom::scalars {
namespace {

using base::ErrorCode;

TEST(Date, ReadsAndPrints) {
  for (const char* text : {"2022-12-21", "1970-01-01", "2024-02-29", "0000-01-01", "9999-12-31"})
    EXPECT_EQ(ParseDate(text).value().ToString(), text);
  EXPECT_EQ(ParseDate("1970-01-02").value().days, 1);
  EXPECT_EQ(ParseDate("0000-01-01").value().days, kDateDaysMin);
  EXPECT_EQ(ParseDate("9999-12-31").value().days, kDateDaysMax);
}

TEST(Date, RefusesInTheWordsThatClientsKnow) {  // behaviour §3
  const std::pair<const char*, const char*> cases[] = {
      {"{2022-12-21}",
       R"(parsing time "{2022-12-21}" as "2006-01-02": cannot parse "{2022-12-21}" as "2006")"},
      {"", R"(parsing time "" as "2006-01-02": cannot parse "" as "2006")"},
      {"2022", R"(parsing time "2022" as "2006-01-02": cannot parse "" as "-")"},
      {"2022/12/21", R"(parsing time "2022/12/21" as "2006-01-02": cannot parse "/12/21" as "-")"},
      {"2022-1-1", R"(parsing time "2022-1-1" as "2006-01-02": cannot parse "1-1" as "01")"},
      {"2022-13-01", R"(parsing time "2022-13-01": month out of range)"},
      {"2022-02-29", R"(parsing time "2022-02-29": day out of range)"},
      {"2022-01-00", R"(parsing time "2022-01-00": day out of range)"},
      {"2022-12-21x", R"(parsing time "2022-12-21x": extra text: "x")"},
      {"\"\xC3\xA9",
       R"(parsing time "\"\xc3\xa9" as "2006-01-02": cannot parse "\"\xc3\xa9" as "2006")"},
  };
  for (const auto& [text, message] : cases) {
    const auto date = ParseDate(text);
    ASSERT_FALSE(date.ok()) << text;
    EXPECT_EQ(date.error().message, message);
    EXPECT_EQ(date.error().code, ErrorCode::kDateParseError);
  }
  EXPECT_LT(ParseDate(std::string(1 << 20, '1')).error().message.size(), 400U);
}

TEST(Date, StaysWithinItsYears) {
  EXPECT_EQ(AddDays(ParseDate("2024-02-28").value(), 2).value().ToString(), "2024-03-01");
  EXPECT_EQ(AddDays(ParseDate("2024-01-01").value(), -1).value().ToString(), "2023-12-31");
  const Date last{kDateDaysMax};
  EXPECT_FALSE(AddDays(last, 1).ok());
  EXPECT_FALSE(AddDays(last, std::numeric_limits<std::int64_t>::max()).ok());
  EXPECT_FALSE(AddDays(last, std::numeric_limits<std::int64_t>::min()).ok());
  EXPECT_FALSE(MidnightOf(last).ok());
  EXPECT_EQ(DateOf(MidnightOf(ParseDate("2022-12-21").value()).value()).ToString(), "2022-12-21");
  EXPECT_EQ(DateOf(base::Timestamp(std::chrono::nanoseconds(-1))).ToString(), "1969-12-31");
}

RC_GTEST_PROP(Date, TextReadsBack, ()) {
  const Date date{*rc::gen::inRange(kDateDaysMin, kDateDaysMax + 1)};
  RC_ASSERT(ParseDate(date.ToString()).value() == date);
}

TEST(Timestamp, ReadsAnyOffset) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-01-28T06:24:05.540808Z", "2026-01-28T06:24:05.540808Z"},
      {"2026-01-28T06:24:05Z", "2026-01-28T06:24:05Z"},
      {"2026-01-28T06:24:05.100000000+02:00", "2026-01-28T04:24:05.1Z"},
      {"2026-01-01T00:00:00-00:30", "2026-01-01T00:30:00Z"},
      {"1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"},
  };
  for (const auto& [text, printed] : cases)
    EXPECT_EQ(PrintTimestamp(ParseTimestamp(text).value()), printed);
}

TEST(Timestamp, RefusesInTheWordsOfDates) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-01-28",
       R"(parsing time "2026-01-28" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T")"},
      {"2026-01-28T24:00:00Z", R"(parsing time "2026-01-28T24:00:00Z": hour out of range)"},
      {"2026-01-28T23:60:00Z", R"(parsing time "2026-01-28T23:60:00Z": minute out of range)"},
      {"2026-01-28T23:59:60Z", R"(parsing time "2026-01-28T23:59:60Z": second out of range)"},
      {"2026-01-28T06:24:05",
       R"(parsing time "2026-01-28T06:24:05" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00")"},
      {"2026-02-30T06:24:05Z", R"(parsing time "2026-02-30T06:24:05Z": day out of range)"},
      {"2026-01-28T06:24:05Z!", R"(parsing time "2026-01-28T06:24:05Z!": extra text: "!")"},
      {"1500-01-28T06:24:05Z", R"(parsing time "1500-01-28T06:24:05Z": year out of range)"},
  };
  for (const auto& [text, message] : cases) {
    const auto at = ParseTimestamp(text);
    ASSERT_FALSE(at.ok()) << text;
    EXPECT_EQ(at.error().message, message);
    EXPECT_EQ(at.error().code, ErrorCode::kTimestampParseError);
  }
  for (const char* bad : {"2026-01-28t06:24:05Z", "2026-01-28 06:24:05Z", "2026-01-28T06:24:05.Z",
                          "2026-01-28T06:24:05.1234567890Z", "2026-01-28T06:24:05+0200",
                          "2026-01-28T06:24:05+24:00", "2026-01-28T6:24:05Z"})
    EXPECT_FALSE(ParseTimestamp(bad).ok()) << bad;
}

RC_GTEST_PROP(Timestamp, TextReadsBack, ()) {
  const auto nanos =
      *rc::gen::inRange<std::int64_t>(-9'000'000'000'000'000'000, 9'000'000'000'000'000'000);
  const base::Timestamp at{std::chrono::nanoseconds(nanos)};
  RC_ASSERT(ParseTimestamp(PrintTimestamp(at)).value() == at);
}

}  // namespace
}  // namespace strongroom::scalars
