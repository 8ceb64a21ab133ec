#include "graphql/media_type.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace strongroom::graphql {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

// Takes what stands before `separator` off `rest`.
std::string_view Take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return Trim(part);
}

bool Equal(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

struct Range {
  std::string_view type;
  bool utf8 = true;  // no other charset is asked for (security 9.13)
  double quality = 1;
};

Range ReadRange(std::string_view text) {
  Range range;
  range.type = Take(text, ';');
  while (!text.empty()) {
    std::string_view value = Take(text, ';');
    const std::string_view name = Take(value, '=');
    if (Equal(name, "charset")) range.utf8 = Equal(Unquote(value), "utf-8");
    if (Equal(name, "q")) range.quality = std::strtod(std::string(value).c_str(), nullptr);
  }
  return range;
}

}  // namespace

bool IsJsonContentType(std::string_view header) {
  const Range type = ReadRange(header);
  return Equal(type.type, "application/json") && type.utf8;
}

std::optional<MediaType> Negotiate(std::string_view accept) {
  if (Trim(accept).empty()) return MediaType::kJson;
  std::optional<MediaType> best;
  double quality = 0;
  while (!accept.empty()) {
    const Range range = ReadRange(Take(accept, ','));
    const bool response = Equal(range.type, "application/graphql-response+json");
    const bool json = Equal(range.type, "application/json") || Equal(range.type, "application/*") ||
                      Equal(range.type, "*/*");
    // Of equals the first counts.
    if (!range.utf8 || range.quality <= quality || !(json || response)) continue;
    best = response ? MediaType::kGraphqlResponseJson : MediaType::kJson;
    quality = range.quality;
  }
  return best;
}

}  // namespace strongroom::graphql
