#include "scalars/decimal_encoding.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "scalars/decimal_samples.h"

namespace strongroom::scalars {
namespace {

std::string Stored(std::string_view text) {
  std::string out;
  AppendDecimal(D(text), out);
  return base::EncodeHex(out);
}

std::string Ordered(std::string_view text) {
  std::string out;
  AppendOrderedDecimal(D(text), out);
  return base::EncodeHex(out);
}

// These bytes are in data directories: a change of them is a change of the format.
TEST(DecimalEncoding, StoredFormIsFixed) {
  EXPECT_EQ(Stored("0"), "0000");
  EXPECT_EQ(Stored("0.00"), "0003");
  EXPECT_EQ(Stored("100"), "010064");
  EXPECT_EQ(Stored("-118.45"), "22032e45");
  EXPECT_EQ(Stored("1E-100"), "01c70101");
  EXPECT_EQ(Stored("inf"), "40");
  EXPECT_EQ(Stored("-inf"), "80");
  EXPECT_EQ(Stored("9999999999999999999999999999999999"), "0f0001ed09bead87c0378d8e63ffffffff");
}

TEST(DecimalEncoding, OrderedFormIsFixed) {
  EXPECT_EQ(Ordered("0.00"), "8000");
  EXPECT_EQ(Ordered("1"), "983914");
  EXPECT_EQ(Ordered("1.00"), "983914");
  EXPECT_EQ(Ordered("12.5"), "983a1964");
  EXPECT_EQ(Ordered("-1"), "67c7eb");
  EXPECT_EQ(Ordered("inf"), "ffff");
  EXPECT_EQ(Ordered("-inf"), "0000");
}

TEST(DecimalEncoding, OrdersFromMinusToPlusInfinity) {
  const char* const ascending[] = {
      "-inf", "-1E+6144", "-100", "-12.5", "-12.4", "-12", "-1E-6176", "0.0",     "1E-6176", "0.1",
      "0.11", "1",        "1.01", "1.1",   "9",     "10",  "10.5",     "1E+6144", "inf"};
  std::string last;
  for (const char* text : ascending) {
    std::string bytes;
    AppendOrderedDecimal(D(text), bytes);
    EXPECT_TRUE(text == ascending[0] || last < bytes) << text;
    last = bytes;
  }
}

TEST(DecimalEncoding, RefusesDamagedBytes) {
  for (const char* hex : {"", "00", "c0", "41", "2000", "0300", "010000", "018000", "0180", "0100",
                          "01ffff7f01", "0f00ffffffffffffffffffffffffffffff", "010264", "1f00"}) {
    const std::string bytes = base::DecodeHex(hex).value();
    std::string_view rest = bytes;
    EXPECT_FALSE(TakeDecimal(rest).ok()) << hex;
  }
  for (const char* hex :
       {"", "80", "9839", "983900", "98390100", "983915", "9839ff", "800114", "fffe14", "983902"}) {
    const std::string bytes = base::DecodeHex(hex).value();
    std::string_view rest = bytes;
    EXPECT_FALSE(TakeOrderedDecimal(rest).ok()) << hex;
  }
}

}  // namespace
}  // namespace strongroom::scalars
