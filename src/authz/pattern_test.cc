// SPEC 4; security 6.11, 6.12.
#include "authz/pattern.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

namespace strongroom::authz {
namespace {

// The obvious evaluator: dynamic programming over (pattern, text).
bool SlowMatch(const std::string& pattern, const std::string& text) {
  std::vector<std::vector<bool>> match(pattern.size() + 1,
                                       std::vector<bool>(text.size() + 1, false));
  match[0][0] = true;
  for (std::size_t p = 1; p <= pattern.size(); ++p) {
    for (std::size_t t = 0; t <= text.size(); ++t) {
      const char c = pattern[p - 1];
      if (c == '*')
        match[p][t] = match[p - 1][t] || (t > 0 && match[p][t - 1]);
      else
        match[p][t] = t > 0 && match[p - 1][t - 1] && (c == '?' || c == text[t - 1]);
    }
  }
  return match[pattern.size()][text.size()];
}

// A leading part that ends before a dot, tried one after the other.
bool SlowMatchesResource(const std::string& pattern, const std::string& identifier) {
  if (SlowMatch(pattern, identifier)) return true;
  for (std::size_t i = 0; i < identifier.size(); ++i)
    if (identifier[i] == '.' && SlowMatch(pattern, identifier.substr(0, i))) return true;
  return false;
}

rc::Gen<std::string> Over(const std::string& alphabet) {
  return rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
}

RC_GTEST_PROP(PatternProperty, AgreesWithDynamicProgramming, ()) {
  const auto pattern = *Over("ab.*?");
  const auto text = *Over("ab.");
  RC_ASSERT(MatchesText(pattern, text) == SlowMatch(pattern, text));
  RC_ASSERT(MatchesResource(pattern, text) == SlowMatchesResource(pattern, text));
}

RC_GTEST_PROP(PatternProperty, AgreesOnPatternsMadeFromTheText, ()) {
  // Random patterns seldom match long texts, so these are cut from the text itself.
  const auto text = *rc::gen::resize(80, Over("ab."));
  std::string pattern;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int choice = *rc::gen::inRange(0, 12);
    if (choice == 0) {
      pattern += '*';
      i += *rc::gen::inRange<std::size_t>(0, 8);
    } else {
      pattern += choice == 1 ? '?' : choice == 2 ? 'a' : text[i];
    }
  }
  RC_ASSERT(MatchesText(pattern, text) == SlowMatch(pattern, text));
  RC_ASSERT(MatchesResource(pattern, text) == SlowMatchesResource(pattern, text));
}

// The table in the manual is this test's data.
TEST(Pattern, TableOfTheManualHolds) {
  std::ifstream page(STRONGROOM_DOCS_DIR "/reference/policies.md");
  ASSERT_TRUE(page) << STRONGROOM_DOCS_DIR;
  int rows = 0;
  std::string line;
  while (std::getline(page, line)) {
    // | `pattern` | `identifier` | yes |
    if (!line.starts_with("| `") || (!line.ends_with("| yes |") && !line.ends_with("| no |")))
      continue;
    std::vector<std::string> cells;
    for (std::size_t at = 0; (at = line.find('`', at)) != std::string::npos;) {
      const std::size_t end = line.find('`', at + 1);
      ASSERT_NE(end, std::string::npos) << line;
      cells.push_back(line.substr(at + 1, end - at - 1));
      at = end + 1;
    }
    ASSERT_EQ(cells.size(), 2U) << line;
    EXPECT_EQ(MatchesResource(cells[0], cells[1]), line.ends_with("| yes |")) << line;
    ++rows;
  }
  EXPECT_GE(rows, 45) << "the table of the manual was not found";
}

TEST(Pattern, TheEmptyPatternMatchesNothingButTheEmptyText) {
  EXPECT_TRUE(MatchesText("", ""));
  EXPECT_TRUE(MatchesText("*", ""));
  EXPECT_FALSE(MatchesText("?", ""));
  EXPECT_FALSE(MatchesText("", "a"));
  EXPECT_FALSE(MatchesResource("", "financial.Account.document.name"));
}

// `bench/run authz` has the figures (tens of microseconds); what backtracks needs seconds here.
TEST(Pattern, WhatAnAdversaryWritesTakesNoLongerThanOtherPatterns) {
  std::string stars;
  while (stars.size() < 10240) stars += "*a";
  const std::string text(10240, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(MatchesResource(stars, text));
  EXPECT_FALSE(MatchesResource(stars + "b", text));
  EXPECT_FALSE(MatchesResource("*" + std::string(5120, 'a') + "b*", text));
  EXPECT_FALSE(MatchesResource("*" + std::string(5120, 'a') + "?b*", text));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace strongroom::authz
