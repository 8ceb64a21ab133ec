#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/result.h"
#include "base/uuid.h"

namespace strongroom::base {
namespace {

TEST(Encoding, Base64UrlHasOneSpellingPerValue) {
  EXPECT_EQ(EncodeBase64Url("\xff\xfe"), "__4");
  EXPECT_EQ(DecodeBase64Url("__4").value(), "\xff\xfe");
  for (const char* bad : {"__4=", "__5", "_", "_ _", "_+", "__\n4"})
    EXPECT_FALSE(DecodeBase64Url(bad).ok()) << bad;
}

TEST(Encoding, Base64RoundTripsEveryLength) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)).value(), bytes);
    EXPECT_EQ(DecodeBase64Url(EncodeBase64Url(bytes)).value(), bytes);
    EXPECT_EQ(DecodeHex(EncodeHex(bytes)).value(), bytes);
    bytes.push_back(static_cast<char>(i * 37));
  }
}

TEST(Encoding, Utf8RefusesOverlongSurrogateAndTruncated) {
  EXPECT_TRUE(IsUtf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* bad :
       {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFF"})
    EXPECT_FALSE(IsUtf8(bad));
}

TEST(Uuid, ParsesEitherCaseAndPrintsLower) {
  EXPECT_EQ(ParseUuid("B852FEA6-3445-49E7-BFD4-A162EEC08017").value().ToString(),
            "b852fea6-3445-49e7-bfd4-a162eec08017");
  EXPECT_EQ(ParseUuid("").error().message, "invalid UUID length: 0");
  EXPECT_FALSE(ParseUuid("b852fea6-3445-49e7-bfd4-a162eec0801g").ok());
  EXPECT_FALSE(ParseUuid("b852fea603445-49e7-bfd4-a162eec08017").ok());
}

TEST(Json, RefusesWhatLenientReadersTake) {
  for (const char* bad :
       {"{\"a\":1,\"a\":2}", "[{\"b\":{\"a\":1,\"a\":2}}]", "\xEF\xBB\xBF{}", "{} x", "1e400",
        "-1e999", "\"\\ud800\"", "\"\xff\"", "", "[1,]", "{'a':1}", "NaN", "[", "{\"a\":1"})
    EXPECT_FALSE(ParseJson(bad).ok()) << bad;
}

TEST(Json, BoundsDepth) {
  EXPECT_TRUE(ParseJson(std::string(32, '[') + std::string(32, ']')).ok());
  EXPECT_FALSE(ParseJson(std::string(33, '[') + std::string(33, ']')).ok());
  EXPECT_FALSE(ParseJson(std::string(1000000, '['), {.depth_max = 32, .bytes_max = 2000000}).ok());
}

TEST(Json, ReadsValuesWhole) {
  const auto value =
      ParseJson(" {\"a\":[1,-2,18446744073709551615,1.5,true,null,\"x\\u00e9\"]} ").value();
  EXPECT_EQ(value.at("a").at(0).to_number<int>(), 1);
  EXPECT_EQ(value.at("a").at(2).as_uint64(), 18446744073709551615U);
  EXPECT_EQ(value.at("a").at(6).as_string(), "x\xC3\xA9");
}

TEST(Clock, FormatsMicroseconds) {
  EXPECT_EQ(FormatTimestamp(Timestamp(std::chrono::nanoseconds(1800000000'000007999))),
            "2027-01-15T08:00:00.000007Z");
}

Result<int> Half(int number) {
  if (number % 2 != 0) return MakeError(ErrorCode::kBadRequest, "odd");
  return number / 2;
}
Result<int> Quarter(int number) {
  STRONGROOM_ASSIGN(const int half, Half(number));
  return Half(half);
}

TEST(Result, CarriesValueOrError) {
  EXPECT_EQ(Quarter(8).value(), 2);
  EXPECT_EQ(Quarter(6).error().message, "odd");
  EXPECT_DEATH((void)Quarter(6).value(), "internal error");
}

}  // namespace
}  // namespace strongroom::base
