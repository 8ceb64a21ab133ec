#include "graphql/literal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace strongroom::graphql {
namespace {

constexpr std::size_t kOneLineMax = 70;  // longer descriptions get lines of their own

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// Whether a block string gives back exactly this text: nothing that the lexer would trim or change.
bool FitsBlockString(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return false;
  const auto lines = LinesOf(text);
  const auto blank = [](std::string_view line) {
    return std::all_of(line.begin(), line.end(), IsBlank);
  };
  if (blank(lines.front()) || blank(lines.back())) return false;
  // Indentation that all lines share would be taken away.
  return lines.size() == 1 || std::any_of(lines.begin(), lines.end(), [&](std::string_view line) {
           return !blank(line) && !IsBlank(line.front());
         });
}

// UTF-16 code units.
std::size_t LengthOf(std::string_view text) {
  return std::accumulate(text.begin(), text.end(), std::size_t{0}, [](std::size_t sum, char c) {
    const auto byte = static_cast<unsigned char>(c);
    return sum + ((byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1);
  });
}

std::string BlockString(std::string_view value) {
  std::string escaped;
  for (std::size_t at = 0; at < value.size();) {
    const bool quotes = value.substr(at, 3) == "\"\"\"";
    escaped += quotes ? std::string_view("\\\"\"\"") : value.substr(at, 1);
    at += quotes ? 3 : 1;
  }
  const auto lines = LinesOf(escaped);
  const bool single = lines.size() == 1;
  const bool lead = !single && std::all_of(lines.begin() + 1, lines.end(), [](std::string_view l) {
    return l.empty() || IsBlank(l.front());
  });
  const bool ends_in_quotes = escaped.ends_with("\\\"\"\"");
  const bool trail = (value.ends_with('"') && !ends_in_quotes) || value.ends_with('\\');
  const bool spread = !single || LengthOf(value) > kOneLineMax || trail || lead || ends_in_quotes;
  const bool keep_first = single && !value.empty() && IsBlank(value.front());
  return fmt::format("\"\"\"{}{}{}\"\"\"", (spread && !keep_first) || lead ? "\n" : "", escaped,
                     spread || trail ? "\n" : "");
}

template <typename Items, typename Text>
std::string Joined(const Items& items, Text text) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ", ";
    out += text(item);
  }
  return out;
}

}  // namespace

std::string StringLiteral(std::string_view text) {
  static constexpr std::string_view kSpecial = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kNames = "\"\\bfnrt";
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (const std::size_t at = kSpecial.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kNames[at];
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else if (c == '\xC2' && next >= 0x80 && next <= 0x9F) {  // U+0080 to U+009F
      out += fmt::format("\\u{:04X}", unsigned{next});
      ++i;
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string LiteralText(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kVariable: return '$' + std::string(value.text);
    case Value::Kind::kInt:
    case Value::Kind::kFloat:
    case Value::Kind::kEnum: return std::string(value.text);
    case Value::Kind::kString:
      return value.block ? BlockString(value.text) : StringLiteral(value.text);
    case Value::Kind::kBoolean: return value.boolean ? "true" : "false";
    case Value::Kind::kNull: return "null";
    case Value::Kind::kList:
      return fmt::format("[{}]",
                         Joined(value.items, [](const Value* v) { return LiteralText(*v); }));
    case Value::Kind::kObject: break;
  }
  return fmt::format("{{{}}}", Joined(value.fields, [](const ObjectField& field) {
                       return fmt::format("{}: {}", field.name.text, LiteralText(*field.value));
                     }));
}

std::string DescriptionText(std::string_view description, std::string_view indent, bool first) {
  if (description.empty()) return {};
  const std::string literal =
      FitsBlockString(description) ? BlockString(description) : StringLiteral(description);
  std::string out = first || indent.empty() ? std::string() : "\n";
  for (const std::string_view line : LinesOf(literal)) out += fmt::format("{}{}\n", indent, line);
  return out;
}

}  // namespace strongroom::graphql
