#include "cel/issue.h"

#include <algorithm>

namespace strongroom::cel {
namespace {

std::string_view LineOf(std::string_view source, std::size_t offset) {
  offset = std::min(offset, source.size());
  const std::size_t before = offset == 0 ? std::string_view::npos : source.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return source.substr(start, source.find('\n', start) - start);
}

bool IsContinuation(char c) { return (c & 0xC0) == 0x80; }

// Points at a column; wide characters need wide dots to stand under them.
std::string Pointer(std::string_view line, std::uint32_t column) {
  std::string pointer;
  std::size_t at = 0;
  const auto wide = [&] { return at < line.size() && (line[at] & 0x80) != 0; };
  for (std::uint32_t i = 1; i < column && at < line.size(); ++i) {
    pointer += wide() ? "\xEF\xBC\x8E" : ".";
    ++at;
    while (at < line.size() && IsContinuation(line[at])) ++at;
  }
  return pointer + (wide() ? "\xEF\xBC\xBE" : "^");
}

}  // namespace

std::string FormatIssues(std::string_view source, const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    std::string line(LineOf(source, issue.offset));
    std::ranges::replace(line, '\t', ' ');
    if (!text.empty()) text += '\n';
    text += "ERROR: <input>:" + std::to_string(issue.line) + ':' + std::to_string(issue.column) +
            ": " + issue.message + "\n | " + line + "\n | " + Pointer(line, issue.column);
  }
  return text;
}

}  // namespace strongroom::cel
