// hex.*, html.* and url.*.
#include <charconv>
#include <optional>
#include <span>
#include <string>

#include "base/encoding.h"
#include "cel/lib/utf8.h"
#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

struct Entity {
  std::string_view name;
  std::string_view text;
};
// What EscapeString writes, first; then the names that are met most.
constexpr Entity kEntities[] = {
    {"amp", "&"},        {"lt", "<"},         {"gt", ">"},         {"#39", "'"},
    {"#34", "\""},       {"quot", "\""},      {"apos", "'"},       {"nbsp", "\u00A0"},
    {"copy", "\u00A9"},  {"reg", "\u00AE"},   {"cent", "\u00A2"},  {"pound", "\u00A3"},
    {"yen", "\u00A5"},   {"sect", "\u00A7"},  {"euro", "\u20AC"},  {"ndash", "\u2013"},
    {"mdash", "\u2014"}, {"lsquo", "\u2018"}, {"rsquo", "\u2019"}, {"ldquo", "\u201C"},
    {"rdquo", "\u201D"}, {"bull", "\u2022"},  {"hellip", "\u2026"}};

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    std::string_view name;
    for (const Entity& entity : std::span(kEntities).first(5))
      if (entity.text[0] == c) name = entity.name;
    if (name.empty()) {
      escaped += c;
    } else {
      escaped.append("&").append(name).append(";");
    }
  }
  return escaped;
}

// Of `#39` or `#x27`; nothing for what is no character.
std::optional<char32_t> NumberedCharacter(std::string_view name) {
  if (!name.starts_with('#')) return std::nullopt;
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
  if (hexadecimal) name.remove_prefix(1);
  std::uint32_t number = 0;
  const auto end =
      std::from_chars(name.data(), name.data() + name.size(), number, hexadecimal ? 16 : 10);
  const bool character = number > 0 && number < 0x110000 && (number < 0xD800 || number > 0xDFFF);
  if (name.empty() || end.ec != std::errc() || end.ptr != name.data() + name.size() || !character)
    return std::nullopt;
  return static_cast<char32_t>(number);
}

std::string UnescapeHtml(std::string_view text) {
  constexpr std::size_t kNameMax = 10;
  std::string plain;
  while (!text.empty()) {
    const std::size_t end = text[0] == '&' ? text.substr(0, kNameMax + 2).find(';') : text.npos;
    const std::string_view name = end == text.npos ? "" : text.substr(1, end - 1);
    const std::size_t before = plain.size();
    if (const auto character = NumberedCharacter(name)) cel::AppendUtf8(plain, *character);
    for (const Entity& entity : kEntities)
      if (entity.name == name && plain.size() == before) plain += entity.text;
    const bool known = plain.size() > before;
    if (!known) plain += text[0];
    text.remove_prefix(known ? end + 1 : 1);
  }
  return plain;
}

// rfc3986 2.3, and what a part of a URL allows besides.
std::string EscapeUrl(std::string_view text, std::string_view allowed, bool plus_for_space) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~").find(c) != std::string_view::npos ||
                       allowed.find(c) != std::string_view::npos;
    if (plain) {
      escaped += c;
    } else if (c == ' ' && plus_for_space) {
      escaped += '+';
    } else {
      escaped.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return escaped;
}

// What is made can be six times as long.
template <typename Make>
Value Made(const Call& call, Make make) {
  const std::string_view text = call[0].AsString();
  return call.budget.ChargeBytes(6 * text.size()) ? call.MakeString(make(text)) : Value::Null();
}

Value DecodeHex(const Call& call) {
  if (!call.budget.ChargeBytes(call[0].AsString().size())) return Value::Null();
  const auto bytes = base::DecodeHex(call[0].AsString());
  return bytes.ok() ? call.MakeBytes(*bytes) : call.Invalid("the text is not hexadecimal");
}

Value EncodeHex(const Call& call) {
  if (!call.budget.ChargeBytes(2 * call[0].AsBytes().size())) return Value::Null();
  return call.MakeString(base::EncodeHex(call[0].AsBytes()));
}

}  // namespace

void AddTextFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"hex.EncodeToString(bytes): string", EncodeHex, "in hexadecimal, lower case",
        "hex.EncodeToString(b'Hi!') == '486921'"},
       {"hex.DecodeString(string): bytes", DecodeHex, "the bytes of a text in hexadecimal",
        "hex.DecodeString('486921') == b'Hi!'"},
       {"html.EscapeString(string): string", [](const Call& c) { return Made(c, EscapeHtml); },
        "with < > & ' \" escaped", "html.EscapeString('<a>') == '&lt;a&gt;'"},
       {"html.UnescapeString(string): string", [](const Call& c) { return Made(c, UnescapeHtml); },
        "with numbered characters and the usual named ones in plain",
        "html.UnescapeString('&lt;&#39;&#x41;') == '<\\'A'"},
       {"url.PathEscape(string): string",
        [](const Call& c) {
          return Made(c, [](auto text) { return EscapeUrl(text, "$&+:=@", false); });
        },
        "as a segment of a URL's path", "url.PathEscape('a b/c') == 'a%20b%2Fc'"},
       {"url.QueryEscape(string): string",
        [](const Call& c) { return Made(c, [](auto text) { return EscapeUrl(text, "", true); }); },
        "as a value in a URL's query", "url.QueryEscape('a b&c') == 'a+b%26c'"}});
}

}  // namespace strongroom::scalars
