#include "cel/lib/strings.h"

#include <algorithm>
#include <vector>

#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"
#include "cel/lib/utf8.h"

namespace strongroom::cel {
namespace {

Value OutOfRange(const Call& call, std::int64_t index) {
  return call.Fail(EvaluationErrorCode::kOutOfRange,
                   "index out of range: " + std::to_string(index));
}

// Charges for a walk over the text before it is made.
bool ChargeText(const Call& call) { return call.budget.ChargeBytes(call[0].AsString().size()); }

Value CharAt(const Call& call) {
  if (!ChargeText(call)) return Value::Null();
  const std::string_view text = call[0].AsString();
  const auto at = OffsetOfCodePoint(text, call[1].AsInt());
  if (!at) return OutOfRange(call, call[1].AsInt());
  return Value::String(*at == text.size() ? "" : text.substr(*at, Utf8Length(text[*at])));
}

Value PositionOf(std::string_view text, std::size_t found) {
  return Value::Int(found == std::string_view::npos
                        ? -1
                        : static_cast<std::int64_t>(CountCodePoints(text.substr(0, found))));
}

bool ChargeSearch(const Call& call) {
  return ChargeTextSearch(call, call[0].AsString(), call[1].AsString());
}

Value IndexOf(const Call& call) {
  if (!ChargeSearch(call)) return Value::Null();
  const std::string_view text = call[0].AsString();
  std::size_t from = 0;
  if (call.arguments.size() == 3) {
    const auto at = OffsetOfCodePoint(text, call[2].AsInt());
    if (!at) return OutOfRange(call, call[2].AsInt());
    from = *at;
  }
  return PositionOf(text, text.find(call[1].AsString(), from));
}

Value LastIndexOf(const Call& call) {
  if (!ChargeSearch(call)) return Value::Null();
  const std::string_view text = call[0].AsString();
  std::size_t from = text.size();
  if (call.arguments.size() == 3) {
    const auto at = OffsetOfCodePoint(text, call[2].AsInt());
    if (!at) return OutOfRange(call, call[2].AsInt());
    from = *at;
  }
  return PositionOf(text, text.rfind(call[1].AsString(), from));
}

// Letters from `first` to `last` become those from `to` on.
Value MapAscii(const Call& call, char first, char last, char to) {
  if (!ChargeText(call)) return Value::Null();
  std::string text(call[0].AsString());
  for (char& c : text)
    if (c >= first && c <= last) c = static_cast<char>(c - first + to);
  return call.MakeString(text);
}
Value LowerAscii(const Call& call) { return MapAscii(call, 'A', 'Z', 'a'); }
Value UpperAscii(const Call& call) { return MapAscii(call, 'a', 'z', 'A'); }

Value Replace(const Call& call) {
  return ReplaceText(call, call[0].AsString(), call[1].AsString(), call[2].AsString(),
                     call.arguments.size() == 4 ? call[3].AsInt() : -1);
}

Value Split(const Call& call) {
  return SplitText(call, call[0].AsString(), call[1].AsString(),
                   call.arguments.size() == 3 ? call[2].AsInt() : -1);
}

Value Substring(const Call& call) {
  if (!ChargeText(call)) return Value::Null();
  const std::string_view text = call[0].AsString();
  const auto start = OffsetOfCodePoint(text, call[1].AsInt());
  if (!start) return OutOfRange(call, call[1].AsInt());
  if (call.arguments.size() == 2) return Value::String(text.substr(*start));
  const auto end = OffsetOfCodePoint(text, call[2].AsInt());
  if (!end) return OutOfRange(call, call[2].AsInt());
  if (*end < *start)
    return call.Fail(EvaluationErrorCode::kOutOfRange,
                     "invalid substring range, start: " + std::to_string(call[1].AsInt()) +
                         ", end: " + std::to_string(call[2].AsInt()));
  return Value::String(text.substr(*start, *end - *start));
}

Value Trim(const Call& call) {
  if (!ChargeText(call)) return Value::Null();
  return Value::String(TrimSpace(call[0].AsString()));
}

Value Reverse(const Call& call) {
  if (!ChargeText(call)) return Value::Null();
  const std::string_view text = call[0].AsString();
  std::string reversed(text.size(), '\0');
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = std::min(Utf8Length(text[at]), text.size() - at);
    end -= length;
    text.copy(reversed.data() + end, length, at);
    at += length;
  }
  return call.MakeString(reversed);
}

Value Join(const Call& call) {
  const std::string_view separator =
      call.arguments.size() == 2 ? call[1].AsString() : std::string_view();
  const std::size_t count = call[0].Size();
  std::size_t size = count < 2 ? 0 : separator.size() * (count - 1);
  if (!call.budget.Charge(count)) return Value::Null();
  for (std::size_t i = 0; i < count; ++i) {
    const Value part = call[0].At(i, call.arena);
    if (!part.is(Kind::kString))
      return call.Fail(EvaluationErrorCode::kNoSuchOverload, "only strings can be joined");
    size += part.AsString().size();
  }
  if (!call.budget.ChargeBytes(size)) return Value::Null();
  std::string joined;
  joined.reserve(size);
  for (std::size_t i = 0; i < count; ++i)
    joined.append(i == 0 ? "" : separator).append(call[0].At(i, call.arena).AsString());
  return call.MakeString(joined);
}

Value Quote(const Call& call) {
  if (!ChargeText(call)) return Value::Null();
  constexpr std::string_view kPlain = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kEscaped = "abfnrtv\\\"";
  std::string quoted = "\"";
  for (const char c : call[0].AsString()) {
    const std::size_t at = kPlain.find(c);
    if (at == std::string_view::npos) {
      quoted += c;
    } else {
      quoted.append(1, '\\').append(1, kEscaped[at]);
    }
  }
  return call.MakeString(quoted += '"');
}

Value Format(const Call& call) { return FormatText(call, call[0].AsString(), call[1]); }

}  // namespace

bool ChargeTextSearch(const Call& call, std::string_view text, std::string_view wanted) {
  return call.budget.ChargeBytes(text.size()) && call.budget.ChargeBytes(wanted.size()) &&
         call.budget.Charge(text.size() / 10 * (wanted.size() / 10));
}

Value ReplaceText(const Call& call, std::string_view text, std::string_view old,
                  std::string_view with, std::int64_t limit) {
  if (!ChargeTextSearch(call, text, old)) return Value::Null();
  // An empty `old` is found before every code point and at the end.
  std::vector<std::size_t> places;
  const auto room = [&] { return limit < 0 || places.size() < static_cast<std::size_t>(limit); };
  for (std::size_t at = text.find(old); at != std::string_view::npos && room();) {
    places.push_back(at);
    if (old.empty() && at == text.size()) break;
    at = text.find(old, at + (old.empty() ? Utf8Length(text[at]) : old.size()));
  }
  const std::size_t size = text.size() - places.size() * old.size() + places.size() * with.size();
  if (!call.budget.ChargeBytes(size)) return Value::Null();
  std::string replaced;
  replaced.reserve(size);
  std::size_t done = 0;
  for (const std::size_t place : places) {
    replaced.append(text.substr(done, place - done)).append(with);
    done = place + old.size();
  }
  return call.MakeString(replaced.append(text.substr(done)));
}

Value SplitText(const Call& call, std::string_view text, std::string_view separator,
                std::int64_t limit) {
  if (!ChargeTextSearch(call, text, separator)) return Value::Null();
  std::vector<Value> parts;
  const auto room = [&] { return limit < 0 || parts.size() + 1 < static_cast<std::size_t>(limit); };
  if (limit == 0) return Value::List(std::span<const Value>());
  while (room()) {
    // An empty separator stands between code points.
    const std::size_t at = !separator.empty() ? text.find(separator)
                           : text.empty()     ? std::string_view::npos
                                              : Utf8Length(text[0]);
    if (at >= text.size() && (separator.empty() || at == std::string_view::npos)) break;
    parts.push_back(Value::String(text.substr(0, at)));
    text.remove_prefix(at + separator.size());
  }
  if (!separator.empty() || !text.empty()) parts.push_back(Value::String(text));
  if (!call.budget.Charge(parts.size())) return Value::Null();
  const auto kept = call.arena.NewArray<Value>(parts.size());
  std::ranges::copy(parts, kept.begin());
  return Value::List(kept);
}

void AddStrings(EnvBuilder& builder) {
  AddFunctions(
      builder,
      {{"(string).charAt(int): string", CharAt,
        "the character at a position; empty at the end of the text", "'tacocat'.charAt(3) == 'o'"},
       {"(string).indexOf(string): int", IndexOf, "the first position of a text, or -1",
        "'tacocat'.indexOf('ac') == 1"},
       {"(string).indexOf(string, int): int", IndexOf,
        "the first position of a text from a position on, or -1", "'tacocat'.indexOf('a', 3) == 5"},
       {"(string).lastIndexOf(string): int", LastIndexOf, "the last position of a text, or -1",
        "'tacocat'.lastIndexOf('at') == 5"},
       {"(string).lastIndexOf(string, int): int", LastIndexOf,
        "the last position of a text up to a position, or -1",
        "'tacocat'.lastIndexOf('a', 3) == 1"},
       {"(string).lowerAscii(): string", LowerAscii, "with A-Z in lower case",
        "'TacoCÆt'.lowerAscii() == 'tacocÆt'"},
       {"(string).upperAscii(): string", UpperAscii, "with a-z in upper case",
        "'tacoCat'.upperAscii() == 'TACOCAT'"},
       {"(string).replace(string, string): string", Replace, "with every occurrence replaced",
        "'12 days 12 hours'.replace('12', '2') == '2 days 2 hours'"},
       {"(string).replace(string, string, int): string", Replace,
        "with the first occurrences replaced, at most so many; all for a negative number",
        "'a.b.c'.replace('.', '-', 1) == 'a-b.c'"},
       {"(string).split(string): list(string)", Split, "the parts between separators",
        "'hello world'.split(' ') == ['hello', 'world']"},
       {"(string).split(string, int): list(string)", Split,
        "at most so many parts between separators; all for a negative number",
        "'a b c'.split(' ', 2) == ['a', 'b c']"},
       {"(string).substring(int): string", Substring, "the text from a position on",
        "'tacocat'.substring(4) == 'cat'"},
       {"(string).substring(int, int): string", Substring,
        "the text from one position to before another", "'tacocat'.substring(0, 4) == 'taco'"},
       {"(string).trim(): string", Trim, "without white space at both ends",
        "' text\\n'.trim() == 'text'"},
       {"(string).reverse(): string", Reverse, "the characters in opposite order",
        "'gums'.reverse() == 'smug'"},
       {"(list(string)).join(): string", Join, "the texts of a list, one after the other",
        "['x', 'y'].join() == 'xy'"},
       {"(list(string)).join(string): string", Join,
        "the texts of a list with a separator between them", "['x', 'y'].join('-') == 'x-y'"},
       {"(string).format(list(dyn)): string", Format,
        "with %s %d %f %e %b %o %x %X replaced by the values of a list; %% is a percent sign",
        "'%s: %.2f'.format(['total', 1.5]) == 'total: 1.50'"},
       {"strings.quote(string): string", Quote, "in double quotes, with what needs it escaped",
        "strings.quote('a\\n') == '\"a\\\\n\"'"}});
}

}  // namespace strongroom::cel
