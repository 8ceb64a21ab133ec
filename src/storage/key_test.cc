#include "storage/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <tuple>

#include "storage/store.h"

namespace strongroom::storage {
namespace {

using Tuple = std::tuple<std::string, std::int64_t, std::string>;

std::string Encode(const Tuple& tuple, Order order) {
  return KeyWriter(7)
      .Text(std::get<0>(tuple), order)
      .Int64(std::get<1>(tuple), order)
      .Text(std::get<2>(tuple), order)
      .Take();
}

// Short strings over few letters, with the bytes that the escaping treats specially.
rc::Gen<std::string> TrickyText() {
  return rc::gen::container<std::string>(
      rc::gen::element('\0', '\x01', '\x02', 'a', '\x7F', '\xFE', '\xFF'));
}

rc::Gen<Tuple> TrickyTuple() {
  return rc::gen::tuple(TrickyText(), rc::gen::arbitrary<std::int64_t>(), TrickyText());
}

RC_GTEST_PROP(Key, OrdersTuplesPartByPart, ()) {
  const Tuple a = *TrickyTuple();
  const Tuple b = *TrickyTuple();
  RC_ASSERT((a < b) == (Encode(a, Order::kAscending) < Encode(b, Order::kAscending)));
  RC_ASSERT((a < b) == (Encode(b, Order::kDescending) < Encode(a, Order::kDescending)));
}

RC_GTEST_PROP(Key, NoKeyIsThePrefixOfAnother, ()) {
  const Tuple a = *TrickyTuple();
  const Tuple b = *TrickyTuple();
  RC_PRE(a != b);
  for (const Order order : {Order::kAscending, Order::kDescending})
    RC_ASSERT(!Encode(a, order).starts_with(Encode(b, order)));
}

RC_GTEST_PROP(Key, ReadsBackWhatWasWritten, ()) {
  const Tuple tuple = *TrickyTuple();
  for (const Order order : {Order::kAscending, Order::kDescending}) {
    const std::string key = Encode(tuple, order);
    KeyReader reader(key);
    RC_ASSERT(reader.Byte().value() == 7);
    RC_ASSERT(reader.Text(order).value() == std::get<0>(tuple));
    RC_ASSERT(reader.Int64(order).value() == std::get<1>(tuple));
    RC_ASSERT(reader.Text(order).value() == std::get<2>(tuple));
    RC_ASSERT(reader.AtEnd());
  }
}

RC_GTEST_PROP(Key, NeverCrashesOnArbitraryBytes, ()) {
  const std::string bytes = *TrickyText();
  KeyReader reader(bytes);
  while (reader.Text().ok()) continue;
  KeyReader other(bytes);
  while (other.Uint64(Order::kDescending).ok()) continue;
}

TEST(Key, HoldsTheExtremesOfIntegersInOrder) {
  const auto key = [](std::int64_t value) { return KeyWriter().Int64(value).Take(); };
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_LT(key(kLeast), key(-1));
  EXPECT_LT(key(-1), key(0));
  EXPECT_LT(key(0), key(1));
  EXPECT_LT(key(1), key(kMost));
  EXPECT_EQ(KeyReader(key(kLeast)).Int64().value(), kLeast);
}

TEST(Key, EncodesByteForByteAsDocumented) {
  EXPECT_EQ(KeyWriter().Text(std::string_view("a\0b", 3)).Take(), std::string("a\0\xFF"
                                                                              "b\0\x01",
                                                                              6));
  EXPECT_EQ(KeyWriter().Uint64(258).Take(), std::string("\0\0\0\0\0\0\1\2", 8));
  EXPECT_EQ(KeyWriter().Byte(1, Order::kDescending).Take(), "\xFE");
  EXPECT_EQ(KeyWriter().Timestamp(base::Timestamp{}).Take(), std::string("\x80\0\0\0\0\0\0\0", 8));
}

TEST(Key, PrefixRangeEndsBehindTheLastKeyWithThePrefix) {
  EXPECT_EQ(PrefixRange("ab").end, "ac");
  EXPECT_EQ(PrefixRange("a\xFF").end, "b");
  EXPECT_EQ(PrefixRange("\xFF\xFF").end, "");
  EXPECT_EQ(PrefixRange("").end, "");
}

}  // namespace
}  // namespace strongroom::storage
