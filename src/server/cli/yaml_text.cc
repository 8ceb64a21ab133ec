// Values as YAML that people like to read.
#include <algorithm>
#include <boost/json.hpp>

#include "server/cli/structured_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineBytes = 88;  // of a list that still stands on one line

// Texts that no reader of YAML, old or new, could take for something else.
bool IsPlainText(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto inside = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == '/' ||
           c == '@';
  };
  // `a:b` is one text, `a: b` and `a:` are not.
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!inside(text[i]) && (text[i] != ':' || i + 1 == text.size())) return false;
  if (text.empty() || !letter(text[0])) return false;
  constexpr std::string_view kOthers[] = {"true", "false", "null", "yes", "no",
                                          "on",   "off",   "y",    "n"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return std::ranges::find(kOthers, lower) == std::end(kOthers);
}

// JSON strings are YAML's double-quoted ones.
std::string Text(std::string_view text) {
  return IsPlainText(text) ? std::string(text) : json::serialize(json::value(text));
}

std::string Scalar(const json::value& value) {
  return value.is_string() ? Text(value.get_string()) : json::serialize(value);
}

bool IsScalar(const json::value& value) { return !value.is_array() && !value.is_object(); }

class Writer {
 public:
  // After `name:` or `-`, or at the start.
  void Value(const json::value& value, std::size_t indent, bool in_list) {
    if (const json::object* object = value.if_object(); object != nullptr && !object->empty())
      return Members(*object, indent, in_list);
    if (const json::array* list = value.if_array(); list != nullptr && !list->empty()) {
      const std::string line = OnOneLine(*list);
      if (!line.empty()) return Line(line);
      return Items(*list, indent);
    }
    Line(value.is_object() ? "{}" : value.is_array() ? "[]" : Scalar(value));
  }

  std::string text;

 private:
  void Line(std::string_view line) {
    if (!text.empty() && text.back() != '\n') text += ' ';
    (text += line) += '\n';
  }

  static std::string OnOneLine(const json::array& list) {
    if (!std::all_of(list.begin(), list.end(), IsScalar)) return {};
    std::string line = "[";
    for (const json::value& item : list) {
      if (line.size() > 1) line += ", ";
      line += Scalar(item);
      if (line.size() > kLineBytes) return {};
    }
    return line + "]";
  }

  void Members(const json::object& object, std::size_t indent, bool in_list) {
    bool first = true;
    for (const auto& member : object) {
      if (first && in_list)
        text += ' ';  // beside the dash
      else {
        if (!text.empty() && text.back() != '\n') text += '\n';
        text.append(indent, ' ');
      }
      first = false;
      (text += Text(member.key())) += ':';
      Value(member.value(), indent + 2, false);
    }
  }

  void Items(const json::array& list, std::size_t indent) {
    for (const json::value& item : list) {
      if (!text.empty() && text.back() != '\n') text += '\n';
      text.append(indent, ' ');
      text += '-';
      // A list in a list has no line of its own to begin on.
      if (item.is_array() && OnOneLine(item.get_array()).empty() && !item.get_array().empty())
        text += '\n';
      Value(item, indent + 2, item.is_object());
    }
  }
};

}  // namespace

std::string ToYaml(const json::value& value) {
  Writer writer;
  writer.Value(value, 0, false);
  return std::move(writer.text);
}

}  // namespace strongroom::server::cli
