#include "cel/value.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>
#include <cmath>
#include <limits>

#include "cel/numbers.h"
#include "cel/text_equal.h"
#include "cel/type.h"
#include "cel/value_map.h"
#include "cel/value_size.h"

namespace strongroom::cel {
namespace {

TEST(Value, ReadsEveryKindOfJson) {
  const auto json = boost::json::parse(
      R"([null, true, -1, 9223372036854775807, 9223372036854775808, 1.0, "a", [1], {"k": 2}])");
  Arena arena;
  const Value list = Value::Json(json);
  ASSERT_EQ(list.Size(), 9U);
  EXPECT_TRUE(list.At(0, arena).is(Kind::kNull));
  EXPECT_TRUE(list.At(1, arena).is_true());
  EXPECT_EQ(list.At(2, arena).AsInt(), -1);
  EXPECT_EQ(list.At(3, arena).AsInt(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(list.At(4, arena).AsUint(), 9223372036854775808U);
  EXPECT_EQ(list.At(5, arena).AsDouble(), 1.0);
  EXPECT_EQ(list.At(6, arena).AsString(), "a");
  EXPECT_EQ(list.At(7, arena).At(0, arena).AsInt(), 1);
  EXPECT_EQ(list.At(8, arena).Find("k", arena).AsInt(), 2);
  EXPECT_TRUE(list.At(8, arena).Find("l", arena).absent());
  EXPECT_TRUE(list.At(8, arena).Find(Value::Int(1), arena).absent());
  EXPECT_EQ(ToText(list),
            "[null, true, -1, 9223372036854775807, 9223372036854775808u, 1.0, \"a\", [1], "
            "{\"k\": 2}]");
}

TEST(Value, FindsMembersOfLargeObjects) {
  boost::json::object object;
  for (int i = 0; i < 100; ++i) object["key" + std::to_string(i)] = i;
  Arena arena;
  const Value map = Value::Json(object);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(map.Find("key" + std::to_string(i), arena).AsInt(), i);
  EXPECT_TRUE(map.Find("key100", arena).absent());
}

TEST(DeepCopy, NeedsNothingOfTheOriginal) {
  Arena arena;
  Value copy;
  {
    const auto json = boost::json::parse(R"({"a": ["x", {"b": "y"}]})");
    copy = DeepCopy(Value::Json(json), arena);
  }
  EXPECT_EQ(ToText(copy), R"({"a": ["x", {"b": "y"}]})");
  EXPECT_NE(copy.Find("a", arena).plain_elements(), nullptr);
}

TEST(MapBuilder, RefusesRepeatedKeysHoweverManyThereAre) {
  Arena arena;
  MapBuilder builder(arena);
  using enum MapBuilder::Outcome;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(builder.Add(Value::Int(i), Value::Int(i)), kAdded);
    EXPECT_EQ(builder.Add(Value::Uint(static_cast<std::uint64_t>(i / 2)), Value::Null()),
              kDuplicate);
  }
  EXPECT_EQ(builder.Add(Value::Bool(true), Value::Null()), kAdded);
  EXPECT_EQ(builder.Add(Value::String("1"), Value::Null()), kAdded);
  EXPECT_EQ(builder.Add(Value::String("1"), Value::Null()), kDuplicate);
  EXPECT_EQ(builder.Add(Value::Double(0.5), Value::Null()), kNoKey);
  EXPECT_EQ(builder.Add(Value::Null(), Value::Null()), kNoKey);
  const Value map = builder.Build();
  EXPECT_EQ(map.Size(), 1002U);
  EXPECT_EQ(map.Find(Value::Double(7.0), arena).AsInt(), 7);
}

TEST(IsWithin, LooksNoFurtherThanTheLimit) {
  // A list of two lists of two lists …
  std::vector<std::array<Value, 2>> levels(100);
  levels[0] = {Value::String("abc"), Value::Int(1)};
  for (std::size_t i = 1; i < levels.size(); ++i) levels[i].fill(Value::List(levels[i - 1]));
  EXPECT_FALSE(IsWithin(Value::List(levels.back()), {1000, 1000}));
  EXPECT_TRUE(IsWithin(Value::List(levels[1]), {6, 6}));
  EXPECT_FALSE(IsWithin(Value::List(levels[1]), {5, 6}));
  EXPECT_FALSE(IsWithin(Value::List(levels[1]), {6, 5}));
}

TEST(Arena, KeepsItsFirstBlock) {
  Arena arena;
  const std::string_view first = arena.Copy("one");
  for (int i = 0; i < 100; ++i) arena.Copy(std::string(1000, 'x'));
  EXPECT_EQ(first, "one");
  EXPECT_GE(arena.used(), 100000U);
  arena.Reset();
  EXPECT_EQ(arena.used(), 0U);
  EXPECT_EQ(arena.Copy("two").data(), first.data());
  auto* aligned = static_cast<std::byte*>(arena.Allocate(8, 8));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(aligned) % 8, 0U);
}

TEST(Type, IsWrittenAsErrorsShowIt) {
  EXPECT_EQ(Type::Map(Type::String(), Type::List(Type::Dyn())).ToString(),
            "map(string, list(dyn))");
  EXPECT_EQ(Type::TypeType(Type::Int()).ToString(), "type(int)");
  EXPECT_EQ(Type::TypeType().ToString(), "type");
  EXPECT_EQ(Type::Optional(Type::Opaque("uuid")).ToString(), "optional_type(uuid)");
  EXPECT_EQ(Type::List(Type::Int()), Type::List(Type::Int()));
  EXPECT_FALSE(Type::Struct("a") == Type::Enum("a"));
}

RC_GTEST_PROP(TextEqual, AgreesWithTheStandardLibrary, (const std::string& a, bool near)) {
  std::string b = near ? a : *rc::gen::arbitrary<std::string>();
  if (near && !b.empty() && *rc::gen::arbitrary<bool>())
    b[*rc::gen::inRange<std::size_t>(0, b.size())] ^= 1;
  RC_ASSERT(TextEqual(a, b) == (a == b));
}

// What 64 bits and a sign can hold, compared without rounding.
RC_GTEST_PROP(Numbers, CompareAcrossKinds, (std::int64_t i, std::uint64_t u, bool small)) {
  if (small) {
    i %= 4;
    u %= 4;
  }
  const auto wide = static_cast<__int128_t>(i) <=> static_cast<__int128_t>(u);
  RC_ASSERT(CompareNumbers(Value::Int(i), Value::Uint(u)) == wide);
  RC_ASSERT(CompareNumbers(Value::Uint(u), Value::Int(i)) == (0 <=> wide));
  const auto rounded = static_cast<double>(i) <=> static_cast<double>(u);
  RC_ASSERT(CompareNumbers(Value::Int(i), Value::Double(static_cast<double>(u))) == rounded);
  RC_ASSERT(CompareNumbers(Value::Double(std::nan("")), Value::Int(i)) ==
            std::partial_ordering::unordered);
}

}  // namespace
}  // namespace strongroom::cel
