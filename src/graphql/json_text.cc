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

void AppendJson(const boost::json::value& value, std::string& out) {
  char buffer[4096];
  boost::json::serializer writer;
  writer.reset(&value);
  while (!writer.done()) out.append(std::string_view(writer.read(buffer)));
}

}  // namespace strongroom::graphql
