#include "authz/pattern.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace strongroom::authz {
namespace {

// A run of the pattern between two `*`: characters and `?`.
bool SegmentMatchesAt(std::string_view segment, std::string_view text, std::size_t at) {
  if (text.size() - at < segment.size()) return false;
  for (std::size_t i = 0; i < segment.size(); ++i)
    if (segment[i] != '?' && segment[i] != text[at + i]) return false;
  return true;
}

// All positions of the segment tried at once, 64 per word (Shift-And): the time depends on the
// lengths only, whatever an adversary writes.
std::size_t FindWithWildcards(std::string_view segment, std::string_view text, std::size_t from) {
  const std::size_t words = (segment.size() + 63) / 64;
  std::vector<std::uint64_t> accepts(256 * words, 0);
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    if (segment[i] != '?') {
      accepts[static_cast<unsigned char>(segment[i]) * words + i / 64] |= bit;
      continue;
    }
    for (std::size_t byte = 0; byte < 256; ++byte) accepts[byte * words + i / 64] |= bit;
  }
  std::vector<std::uint64_t> state(words, 0);
  const std::uint64_t last = std::uint64_t{1} << ((segment.size() - 1) % 64);
  for (std::size_t at = from; at < text.size(); ++at) {
    const std::uint64_t* mask = &accepts[static_cast<unsigned char>(text[at]) * words];
    std::uint64_t carry = 1;
    for (std::size_t w = 0; w < words; ++w) {
      const std::uint64_t next_carry = state[w] >> 63;
      state[w] = ((state[w] << 1) | carry) & mask[w];
      carry = next_carry;
    }
    if ((state[words - 1] & last) != 0) return at + 1 - segment.size();
  }
  return std::string_view::npos;
}

std::size_t Find(std::string_view segment, std::string_view text, std::size_t from) {
  if (segment.empty()) return from;
  if (segment.find('?') != std::string_view::npos) return FindWithWildcards(segment, text, from);
  // memmem is linear in the worst case; string_view::find is not.
  const void* found =
      memmem(text.data() + from, text.size() - from, segment.data(), segment.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

bool MatchesText(std::string_view pattern, std::string_view text) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos)
    return pattern.size() == text.size() && SegmentMatchesAt(pattern, text, 0);
  if (!SegmentMatchesAt(pattern.substr(0, star), text, 0)) return false;
  std::size_t at = star;
  // Between stars the leftmost place is as good as any other.
  for (;;) {
    const std::size_t begin = star + 1;
    star = pattern.find('*', begin);
    if (star == std::string_view::npos) {
      const std::string_view tail = pattern.substr(begin);
      return text.size() - at >= tail.size() &&
             SegmentMatchesAt(tail, text, text.size() - tail.size());
    }
    const std::string_view segment = pattern.substr(begin, star - begin);
    const std::size_t found = Find(segment, text, at);
    if (found == std::string_view::npos) return false;
    at = found + segment.size();
  }
}

bool MatchesResource(std::string_view pattern, std::string_view identifier) {
  if (MatchesText(pattern, identifier)) return true;
  // A leading part that ends before a dot matches the pattern exactly when the whole matches the
  // pattern followed by `.*`.
  std::string prefix(pattern);
  prefix += ".*";
  return MatchesText(prefix, identifier);
}

}  // namespace strongroom::authz
