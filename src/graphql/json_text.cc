#include "graphql/json_text.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace strongroom::graphql {

void AppendJsonString(std::string_view text, std::string& out) {
  static constexpr std::string_view kSpecial = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kNames = "\"\\bfnrt";
  out += '"';
  std::size_t chunk = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, chunk, at - chunk);
    chunk = at + 1;
    if (const std::size_t which = kSpecial.find(c); which != std::string_view::npos) {
      out += '\\';
      out += kNames[which];
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out.append(text, chunk);
  out += '"';
}

void AppendJsonNumber(std::int64_t number, std::string& out) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

void AppendJsonNumber(double number, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

// INVARIANT: what comes from outside nests no deeper than base::JsonLimits allow.
void AppendJson(const boost::json::value& value, std::string& out, std::size_t bytes_max) {
  const char* before = "";
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; return;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64: return AppendJsonNumber(value.get_int64(), out);
    case boost::json::kind::uint64: out += fmt::format_int(value.get_uint64()).c_str(); return;
    case boost::json::kind::double_: return AppendJsonNumber(value.get_double(), out);
    case boost::json::kind::string: return AppendJsonString(value.get_string(), out);
    case boost::json::kind::array:
      out += '[';
      for (const boost::json::value& item : value.get_array()) {
        if (out.size() > bytes_max) return;
        out += before;
        before = ",";
        AppendJson(item, out, bytes_max);
      }
      out += ']';
      return;
    case boost::json::kind::object: break;
  }
  out += '{';
  for (const auto& member : value.get_object()) {
    if (out.size() > bytes_max) return;
    out += before;
    before = ",";
    AppendJsonString(member.key(), out);
    out += ':';
    AppendJson(member.value(), out, bytes_max);
  }
  out += '}';
}

}  // namespace strongroom::graphql
