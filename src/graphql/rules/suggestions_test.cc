#include "graphql/rules/suggestions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/rules/positions.h"

namespace strongroom::graphql::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Suggestions, AreTheNearestNamesFirst) {
  EXPECT_THAT(NearestNames("greenish", {"green", "red", "greensih", "Greenish", "greenis"}),
              ElementsAre("Greenish", "greenis", "greensih", "green"));
  EXPECT_THAT(NearestNames("x", {"dog", "human"}), IsEmpty());
  EXPECT_THAT(NearestNames("a33", {"a34", "a4", "b33", "a"}), ElementsAre("a34", "b33", "a", "a4"));
}

TEST(Suggestions, AreWrittenAsASentence) {
  EXPECT_EQ(DidYouMean({}, {}), "");
  EXPECT_EQ(DidYouMean({}, {"A"}), " Did you mean \"A\"?");
  EXPECT_EQ(DidYouMean("the enum value", {"A", "B"}),
            " Did you mean the enum value \"A\" or \"B\"?");
  EXPECT_EQ(DidYouMean({}, {"A", "B", "C", "D", "E", "F"}),
            " Did you mean \"A\", \"B\", \"C\", \"D\", or \"E\"?");
}

TEST(Suggestions, SortNumbersInNamesAsNumbers) {
  EXPECT_TRUE(NaturalLess("a2", "a10"));
  EXPECT_TRUE(NaturalLess("a", "a0"));
  EXPECT_TRUE(NaturalLess("A", "a"));
  EXPECT_FALSE(NaturalLess("a10", "a9b"));
  EXPECT_FALSE(NaturalLess("a", "a"));
}

TEST(Positions, AreThoseOfLocationAt) {
  const std::string_view text = "\xEF\xBB\xBF{a\r\n\xF0\x9F\x98\x80 b\r c\n\n\xC3\xA9 d";
  std::vector<std::uint32_t> offsets;
  for (std::uint32_t i = 0; i <= text.size(); ++i) {
    const bool inside = i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    const bool between = i > 0 && text[i - 1] == '\r' && i < text.size() && text[i] == '\n';
    if (!inside && !between) offsets.push_back(i);
  }
  Positions positions(text);
  positions.Want(offsets);
  positions.Locate();
  for (const std::uint32_t offset : offsets) {
    EXPECT_EQ(positions.At(offset), LocationAt(text, offset)) << offset;
  }
}

}  // namespace
}  // namespace strongroom::graphql::rules
