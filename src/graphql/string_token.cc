#include "graphql/string_token.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace strongroom::graphql {
namespace {

constexpr const char* kUnterminated = "Unterminated string";
constexpr const char* kBadCharacter = "Invalid character within String";
constexpr const char* kBadEscape = "Invalid character escape sequence";
constexpr const char* kBadUnicode = "Invalid Unicode escape sequence";

StringToken Fault(std::size_t at, const char* message) { return {false, at, {}, message}; }

bool IsScalar(std::uint32_t point) {
  return point <= 0xD7FF || (point >= 0xE000 && point <= 0x10FFFF);
}

void AppendUtf8(std::uint32_t point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | point >> 6);
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3F));
    put(0x80 | (point >> 6 & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What follows `\u`, at most eight digits so that nothing overflows.
std::optional<std::uint32_t> ReadHex(std::string_view digits) {
  if (digits.empty() || digits.size() > 8) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : digits) {
    const int digit = HexDigit(c);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

std::optional<std::uint32_t> ReadFour(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  return ReadHex(text.substr(at, 4));
}

// The escape at `at` appended to `out`; how many bytes it takes, 0 when it is wrong.
std::size_t ReadUnicodeEscape(std::string_view text, std::size_t at, std::string& out) {
  if (text.substr(at + 2, 1) == "{") {
    const std::size_t close = text.substr(0, at + 12).find('}', at + 3);
    if (close == std::string_view::npos) return 0;
    const auto point = ReadHex(text.substr(at + 3, close - at - 3));
    if (!point || !IsScalar(*point)) return 0;
    AppendUtf8(*point, out);
    return close + 1 - at;
  }
  const auto unit = ReadFour(text, at + 2);
  if (!unit) return 0;
  if (IsScalar(*unit)) {
    AppendUtf8(*unit, out);
    return 6;
  }
  const auto trail = text.substr(at + 6, 2) == "\\u" ? ReadFour(text, at + 8) : std::nullopt;
  if (*unit > 0xDBFF || !trail || *trail < 0xDC00 || *trail > 0xDFFF) return 0;
  AppendUtf8(0x10000 + ((*unit - 0xD800) << 10) + (*trail - 0xDC00), out);
  return 12;
}

bool ReadSimpleEscape(char c, std::string& out) {
  static constexpr std::string_view kFrom = "\"\\/bfnrt";
  static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  const std::size_t at = kFrom.find(c);
  if (at == std::string_view::npos) return false;
  out += kTo[at];
  return true;
}

std::size_t LeadingWhiteSpace(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

// BlockStringValue, GraphQL 2.9.4: common indentation and blank lines at both ends go.
std::string Dedent(const std::vector<std::string>& lines) {
  std::size_t indent = std::string::npos, first = lines.size(), last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t leading = LeadingWhiteSpace(lines[i]);
    if (leading == lines[i].size()) continue;
    first = std::min(first, i);
    last = i;
    if (i > 0) indent = std::min(indent, leading);
  }
  std::string value;
  for (std::size_t i = first; i < lines.size() && i <= last; ++i) {
    if (i > first) value += '\n';
    value += i == 0 ? lines[i] : lines[i].substr(std::min(indent, lines[i].size()));
  }
  return value;
}

}  // namespace

std::size_t CodePointBytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto trails = [&](std::size_t count) {
    for (std::size_t i = 2; i <= count; ++i)
      if ((byte(i) & 0xC0) != 0x80) return false;
    return true;
  };
  const unsigned lead = byte(0), second = byte(1);
  if (lead < 0x80) return at < text.size() ? 1 : 0;
  if ((second & 0xC0) != 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    return trails(2) ? 3 : 0;
  }
  if (lead < 0xF0 || lead > 0xF4) return 0;
  if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
  return trails(3) ? 4 : 0;
}

std::string_view Keep(std::string_view text, std::pmr::memory_resource& arena) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(arena.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

StringToken ReadString(std::string_view text, std::size_t start, std::pmr::memory_resource& arena) {
  std::string decoded;
  bool escaped = false;
  std::size_t at = start + 1, chunk = at;
  while (at < text.size() && text[at] != '\n' && text[at] != '\r') {
    if (text[at] == '"') {
      const std::string_view rest = text.substr(chunk, at - chunk);
      if (!escaped) return {true, at + 1, rest, ""};
      return {true, at + 1, Keep(decoded.append(rest), arena), ""};
    }
    if (text[at] != '\\') {
      const std::size_t bytes = CodePointBytes(text, at);
      if (bytes == 0) return Fault(at, kBadCharacter);
      at += bytes;
      continue;
    }
    escaped = true;
    decoded.append(text.substr(chunk, at - chunk));
    const char c = at + 1 < text.size() ? text[at + 1] : '\0';
    if (c == 'u') {
      const std::size_t bytes = ReadUnicodeEscape(text, at, decoded);
      if (bytes == 0) return Fault(at, kBadUnicode);
      at += bytes;
    } else {
      if (!ReadSimpleEscape(c, decoded)) return Fault(at, kBadEscape);
      at += 2;
    }
    chunk = at;
  }
  return Fault(at, kUnterminated);
}

StringToken ReadBlockString(std::string_view text, std::size_t start,
                            std::pmr::memory_resource& arena) {
  std::vector<std::string> lines(1);
  std::size_t at = start + 3;
  while (at < text.size()) {
    if (text.substr(at, 3) == "\"\"\"") return {true, at + 3, Keep(Dedent(lines), arena), ""};
    if (text.substr(at, 4) == "\\\"\"\"") {
      lines.back() += "\"\"\"";
      at += 4;
    } else if (text[at] == '\n' || text[at] == '\r') {
      at += text.substr(at, 2) == "\r\n" ? 2 : 1;
      lines.emplace_back();
    } else {
      const std::size_t bytes = CodePointBytes(text, at);
      if (bytes == 0) return Fault(at, kBadCharacter);
      lines.back().append(text.substr(at, bytes));
      at += bytes;
    }
  }
  return Fault(at, kUnterminated);
}

}  // namespace strongroom::graphql
