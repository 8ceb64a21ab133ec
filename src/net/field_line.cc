#include "net/field_line.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace strongroom::net {
namespace {

constexpr std::array<bool, 256> Set(std::string_view others, bool alphanumeric) {
  std::array<bool, 256> set{};
  for (const char c : others) set[static_cast<unsigned char>(c)] = true;
  if (alphanumeric)
    for (unsigned c = 0; c < 128; ++c)
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) set[c] = true;
  return set;
}

constexpr std::array<bool, 256> kTokenCharacters = Set("!#$%&'*+-.^_`|~", true);
constexpr std::array<bool, 256> kAuthorityCharacters = Set("-._~%!$&'()*+,;=:[]", true);

bool AllIn(const std::array<bool, 256>& set, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return set[static_cast<unsigned char>(c)]; });
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

bool IsToken(std::string_view text) { return !text.empty() && AllIn(kTokenCharacters, text); }

bool IsFieldValue(std::string_view text) {
  if (!text.empty() && (IsBlank(text.front()) || IsBlank(text.back()))) return false;
  bool control = false;  // without an early end, so that many characters are looked at together
  for (const unsigned char c : text) control |= (c < 0x20 && c != '\t') || c == 0x7f;
  return !control;
}

std::optional<HeaderView> ParseFieldLine(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !IsToken(line.substr(0, colon))) return std::nullopt;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && IsBlank(value.front())) value.remove_prefix(1);
  while (!value.empty() && IsBlank(value.back())) value.remove_suffix(1);
  if (!IsFieldValue(value)) return std::nullopt;
  return HeaderView{line.substr(0, colon), value};
}

bool EqualsIgnoringCase(std::string_view a, std::string_view lower_case) {
  return std::ranges::equal(a, lower_case, [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
  });
}

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
  std::uint64_t number = 0;
  if (text.empty() || text.size() > 18) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsMethod(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; });
}

bool IsTarget(std::string_view text) {
  if (text == "*") return true;
  return text.starts_with('/') && std::ranges::all_of(text, [](unsigned char c) {
           return c > 0x20 && c < 0x7f && c != '#';
         });
}

bool IsAuthority(std::string_view text) {
  return !text.empty() && AllIn(kAuthorityCharacters, text);
}

}  // namespace strongroom::net
