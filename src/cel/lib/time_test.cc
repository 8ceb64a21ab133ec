#include "cel/lib/time.h"

#include <gtest/gtest.h>

#include <limits>

namespace strongroom::cel {
namespace {

TEST(Timestamp, ReadsAndPrints) {
  const std::pair<const char*, TimestampValue> cases[] = {
      {"1970-01-01T00:00:00Z", {0, 0}},
      {"2009-02-13T23:31:30Z", {1234567890, 0}},
      {"2009-02-13T23:31:30.5Z", {1234567890, 500000000}},
      {"1969-12-31T23:59:59.999999999Z", {-1, 999999999}},
      {"0001-01-01T00:00:00Z", {kTimestampSecondsMin, 0}},
      {"9999-12-31T23:59:59.999999999Z", {kTimestampSecondsMax, 999999999}},
      {"2024-02-29T12:00:00.000001Z", {1709208000, 1000}},
  };
  for (const auto& [text, value] : cases) {
    ASSERT_TRUE(ParseTimestamp(text).ok()) << text;
    EXPECT_EQ(*ParseTimestamp(text), value) << text;
    EXPECT_EQ(FormatTimestamp(value), text);
  }
}

TEST(Timestamp, ReadsOffsetsFromUtc) {
  EXPECT_EQ(ParseTimestamp("2009-02-14T00:31:30+01:00")->seconds, 1234567890);
  EXPECT_EQ(ParseTimestamp("2009-02-13T21:01:30-02:30")->seconds, 1234567890);
  EXPECT_EQ(ParseTimestamp("2009-02-13T23:31:30+00:00")->seconds, 1234567890);
}

TEST(Timestamp, RefusesWhatIsNoTimestamp) {
  for (const char* text : {"",
                           "2009",
                           "2009-02-13",
                           "2009-02-13T23:31:30",
                           "2009-02-13 23:31:30Z",
                           "2009-02-13t23:31:30z",
                           "2009-02-30T00:00:00Z",
                           "2023-02-29T00:00:00Z",
                           "2009-13-01T00:00:00Z",
                           "2009-00-01T00:00:00Z",
                           "2009-01-00T00:00:00Z",
                           "2009-02-13T24:00:00Z",
                           "2009-02-13T23:60:00Z",
                           "2009-02-13T23:31:60Z",
                           "2009-02-13T23:31:30.Z",
                           "2009-02-13T23:31:30.1234567890Z",
                           "2009-02-13T23:31:30+24:00",
                           "2009-02-13T23:31:30+01",
                           "2009-02-13T23:31:30Zx",
                           "10000-01-01T00:00:00Z",
                           "0000-12-31T23:59:59Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "-009-02-13T23:31:30Z",
                           "2009-02-13T23:31:30,5Z"})
    EXPECT_FALSE(ParseTimestamp(text).ok()) << text;
}

TEST(Duration, ReadsAndPrints) {
  const std::tuple<const char*, DurationValue, const char*> cases[] = {
      {"0", {0, 0}, "0s"},
      {"0s", {0, 0}, "0s"},
      {"-0", {0, 0}, "0s"},
      {"1h45m47s", {6347, 0}, "6347s"},
      {"1.5h", {5400, 0}, "5400s"},
      {"-300ms", {0, -300000000}, "-0.3s"},
      {"+5s", {5, 0}, "5s"},
      {".5s", {0, 500000000}, "0.5s"},
      {"5.s", {5, 0}, "5s"},
      {"1us", {0, 1000}, "0.000001s"},
      {"1\u00b5s", {0, 1000}, "0.000001s"},
      {"1\u03bcs", {0, 1000}, "0.000001s"},
      {"1m1ns", {60, 1}, "60.000000001s"},
      {"0.1234567891s", {0, 123456789}, "0.123456789s"},
      {"-1h1.5s", {-3601, -500000000}, "-3601.5s"},
      {"9223372036854775807ns", {9223372036, 854775807}, "9223372036.854775807s"},
      {"-9223372036854775808ns", {-9223372036, -854775808}, "-9223372036.854775808s"},
      {"0.00000000000000000000000000000000000000000000001h", {0, 0}, "0s"},
  };
  for (const auto& [text, value, printed] : cases) {
    ASSERT_TRUE(ParseDuration(text).ok()) << text;
    EXPECT_EQ(*ParseDuration(text), value) << text;
    EXPECT_EQ(FormatDuration(value), printed);
    EXPECT_EQ(*ParseDuration(printed), value);
  }
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "-", "+", "1", "00", "s", ".s", "1x", "1 s", "--1s", "1s-1s", "1.2.3s", "1d",
        "9223372036854775808ns", "-9223372036854775809ns", "320000000000s", "2562048h",
        "99999999999999999999999999999999999999999999s", "1s\n"})
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
}

TEST(Time, AddsAndSubtractsWithinItsRange) {
  const TimestampValue first{kTimestampSecondsMin, 0};
  const TimestampValue last{kTimestampSecondsMax, 999999999};
  EXPECT_EQ(*Plus(TimestampValue{-1, 999999999}, DurationValue{0, 1}), (TimestampValue{0, 0}));
  EXPECT_EQ(*Minus(TimestampValue{0, 0}, DurationValue{0, 1}), (TimestampValue{-1, 999999999}));
  EXPECT_EQ(*Plus(first, DurationValue{1, 999999999}),
            (TimestampValue{kTimestampSecondsMin + 1, 999999999}));
  EXPECT_EQ(*Minus(TimestampValue{5, 0}, TimestampValue{5, 1}), (DurationValue{0, -1}));
  EXPECT_EQ(*Minus(DurationValue{1, 0}, DurationValue{0, 1}), (DurationValue{0, 999999999}));
  EXPECT_FALSE(Minus(first, DurationValue{0, 1}));
  EXPECT_FALSE(Plus(last, DurationValue{0, 1}));
  EXPECT_FALSE(Minus(last, first));
  EXPECT_FALSE(Minus(first, last));
  EXPECT_FALSE(Plus(DurationValue{9223372036, 0}, DurationValue{1, 0}));
  EXPECT_FALSE(Plus(DurationValue{std::numeric_limits<std::int64_t>::min(), 0},
                    DurationValue{std::numeric_limits<std::int64_t>::min(), 0}));
}

TEST(Time, KnowsItsRange) {
  EXPECT_TRUE(InRange(TimestampValue{0, 999999999}));
  EXPECT_FALSE(InRange(TimestampValue{0, -1}));
  EXPECT_FALSE(InRange(TimestampValue{kTimestampSecondsMax + 1, 0}));
  EXPECT_TRUE(InRange(DurationValue{0, -999999999}));
  EXPECT_FALSE(InRange(DurationValue{1, -1}));
  EXPECT_FALSE(InRange(DurationValue{std::numeric_limits<std::int64_t>::max(), 0}));
}

TEST(Zones, GiveTheirOwnCalendar) {
  const TimestampValue at{1234567890, 123456789};  // 2009-02-13T23:31:30.123456789Z, a Friday
  const CivilFields sydney = CivilFieldsOf(at, "Australia/Sydney").value();
  EXPECT_EQ(sydney.day, 14);
  EXPECT_EQ(sydney.hours, 10);
  EXPECT_EQ(sydney.day_of_week, 6);
  EXPECT_EQ(sydney.milliseconds, 123);
  EXPECT_EQ(CivilFieldsOf(at, "Asia/Kathmandu")->minutes, 16);
  EXPECT_EQ(CivilFieldsOf(at, "US/Central")->hours, 17);
  EXPECT_EQ(CivilFieldsOf(at, "UTC")->hours, 23);
  EXPECT_EQ(CivilFieldsOf(at, "")->day_of_year, 44);
  EXPECT_EQ(CivilFieldsOf(at, "+11:00")->day, 14);
  EXPECT_EQ(CivilFieldsOf(at, "-09:30")->hours, 14);
  EXPECT_EQ(CivilFieldsOf(at, "2:00")->hours, 1);
}

TEST(Zones, ObserveSummerTime) {
  const TimestampValue winter = ParseTimestamp("2024-03-31T00:59:59Z").value();
  EXPECT_EQ(CivilFieldsOf(winter, "Europe/Berlin")->hours, 1);
  EXPECT_EQ(CivilFieldsOf({winter.seconds + 1, 0}, "Europe/Berlin")->hours, 3);
}

TEST(Zones, ObserveSummerTimeBeyondTheYearsThatAreListed) {
  const auto hours = [](const char* text, const char* zone) {
    return CivilFieldsOf(ParseTimestamp(text).value(), zone)->hours;
  };
  EXPECT_EQ(hours("2040-03-25T00:59:59Z", "Europe/Berlin"), 1);
  EXPECT_EQ(hours("2040-03-25T01:00:00Z", "Europe/Berlin"), 3);
  EXPECT_EQ(hours("2100-10-31T00:59:59Z", "Europe/Berlin"), 2);
  EXPECT_EQ(hours("2100-10-31T01:00:00Z", "Europe/Berlin"), 2);
  EXPECT_EQ(hours("2100-10-31T02:00:00Z", "Europe/Berlin"), 3);
  EXPECT_EQ(hours("2048-03-08T10:00:00Z", "America/Los_Angeles"), 3);
  EXPECT_EQ(hours("2048-03-08T09:59:59Z", "America/Los_Angeles"), 1);
  EXPECT_EQ(hours("2041-01-15T00:00:00Z", "Australia/Sydney"), 11);
  EXPECT_EQ(hours("2041-07-15T00:00:00Z", "Australia/Sydney"), 10);
  EXPECT_EQ(hours("2040-07-01T00:00:00Z", "Europe/Istanbul"), 3);
  EXPECT_EQ(hours("9999-12-31T00:00:00Z", "Asia/Tokyo"), 9);
}

TEST(Zones, StayWithinTheCalendarAtItsEnds) {
  EXPECT_EQ(CivilFieldsOf({kTimestampSecondsMin, 0}, "-23:59")->year, 0);
  EXPECT_EQ(CivilFieldsOf({kTimestampSecondsMax, 0}, "+23:59")->year, 10000);
  EXPECT_TRUE(CivilFieldsOf({kTimestampSecondsMax, 0}, "Europe/Berlin").ok());
}

TEST(Zones, AreRefusedWhenUnknown) {
  for (const char* zone : {"Nowhere", "../etc/passwd", "+1", "+24:00", "+01:60", "+01:00x",
                           "europe/berlin", " UTC", "+0100", "-", ":30"})
    EXPECT_FALSE(CivilFieldsOf({0, 0}, zone).ok()) << zone;
}

}  // namespace
}  // namespace strongroom::cel
