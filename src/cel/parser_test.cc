// behaviour §9: clients know the wording of the reference parser.
#include <gmock/gmock.h>

#include "cel/expression_testing.h"

namespace strongroom::cel {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kStart =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, "
    "STRING, BYTES, IDENTIFIER}";

TEST(Parser, SaysWhatItExpectedAndWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{time.Now()}", "1:12: Syntax error: mismatched input '}' expecting ':'"},
      {"822cb59f-ce51-4837-8391-2af3b7a5fc51",
       "1:4: Syntax error: mismatched input 'cb59f' expecting <EOF>"},
      {"1 +", "1:4: Syntax error: mismatched input '<EOF>' expecting " + kStart},
      {"", "1:1: Syntax error: mismatched input '<EOF>' expecting " + kStart},
      {"* 1", "1:1: Syntax error: extraneous input '*' expecting " + kStart},
      {"a b", "1:3: Syntax error: extraneous input 'b' expecting <EOF>"},
      {"(1 2)", "1:4: Syntax error: extraneous input '2' expecting ')'"},
      {"(1", "1:3: Syntax error: missing ')' at '<EOF>'"},
      {"[(1, 2]", "1:4: Syntax error: missing ')' at ','"},
      {"[1 2]", "1:4: Syntax error: extraneous input '2' expecting {']', ','}"},
      {"[1", "1:3: Syntax error: mismatched input '<EOF>' expecting {']', ','}"},
      {"{1 2}", "1:4: Syntax error: missing ':' at '2'"},
      {"a ? b", "1:6: Syntax error: mismatched input '<EOF>' expecting ':'"},
      {"a.", "1:3: Syntax error: no viable alternative at input '.'"},
      {"a.true", "1:3: Syntax error: no viable alternative at input '.true'"},
      {"a = b", "1:3: Syntax error: token recognition error at: '= '"},
      {"a | b", "1:3: Syntax error: token recognition error at: '| '"},
      {"'abc", "1:1: Syntax error: token recognition error at: ''abc'"},
      {"'a\nb'", "1:1: Syntax error: token recognition error at: ''a\n'"},
      {"'\\q'", "1:1: Syntax error: token recognition error at: ''\\q'"},
      {"1\n  + $", "2:5: Syntax error: token recognition error at: '$'"},
      {"if", "1:1: reserved identifier: if"},
      {"9223372036854775808", "1:1: invalid int literal"},
      {"-9223372036854775809", "1:2: invalid int literal"},
      {"18446744073709551616u", "1:1: invalid uint literal"},
      {"1e999", "1:1: invalid double literal"},
      {"'\\ud800'", "1:1: invalid string literal"},
      {"b'\\u0041'", "1:1: invalid bytes literal"},
      {"has(1)", "1:5: invalid argument to has() macro"},
      {"[1].all(a.b, true)", "1:10: argument must be a simple name"},
      {"[1].all(a, a, true)", "1:12: duplicate variable name: a"},
      {"Point{x: 1}", "1:6: message literals are not supported"},
  };
  for (const auto& [source, issue] : cases)
    EXPECT_EQ(FirstIssue(StandardEnv(), source), issue) << source;
}

TEST(Parser, ShowsTheLineAndPointsAtThePlace) {
  const Compilation compilation = Compile(StandardEnv(), "{time.Now()}");
  EXPECT_EQ(compilation.ToText(),
            "ERROR: <input>:1:12: Syntax error: mismatched input '}' expecting ':'\n"
            " | {time.Now()}\n"
            " | ...........^");
  EXPECT_EQ(Compile(StandardEnv(), "1 +\n\t'é' $ 2").ToText(),
            "ERROR: <input>:2:6: Syntax error: token recognition error at: '$'\n"
            " |  'é' $ 2\n"
            " | ..．..^\n"
            "ERROR: <input>:2:8: Syntax error: extraneous input '2' expecting <EOF>\n"
            " |  'é' $ 2\n"
            " | ..．....^");
  const auto error = compilation.ToResult(base::ErrorCode::kTranCodeError).error();
  EXPECT_EQ(error.code, base::ErrorCode::kTranCodeError);
  EXPECT_EQ(error.message, compilation.ToText());
}

TEST(Parser, RefusesWhatIsNestedTooDeep) {
  const std::string limit = "expression recursion limit exceeded: 250";
  CompileOptions options;
  options.source_bytes_max = 2000000;
  const auto nested = [&](std::size_t depth, std::string_view open, std::string_view close) {
    std::string source;
    for (std::size_t i = 0; i < depth; ++i) source += open;
    source += '1';
    for (std::size_t i = 0; i < depth; ++i) source += close;
    return FirstIssue(StandardEnv(), source, options);
  };
  EXPECT_EQ(nested(200, "(", ")"), "");
  EXPECT_THAT(nested(100000, "(", ")"), HasSubstr(limit));
  EXPECT_THAT(nested(100000, "[", "]"), HasSubstr(limit));
  EXPECT_THAT(nested(100000, "{1:", "}"), HasSubstr(limit));
  EXPECT_THAT(nested(100000, "f(", ")"), HasSubstr(limit));
  EXPECT_THAT(nested(100000, "true?1:", ""), HasSubstr(limit));
  EXPECT_THAT(nested(100000, "[1].map(x,", ")"), HasSubstr(limit));
  EXPECT_THAT(nested(2000, "1+", ""), HasSubstr(limit));
  EXPECT_THAT(nested(2000, "1-", ""), HasSubstr(limit));
  EXPECT_THAT(nested(2000, "", ".a"), HasSubstr(limit));
  EXPECT_THAT(nested(2000, "", "[0]"), HasSubstr(limit));
  EXPECT_EQ(nested(100000, "-", ""), "");
  const Compilation deep = Compile(StandardEnv(), std::string(100000, '('), options);
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.issues()[0].kind, IssueKind::kLimit);
}

TEST(Parser, HoldsTheLimitOfTheText) {
  CompileOptions options;
  options.source_bytes_max = 10;
  EXPECT_EQ(FirstIssue(StandardEnv(), "1234567890", options), "");
  EXPECT_EQ(FirstIssue(StandardEnv(), "12345678901", options),
            "1:1: expression size exceeds limit: size: 11, limit: 10");
  EXPECT_THAT(FirstIssue(StandardEnv(), "'\xff'"),
              StartsWith("1:1: Syntax error: the text is not"));
}

TEST(Parser, TakesAnyNumberOfAlternatives) {
  CompileOptions options;
  options.source_bytes_max = 1000000;
  std::string source = "false";
  for (int i = 0; i < 5000; ++i) source += " || 1 == 2";
  EXPECT_EQ(Evaluated(StandardEnv(), source + " || true", options), "true");
}

TEST(Print, GivesTheSameTreeAgain) {
  const std::vector<std::string> texts = {
      "1 + 2 * 3 - 4 / 5 % 6",
      "(1 + 2) * 3",
      "1 - (2 - 3)",
      "-(-1)",
      "-(1 + 2)",
      "!(true && false) || true",
      "(true || false) && true",
      "true ? (false ? 1 : 2) : 3 > 2 ? 4 : 5",
      "(true ? 1 : 2) + 3",
      "[1, 2u, -3.5, 1e+30, \"a\\\"\\\\\\n\\x01é\", b\"\\xff\", null]",
      "{1: 2, \"a\": [?optional.of(1)], ?\"b\": optional.none()}",
      "has({\"a\": 1}.a)",
      "{\"a-b\": 1}.`a-b`",
      "{\"a\": 1}.?a[?\"b\"][0]",
      "[1, 2].map(x, x > 1, x * 2)",
      "[1].exists(i, v, i == 0 && v == 1)",
      "{1: 2}.transformMap(k, v, v + k)",
      "cel.bind(x, 1 + 2, x * x)",
      "optional.of(1).optMap(v, v + 1)",
      "optional.of(1).optFlatMap(v, optional.of(v))",
      "\"abc\".startsWith(\"a\") && size(\"abc\") == 3",
      "math.greatest(1, 2)",
      ".math.greatest(1, 2)",
      ".size([1])",
      ".has(b\"x\")",
      "type(1) == int",
      "1 in [1] == true",
      "-1 < 2 == true",
      "1 < (2 == true)",
      "(-1).f()",
      "a.b.c[\"d\"].e(f, g)",
      ".a.b",
  };
  CompileOptions unchecked;
  unchecked.check = false;
  for (const std::string& text : texts) {
    const std::string once = MustCompile(StandardEnv(), text, unchecked).Print();
    EXPECT_EQ(once, text);
    EXPECT_EQ(MustCompile(StandardEnv(), once, unchecked).Print(), once);
  }
}

}  // namespace
}  // namespace strongroom::cel
