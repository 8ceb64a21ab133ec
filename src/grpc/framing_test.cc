#include "grpc/framing.h"

#include <gtest/gtest.h>

#include "grpc/limits.h"

namespace strongroom::grpc {
namespace {

using std::chrono::nanoseconds;

std::string Prefixed(std::string_view bytes, bool compressed = false) {
  std::string out(1, compressed ? '\x01' : '\x00');
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(bytes.size() >> shift);
  return out.append(bytes);
}

TEST(Framing, TakesMessagesOutOfPiecesOfAnySize) {
  const std::string all =
      Frame("", false) + Frame("one", false) + Frame(std::string(3000, 'x'), true);
  for (std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, all.size()}) {
    Deframer deframer;
    std::vector<std::string> messages;
    Status refused;
    for (std::size_t at = 0; at < all.size(); at += step) {
      deframer.Append(std::string_view(all).substr(at, step));
      while (auto message = deframer.Next(true, refused)) messages.push_back(*message);
    }
    ASSERT_TRUE(refused.ok());
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_EQ(messages[0], "");
    EXPECT_EQ(messages[1], "one");
    EXPECT_EQ(messages[2], std::string(3000, 'x'));
    EXPECT_EQ(deframer.size(), 0u);
  }
}

TEST(Framing, RefusesLongMessagesByTheirPrefix) {
  Deframer deframer;
  Status refused;
  deframer.Append(std::string_view("\x00\x00\x40\x00\x01", 5));
  EXPECT_FALSE(deframer.Next(false, refused));
  EXPECT_EQ(refused.code, Code::kResourceExhausted);
}

TEST(Framing, TakesAMessageOfExactlyTheLimit) {
  Deframer deframer;
  Status refused;
  deframer.Append(Frame(std::string(limits::kMessageBytesMax, 'm'), false));
  EXPECT_EQ(deframer.Next(false, refused)->size(), limits::kMessageBytesMax);
}

TEST(Framing, RefusesCompressionThatWasNotAnnounced) {
  Deframer deframer;
  Status refused;
  deframer.Append(Prefixed("x", true));
  EXPECT_FALSE(deframer.Next(false, refused));
  EXPECT_EQ(refused.code, Code::kInternal);
}

TEST(Framing, BoundsWhatCompressedMessagesBecome) {
  const std::string bomb = Deflate(std::string(limits::kMessageBytesMax + 1, 'b'));
  EXPECT_LT(bomb.size(), std::size_t{64} << 10);
  Deframer deframer;
  Status refused;
  deframer.Append(Prefixed(bomb, true));
  EXPECT_FALSE(deframer.Next(true, refused));
  EXPECT_EQ(refused.code, Code::kResourceExhausted);
}

TEST(Framing, RefusesGzipThatIsBrokenOrGoesOn) {
  const std::string whole = Deflate(std::string(5000, 'w'));
  for (const std::string& bad :
       {std::string("not gzip"), whole.substr(0, whole.size() - 4), whole + "x", std::string()}) {
    std::string out;
    bool too_long = false;
    EXPECT_FALSE(Inflate(bad, 10000, out, too_long));
    EXPECT_FALSE(too_long);
  }
  std::string out;
  bool too_long = false;
  EXPECT_TRUE(Inflate(whole, 5000, out, too_long));
  EXPECT_EQ(out.size(), 5000u);
  EXPECT_FALSE(Inflate(whole, 4999, out, too_long));
  EXPECT_TRUE(too_long);
}

TEST(Framing, CompressesOnlyWhatGetsShorter) {
  EXPECT_EQ(Frame("short", true)[0], '\0');
  EXPECT_EQ(Frame(std::string(2000, 'a'), true)[0], '\1');
}

TEST(Framing, ReadsTimeouts) {
  EXPECT_EQ(ParseTimeout("1H"), std::chrono::hours(1));
  EXPECT_EQ(ParseTimeout("2M"), std::chrono::minutes(2));
  EXPECT_EQ(ParseTimeout("3S"), std::chrono::seconds(3));
  EXPECT_EQ(ParseTimeout("4m"), std::chrono::milliseconds(4));
  EXPECT_EQ(ParseTimeout("5u"), std::chrono::microseconds(5));
  EXPECT_EQ(ParseTimeout("6n"), nanoseconds(6));
  EXPECT_GT(*ParseTimeout("99999999H"), std::chrono::hours(999999));
  for (const char* bad : {"", "S", "1", "-1S", "1s", "123456789S", "1 S", "1.5S"})
    EXPECT_FALSE(ParseTimeout(bad)) << bad;
}

TEST(Status, BecomesTrailers) {
  const auto trailers = TrailersOf({Code::kNotFound, "no `x`: 5 % ä\n", "\x08\x05"});
  ASSERT_EQ(trailers.size(), 3u);
  EXPECT_EQ(trailers[0].value, "5");
  EXPECT_EQ(trailers[1].value, "no `x`: 5 %25 %C3%A4%0A");
  EXPECT_EQ(trailers[2].value, "CAU");
  EXPECT_EQ(TrailersOf({}).size(), 1u);
}

TEST(Status, CutsLongTextsBetweenCharacters) {
  const auto trailers =
      TrailersOf({Code::kUnknown, std::string(1023, 'a') + "ä", std::string(5000, 'd')});
  ASSERT_EQ(trailers.size(), 2u);  // the details are too long
  EXPECT_EQ(trailers[1].value, std::string(1023, 'a'));
}

}  // namespace
}  // namespace strongroom::grpc
