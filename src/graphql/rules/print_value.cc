#include "graphql/rules/print_value.h"

#include <algorithm>
#include <vector>

namespace strongroom::graphql::rules {

namespace {

constexpr std::size_t kBlockLineMax = 70;  // UTF-16 code units

void AppendEscaped(unsigned code, std::string& out) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  switch (code) {
    case '\b': out += "\\b"; return;
    case '\t': out += "\\t"; return;
    case '\n': out += "\\n"; return;
    case '\f': out += "\\f"; return;
    case '\r': out += "\\r"; return;
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    default:
      out += "\\u00";
      out += kHex[code >> 4];
      out += kHex[code & 15];
  }
}

// Escapes quotes, backslashes, and the control characters up to U+009F.
std::string PrintString(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
      AppendEscaped(next, out);
      ++i;
    } else if (byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\') {
      AppendEscaped(byte, out);
    } else {
      out += text[i];
    }
  }
  return out + "\"";
}

std::size_t Utf16Size(std::string_view text) {
  std::size_t size = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) size += byte >= 0xF0 ? 2 : 1;
  }
  return size;
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Whether every line but the first starts with white space: the text then needs a line of its own,
// or reading it back would strip that white space.
bool IsIndented(std::string_view text) {
  std::size_t end = text.find('\n');
  while (end != std::string_view::npos) {
    const std::size_t start = end + 1;
    end = text.find('\n', start);
    const std::string_view line = text.substr(start, end - start);
    if (!line.empty() && !IsBlank(line[0])) return false;
  }
  return true;
}

std::string PrintBlockString(std::string_view text) {
  std::string escaped;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t quotes = std::min(text.find("\"\"\"", at), text.size());
    escaped.append(text.substr(at, quotes - at));
    at = quotes;
    if (at == text.size()) break;
    escaped += "\\\"\"\"";
    at += 3;
  }
  const bool is_single_line = text.find('\n') == std::string_view::npos;
  const bool ends_with_quotes = escaped.ends_with("\\\"\"\"");
  const bool needs_newline = (text.ends_with('"') && !ends_with_quotes) || text.ends_with('\\');
  const bool needs_first_newline = !is_single_line && IsIndented(text);
  const bool many_lines = !is_single_line || Utf16Size(text) > kBlockLineMax || needs_newline ||
                          needs_first_newline || ends_with_quotes;
  const bool starts_blank = is_single_line && !text.empty() && IsBlank(text[0]);
  std::string out = "\"\"\"";
  if ((many_lines && !starts_blank) || needs_first_newline) out += '\n';
  out += escaped;
  if (many_lines) out += '\n';
  return out + "\"\"\"";
}

}  // namespace

std::string PrintValue(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kVariable: return "$" + std::string(value.text);
    case Value::Kind::kString:
      return value.block ? PrintBlockString(value.text) : PrintString(value.text);
    case Value::Kind::kBoolean: return value.boolean ? "true" : "false";
    case Value::Kind::kNull: return "null";
    case Value::Kind::kInt:
    case Value::Kind::kFloat:
    case Value::Kind::kEnum: break;
    case Value::Kind::kList: {
      std::string out;
      for (const Value* item : value.items) {
        out += (out.empty() ? "" : ", ") + PrintValue(*item);
      }
      return "[" + out + "]";
    }
    case Value::Kind::kObject: {
      std::string out;
      for (const ObjectField& field : value.fields) {
        if (!out.empty()) out += ", ";
        out.append(field.name.text).append(": ").append(PrintValue(*field.value));
      }
      return "{" + out + "}";
    }
  }
  return std::string(value.text);
}

}  // namespace strongroom::graphql::rules
