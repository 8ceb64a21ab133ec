// A pattern and a text, parted by the first line feed, against dynamic programming over both
// (security 6.11).
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "authz/pattern.h"
#include "base/check.h"

namespace {

// For each length: whether the pattern matches so much of the text's beginning.
std::vector<bool> MatchedPrefixes(std::string_view pattern, std::string_view text) {
  std::vector<bool> row(text.size() + 1, false);
  row[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(text.size() + 1, false);
    if (c == '*') next[0] = row[0];
    for (std::size_t i = 1; i <= text.size(); ++i)
      next[i] = c == '*' ? row[i] || next[i - 1] : row[i - 1] && (c == '?' || c == text[i - 1]);
    row = std::move(next);
  }
  return row;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t border = input.find('\n');
  if (border == std::string_view::npos) return 0;
  const std::string_view pattern = input.substr(0, border);
  const std::string_view text = input.substr(border + 1);
  const std::vector<bool> prefixes = MatchedPrefixes(pattern, text);
  bool covered = prefixes.back();
  for (std::size_t i = 0; i < text.size(); ++i)
    covered = covered || (text[i] == '.' && prefixes[i]);
  using namespace strongroom::authz;  // NOLINT(google-build-using-namespace)
  STRONGROOM_CHECK(MatchesText(pattern, text) == prefixes.back());
  STRONGROOM_CHECK(MatchesResource(pattern, text) == covered);
  return 0;
}
