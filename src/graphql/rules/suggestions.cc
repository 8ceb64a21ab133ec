#include "graphql/rules/suggestions.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

namespace strongroom::graphql::rules {

namespace {

constexpr std::size_t kSuggestionsMax = 5;

// UTF-16 as clients count; names are ASCII, only what was written instead may be more.
std::u16string Utf16Lower(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      units.push_back(static_cast<char16_t>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte));
    } else if (byte >= 0xC0) {  // what letter it is matters to no name
      units.append(byte >= 0xF0 ? 2 : 1, u'\uFFFD');
    }
  }
  return units;
}

// Optimal string alignment over three rows.
std::size_t Distance(const std::u16string& left, const std::u16string& right) {
  std::array<std::vector<std::size_t>, 3> rows;
  rows.fill(std::vector<std::size_t>(right.size() + 1));
  std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    const std::vector<std::size_t>& above = rows[(i - 1) % 3];
    std::vector<std::size_t>& row = rows[i % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[left.size() % 3][right.size()];
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Cuts the number off the front of `text`: its digits without leading zeros.
std::string_view TakeNumber(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view number = text.substr(0, end);
  text.remove_prefix(end);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

}  // namespace

bool NaturalLess(std::string_view left, std::string_view right) {
  const std::size_t left_size = left.size();
  const std::size_t right_size = right.size();
  while (!left.empty() && !right.empty()) {
    if (IsDigit(left[0]) && IsDigit(right[0])) {
      const std::string_view a = TakeNumber(left);
      const std::string_view b = TakeNumber(right);
      if (a.size() != b.size()) return a.size() < b.size();
      if (a != b) return a < b;
    } else {
      if (left[0] != right[0]) return left[0] < right[0];
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  return left_size < right_size;
}

std::vector<std::string_view> NearestNames(std::string_view input,
                                           const std::vector<std::string_view>& names) {
  struct Candidate {
    std::string_view name;
    std::size_t distance;
  };
  const std::u16string lower = Utf16Lower(input);
  const std::size_t reach = lower.size() * 2 / 5 + 1;
  std::vector<Candidate> candidates;
  for (const std::string_view name : names) {
    const std::u16string name_lower = Utf16Lower(name);
    const auto [shorter, longer] = std::minmax({lower.size(), name_lower.size()});
    if (longer - shorter > reach) continue;
    std::size_t distance = name == input ? 0 : 1;
    if (name_lower != lower) distance = Distance(name_lower, lower);
    if (distance <= reach) candidates.push_back({name, distance});
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.distance != b.distance ? a.distance < b.distance : NaturalLess(a.name, b.name);
  });
  std::vector<std::string_view> nearest;
  for (const Candidate& candidate : candidates) nearest.push_back(candidate.name);
  return nearest;
}

std::string DidYouMean(std::string_view what, const std::vector<std::string_view>& names) {
  if (names.empty()) return {};
  std::string text = " Did you mean ";
  if (!what.empty()) text.append(what).append(" ");
  const std::size_t shown = std::min(names.size(), kSuggestionsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == shown;
    if (i > 0) text += shown == 2 ? " or " : is_last ? ", or " : ", ";
    text.append("\"").append(names[i]).append("\"");
  }
  return text + "?";
}

}  // namespace strongroom::graphql::rules
