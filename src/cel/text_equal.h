// Equality of short texts without a call. Internal.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace strongroom::cel {

namespace text_equal {
template <typename Word>
Word Load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}
// The first and the last word, which overlap where the text is shorter than two.
template <typename Word>
bool EndsEqual(const char* a, const char* b, std::size_t size) {
  const std::size_t last = size - sizeof(Word);
  return Load<Word>(a) == Load<Word>(b) && Load<Word>(a + last) == Load<Word>(b + last);
}
}  // namespace text_equal

inline bool TextEqual(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return text_equal::EndsEqual<std::uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return text_equal::EndsEqual<std::uint32_t>(a.data(), b.data(), size);
  if (size >= 2) return text_equal::EndsEqual<std::uint16_t>(a.data(), b.data(), size);
  return size == 0 || a[0] == b[0];
}

}  // namespace strongroom::cel
