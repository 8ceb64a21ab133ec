#include "scalars/letter_case.h"

#include <gtest/gtest.h>

namespace strongroom::scalars {
namespace {

TEST(LetterCase, KnowsUnicode) {
  EXPECT_EQ(ToUpper(std::string_view("straße äöü éñ αβγ жиз")), "STRAßE ÄÖÜ ÉÑ ΑΒΓ ЖИЗ");
  EXPECT_EQ(ToLower(std::string_view("ÄÖÜ ÉÑ ΑΒΓ ЖИЗ 😀")), "äöü éñ αβγ жиз 😀");
  EXPECT_EQ(ToUpper(std::string_view("i")), "I");  // not by a Turkish custom
}

TEST(LetterCase, GivesWordsTheirInitials) {
  EXPECT_EQ(ToTitleWords("her royal highness"), "Her Royal Highness");
  EXPECT_EQ(ToTitleWords("élan vital, o'neil-x_y"), "Élan Vital, O'Neil-X_y");
  EXPECT_EQ(ToTitleWords(""), "");
}

TEST(LetterCase, ComparesWithoutCase) {
  EXPECT_TRUE(EqualFold("Straße ÄΣ", "sTRAßE äς"));
  EXPECT_FALSE(EqualFold("a", "b"));
  EXPECT_FALSE(EqualFold("a", "aa"));
}

}  // namespace
}  // namespace strongroom::scalars
