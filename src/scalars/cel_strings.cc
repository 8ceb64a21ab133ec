// strings.*: Go's names and rules; positions are bytes of UTF-8, as there. The methods of strings
// count characters.
#include <algorithm>
#include <string>

#include "cel/lib/strings.h"
#include "cel/lib/utf8.h"
#include "scalars/cel_call.h"
#include "scalars/letter_case.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

std::string_view Text(const Call& call, std::size_t index) { return call[index].AsString(); }

Value Position(std::size_t found) {
  return Value::Int(found == std::string_view::npos ? -1 : static_cast<std::int64_t>(found));
}

template <typename Test>
Value Search(const Call& call, Test test) {
  if (!cel::ChargeTextSearch(call, Text(call, 0), Text(call, 1))) return Value::Null();
  return test(Text(call, 0), Text(call, 1));
}

// Every text is charged before it is walked.
template <typename Make>
Value Made(const Call& call, Make make) {
  if (!call.budget.ChargeBytes(Text(call, 0).size())) return Value::Null();
  return call.MakeString(make(Text(call, 0)));
}

// The bytes of a code point of `text` that is one of `set`: the first, or the last.
std::size_t FindAny(std::string_view text, std::string_view set, bool last) {
  std::size_t found = std::string_view::npos;
  for (std::size_t at = 0; at < text.size(); at += cel::Utf8Length(text[at])) {
    if (set.find(text.substr(at, cel::Utf8Length(text[at]))) == set.npos) continue;
    found = at;
    if (!last) break;
  }
  return found;
}

std::string_view TrimLeft(std::string_view text, std::string_view set) {
  while (!text.empty() && set.find(text.substr(0, cel::Utf8Length(text[0]))) != set.npos)
    text.remove_prefix(std::min(cel::Utf8Length(text[0]), text.size()));
  return text;
}

std::string_view TrimRight(std::string_view text, std::string_view set) {
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (set.find(text.substr(last)) == set.npos) break;
    text = text.substr(0, last);
  }
  return text;
}

template <bool kLeft, bool kRight>
Value Trim(const Call& call) {
  return Search(call, [](std::string_view text, std::string_view set) {
    if (kLeft) text = TrimLeft(text, set);
    if (kRight) text = TrimRight(text, set);
    return Value::String(text);
  });
}

Value Count(const Call& call) {
  return Search(call, [](std::string_view text, std::string_view part) {
    if (part.empty()) return Value::Int(static_cast<std::int64_t>(cel::CountCodePoints(text)) + 1);
    std::int64_t count = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
      ++count;
    return Value::Int(count);
  });
}

Value Repeat(const Call& call) {
  const std::int64_t count = call[1].AsInt();
  const std::string_view text = Text(call, 0);
  if (count < 0) return call.Invalid("a text can't be repeated a negative number of times");
  const auto times = static_cast<std::size_t>(count);
  if (!call.budget.Charge(times) || !call.budget.ChargeBytes(text.size() * times))
    return Value::Null();
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return call.MakeString(repeated);
}

Value Compare(const Call& call) {
  return Search(call, [](std::string_view a, std::string_view b) {
    const auto order = a <=> b;
    return Value::Int(order < 0 ? -1 : order > 0 ? 1 : 0);
  });
}

// The first or all but the first `n` characters; no character more than there are.
template <bool kTake>
Value Part(const Call& call) {
  const std::string_view text = Text(call, 0);
  if (!call.budget.ChargeBytes(text.size())) return Value::Null();
  if (call[1].AsInt() < 0)
    return call.Fail(cel::EvaluationErrorCode::kOutOfRange, "a number of characters is negative");
  const std::size_t at = cel::OffsetOfCodePoint(text, call[1].AsInt()).value_or(text.size());
  return Value::String(kTake ? text.substr(0, at) : text.substr(at));
}

void AddCases(cel::EnvBuilder& builder) {
  constexpr auto kUpper = [](const Call& c) {
    return Made(c, [](std::string_view text) { return ToUpper(text); });
  };
  cel::AddFunctions(
      builder,
      {{"strings.ToLower(string): string",
        [](const Call& c) { return Made(c, [](std::string_view text) { return ToLower(text); }); },
        "in lower case", "strings.ToLower('ÄB') == 'äb'"},
       {"strings.ToUpper(string): string", kUpper, "in upper case",
        "strings.ToUpper('äb') == 'ÄB'"},
       {"strings.ToTitle(string): string", kUpper, "every letter in title case",
        "strings.ToTitle('äb') == 'ÄB'"},
       {"strings.Title(string): string", [](const Call& c) { return Made(c, ToTitleWords); },
        "every word with an initial in upper case",
        "strings.Title('her royal highness') == 'Her Royal Highness'"},
       {"strings.EqualFold(string, string): bool",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Value::Bool(EqualFold(a, b)); });
        },
        "whether they are equal when case does not count", "strings.EqualFold('Äb', 'äB')"},
       {"strings.Compare(string, string): int", Compare, "-1, 0 or 1",
        "strings.Compare('a', 'b') == -1"},
       {"strings.Repeat(string, int): string", Repeat, "so many times",
        "strings.Repeat('na', 2) == 'nana'"},
       {"strings.ToValidUTF8(string, string): string", [](const Call& c) { return c[0]; },
        "the text itself: texts are always valid", "strings.ToValidUTF8('a', '?') == 'a'"}});
}

void AddTrims(cel::EnvBuilder& builder) {
  constexpr auto kTrimPrefix = [](const Call& c) {
    return Search(c, [](std::string_view text, std::string_view prefix) {
      return Value::String(text.starts_with(prefix) ? text.substr(prefix.size()) : text);
    });
  };
  constexpr auto kTrimSuffix = [](const Call& c) {
    return Search(c, [](std::string_view text, std::string_view suffix) {
      const std::size_t cut = text.ends_with(suffix) ? suffix.size() : 0;
      return Value::String(text.substr(0, text.size() - cut));
    });
  };
  constexpr auto kTrimSpace = [](const Call& c) {
    if (!c.budget.ChargeBytes(Text(c, 0).size())) return Value::Null();
    return Value::String(cel::TrimSpace(Text(c, 0)));
  };
  cel::AddFunctions(
      builder,
      {{"strings.TrimSpace(string): string", kTrimSpace, "without white space at both ends",
        "strings.TrimSpace(' a ') == 'a'"},
       {"strings.Trim(string, string): string", Trim<true, true>,
        "without characters of a set at both ends", "strings.Trim('-a-', '-+') == 'a'"},
       {"strings.TrimLeft(string, string): string", Trim<true, false>,
        "without characters of a set at the start", "strings.TrimLeft('-a-', '-+') == 'a-'"},
       {"strings.TrimRight(string, string): string", Trim<false, true>,
        "without characters of a set at the end", "strings.TrimRight('-a-', '-+') == '-a'"},
       {"strings.TrimPrefix(string, string): string", kTrimPrefix, "without a text at the start",
        "strings.TrimPrefix('abab', 'ab') == 'ab'"},
       {"strings.TrimSuffix(string, string): string", kTrimSuffix, "without a text at the end",
        "strings.TrimSuffix('abab', 'ab') == 'ab'"},
       {"(string).take(int): string", Part<true>, "the first characters",
        "'tacocat'.take(4) == 'taco'"},
       {"(string).drop(int): string", Part<false>, "all but the first characters",
        "'tacocat'.drop(4) == 'cat'"}});
}

void AddTests(cel::EnvBuilder& builder) {
  const auto add = [&](std::initializer_list<cel::FunctionRow> rows) {
    cel::AddFunctions(builder, rows);
  };
  add({{"strings.Contains(string, string): bool",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Value::Bool(a.find(b) != a.npos); });
        },
        "whether a text is in it", "strings.Contains('seafood', 'foo')"},
       {"strings.ContainsAny(string, string): bool",
        [](const Call& c) {
          return Search(c,
                        [](auto a, auto b) { return Value::Bool(FindAny(a, b, false) != a.npos); });
        },
        "whether a character of a set is in it", "strings.ContainsAny('seafood', 'xyf')"},
       {"strings.HasPrefix(string, string): bool",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Value::Bool(a.starts_with(b)); });
        },
        "whether it starts with a text", "strings.HasPrefix('golang', 'go')"},
       {"strings.HasSuffix(string, string): bool",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Value::Bool(a.ends_with(b)); });
        },
        "whether it ends with a text", "strings.HasSuffix('amigo', 'go')"}});
  add({{"strings.Index(string, string): int",
        [](const Call& c) { return Search(c, [](auto a, auto b) { return Position(a.find(b)); }); },
        "the first position of a text in bytes, or -1", "strings.Index('chicken', 'ken') == 4"},
       {"strings.IndexAny(string, string): int",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Position(FindAny(a, b, false)); });
        },
        "the first position of a character of a set in bytes, or -1",
        "strings.IndexAny('chicken', 'aeiouy') == 2"},
       {"strings.LastIndex(string, string): int",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Position(a.rfind(b)); });
        },
        "the last position of a text in bytes, or -1", "strings.LastIndex('go gopher', 'go') == 3"},
       {"strings.LastIndexAny(string, string): int",
        [](const Call& c) {
          return Search(c, [](auto a, auto b) { return Position(FindAny(a, b, true)); });
        },
        "the last position of a character of a set in bytes, or -1",
        "strings.LastIndexAny('golang', 'go') == 5"},
       {"strings.Count(string, string): int", Count, "how often a text is in it, without overlaps",
        "strings.Count('cheese', 'e') == 3"},
       {"strings.Replace(string, string, string, int): string",
        [](const Call& c) {
          return cel::ReplaceText(c, Text(c, 0), Text(c, 1), Text(c, 2), c[3].AsInt());
        },
        "with the first occurrences replaced, at most so many; all for a negative number",
        "strings.Replace('oink oink', 'k', 'ky', 1) == 'oinky oink'"},
       {"strings.ReplaceAll(string, string, string): string",
        [](const Call& c) { return cel::ReplaceText(c, Text(c, 0), Text(c, 1), Text(c, 2), -1); },
        "with every occurrence replaced",
        "strings.ReplaceAll('oink oink', 'oink', 'moo') == 'moo moo'"}});
}

}  // namespace

void AddStringFunctions(cel::EnvBuilder& builder) {
  AddCases(builder);
  AddTrims(builder);
  AddTests(builder);
}

}  // namespace strongroom::scalars
