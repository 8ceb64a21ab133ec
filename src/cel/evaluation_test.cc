#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "cel/expression_testing.h"

namespace strongroom::cel {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// The conformance suite covers the language; here is what it doesn't look at.

std::shared_ptr<const Env> EnvOf(const std::vector<std::pair<std::string, Type>>& variables) {
  EnvBuilder builder(*StandardEnv());
  for (const auto& [name, type] : variables) builder.Variable(name, type);
  return std::move(builder).Build();
}

TEST(Evaluation, ReadsJsonWhereItLies) {
  const auto env = EnvOf({{"claims", Type::Map(Type::String(), Type::Dyn())}});
  const auto json = boost::json::parse(
      R"({"n": 1, "big": 18446744073709551615, "x": 1.5, "list": [1, "a", null, {"k": true}],
          "email": "a@b.c"})");
  Activation activation(*env);
  ASSERT_TRUE(activation.Set(*env, "claims", Value::Json(json)));
  const auto shown = [&](std::string_view source) {
    return Shown(MustCompile(env, source), activation);
  };
  EXPECT_EQ(shown("claims.n == 1 && claims.n == 1u && claims.n == 1.0"), "true");
  EXPECT_EQ(shown("claims.big == 18446744073709551615u"), "true");
  EXPECT_EQ(shown("claims.x"), "1.5");
  EXPECT_EQ(shown("claims.list[3].k && claims['list'][2] == null"), "true");
  EXPECT_EQ(shown("claims.list"), "[1, \"a\", null, {\"k\": true}]");
  EXPECT_EQ(shown("claims.list.exists(e, e == 'a')"), "true");
  EXPECT_EQ(shown("claims.map(k, k)"), R"(["n", "big", "x", "list", "email"])");
  EXPECT_EQ(shown("has(claims.email) && !has(claims.phone)"), "true");
  EXPECT_EQ(shown("claims.phone == 'x'"), "error: no such key: 'phone'");
  EXPECT_EQ(shown("claims.email.phone"), "error: no such overload: select field(string)");
  EXPECT_EQ(shown("claims.?phone.orValue('none')"), "\"none\"");
  EXPECT_EQ(shown("claims == {'a': 1}"), "false");
}

TEST(Evaluation, KeepsErrorsOfExpressionsApartFromFailuresOfTheEngine) {
  const auto env = EnvOf({{"x", Type::Dyn()}});
  Activation activation(*env);
  EXPECT_EQ(Shown(MustCompile(env, "x"), activation), "error: no value for `x`");
  EXPECT_EQ(Shown(MustCompile(env, "x == 1 || true"), activation), "true");
  activation.Set(*env, "x", Value::Int(0));
  const Program division = MustCompile(env, "1 +\n  1 / x");
  Arena arena;
  Budget budget;
  const auto value = division.Evaluate(activation, budget, arena);
  ASSERT_TRUE(value.ok());
  ASSERT_TRUE(value->is_error());
  EXPECT_EQ(value->AsError().code, EvaluationErrorCode::kDivideByZero);
  EXPECT_EQ(value->AsError().offset, 8U);

  // Nothing absorbs a spent budget.
  const Program program = MustCompile(env, "x == 1 || x == 2 || x == 0");
  Budget poor(5);
  EXPECT_EQ(Shown(program, activation, poor), "status: the expression costs too much to evaluate");
  Budget enough(6);
  EXPECT_EQ(Shown(program, activation, enough), "true");
}

TEST(Evaluation, LooksAtTheOtherOptionalOnlyIfNeeded) {
  EXPECT_EQ(Evaluated(StandardEnv(), "optional.of(1).orValue(1 / 0)"), "1");
  EXPECT_EQ(Evaluated(StandardEnv(), "optional.of(1).or(optional.of(1 / 0)).value()"), "1");
  EXPECT_EQ(Evaluated(StandardEnv(), "{}.?a.orValue(1 / 0)"), "error: division by zero");
}

TEST(Evaluation, TellsWhereAFunctionFailed) {
  const auto env = EnvOf({{"x", Type::String()}});
  Activation activation(*env);
  activation.Set(*env, "x", Value::String("z"));
  Arena arena;
  Budget budget;
  const auto value = MustCompile(env, "1 + int(x)").Evaluate(activation, budget, arena);
  ASSERT_TRUE(value.ok() && value->is_error());
  EXPECT_EQ(value->AsError().offset, 7U);
}

TEST(Limits, StopNestedLoops) {
  const auto env = EnvOf({{"n", Type::List(Type::Int())}});
  std::vector<Value> numbers;
  for (int i = 0; i < 1000; ++i) numbers.push_back(Value::Int(i));
  Activation activation(*env);
  activation.Set(*env, "n", Value::List(numbers));
  EXPECT_EQ(Shown(MustCompile(env, "n.all(a, n.all(b, a + b >= 0))"), activation),
            "status: the expression costs too much to evaluate");
  EXPECT_EQ(Shown(MustCompile(env, "n.all(a, n.all(b, a + b >= 0))"), activation, Budget(10000000)),
            "true");
  EXPECT_EQ(
      Shown(MustCompile(env, "n.map(a, n.map(b, n.map(c, c)))"), activation, Budget(100000000)),
      "status: the expression needs more than 4194304 bytes of memory");
  EXPECT_EQ(Shown(MustCompile(env, "n.map(a, a)"), activation, Budget(100)),
            "status: the expression costs too much to evaluate");
}

TEST(Limits, BoundTexts) {
  const auto env = EnvOf({{"s", Type::String()}});
  const std::string text(1000, 'a');
  Activation activation(*env);
  activation.Set(*env, "s", Value::String(text));
  std::string doubled = "s";
  for (int i = 0; i < 30; ++i)
    doubled = "cel.bind(x" + std::to_string(i) + ", " + doubled + ", x" + std::to_string(i) +
              " + x" + std::to_string(i) + ")";
  EXPECT_THAT(Shown(MustCompile(env, doubled), activation),
              StartsWith("status: the expression costs too much"));
  EXPECT_EQ(Shown(MustCompile(env, "s.matches('^(a+)+$')"), activation), "true");
  EXPECT_EQ(Shown(MustCompile(env, "(s + 'b').matches('^(a+)+$')"), activation), "false");
  EXPECT_THAT(Shown(MustCompile(env, "'a'.matches(s + s)"), activation),
              StartsWith("error: the regular expression is longer than"));
  EXPECT_THAT(FirstIssue(env, "s.matches('(((a{100}){100}){100})')"),
              StartsWith("1:11: invalid regular expression"));
  std::string many = "true";
  for (int i = 0; i < 33; ++i) many += " && s.matches('a')";
  EXPECT_THAT(FirstIssue(env, many), ::testing::EndsWith("more than 32 regular expressions"));
  EXPECT_THAT(
      Shown(
          MustCompile(env, "[1,2,3,4,5,6,7,8,9,10].all(i, ['a','b'].all(x, 'c'.matches(x + '*')))"),
          activation),
      StartsWith("status: the expression costs too much"));
  EXPECT_THAT(FirstIssue(env, "s.matches('[')"), StartsWith("1:11: invalid regular expression"));
}

// A few bytes that are gigabytes when they are written out.
TEST(Limits, HoldForWhatSharesItsParts) {
  const auto doubled = [](std::string body, const std::string& first, std::string_view open,
                          std::string_view middle, std::string_view close) {
    for (int i = 60; i > 0; --i) {
      const std::string before = i == 1 ? first : "x" + std::to_string(i - 1);
      body = "cel.bind(x" + std::to_string(i) + ", " + std::string(open) + before +
             std::string(middle) + before + std::string(close) + ", " + body + ")";
    }
    return body;
  };
  const auto env = EnvOf({{"d", Type::Dyn()}});
  Activation activation(*env);
  activation.Set(*env, "d", Value::Int(1));
  const auto list = [&](const std::string& body, const std::string& first) {
    return Shown(MustCompile(env, doubled(body, first, "[", ", ", "]")), activation);
  };
  EXPECT_EQ(list("x60", "1"), "status: the expression's result is too large to be written out");
  EXPECT_EQ(list("x60", "d"), "status: the expression's result is too large to be written out");
  EXPECT_EQ(list("size(x60)", "1"), "2");
  EXPECT_EQ(list("x60 == [x59, x59]", "d"), "status: the expression costs too much to evaluate");
  EXPECT_EQ(list("sets.contains([x60], [[x59, x59]])", "d"),
            "status: the expression costs too much to evaluate");
  EXPECT_EQ(list("[x60, [x59, x59]].distinct()", "d"),
            "status: the expression costs too much to evaluate");
  for (const std::string first : {"1", "[]"}) {
    const std::string map =
        doubled("{1: x60} == {1: {1: x59, 2: x59}}", first, "{1: ", ", 2: ", "}");
    EXPECT_EQ(Shown(MustCompile(env, map), activation),
              "status: the expression costs too much to evaluate");
  }
  // The key's type is doubled too.
  CompileOptions options;
  options.source_bytes_max = 100000;
  const std::string types = doubled("x60 == {x59: x59}", "[]", "{", ": ", "}");
  const Compilation compilation = Compile(env, types, options);
  ASSERT_FALSE(compilation.ok());
  EXPECT_EQ(compilation.issues()[0].kind, IssueKind::kLimit);
}

TEST(Limits, AreKnownBeforeWhereTheyCanBe) {
  const auto env = EnvOf({{"s", Type::String()}, {"n", Type::Int()}, {"d", Type::Dyn()}});
  const auto bound = [&](std::string_view source) { return MustCompile(env, source).CostBound(); };
  EXPECT_EQ(bound("1 + 2"), 0U);
  EXPECT_EQ(bound("n + 1 == 3"), 3U);
  EXPECT_EQ(bound("s == 'abc'"), 2U);
  EXPECT_EQ(bound("d.a.b == 'abc' && n < 3"), 6U);
  EXPECT_EQ(bound("s in ['a', 'b']"), 4U);
  EXPECT_EQ(bound("s + s == 'a'"), std::nullopt);
  EXPECT_EQ(bound("s == d"), std::nullopt);
  EXPECT_EQ(bound("d.exists(x, x == 1)"), std::nullopt);
  EXPECT_EQ(bound("s.contains('a')"), std::nullopt);
  CompileOptions options;
  options.cost_max = 5;
  EXPECT_EQ(FirstIssue(env, "d.a.b == 'abc' && n < 3", options),
            "1:1: expression costs too much: 6, limit: 5");
}

TEST(Programs, TellWhatTheyRead) {
  const auto env = EnvOf({{"a", Type::Dyn()}, {"b", Type::Dyn()}});
  const auto paths = [&](std::string_view source) { return MustCompile(env, source).Paths(); };
  EXPECT_THAT(paths("a.b.c == 1 && a.b['c'] == 2 && has(a.b.d)"), ElementsAre("a.b.c", "a.b.d"));
  EXPECT_THAT(paths("a[b.key].c"), ElementsAre("a", "b.key"));
  EXPECT_THAT(paths("a.list.exists(x, x == b.?c)"), ElementsAre("a.list", "b.c"));
  EXPECT_THAT(paths("a.b == 1 && a.b.c == 2"), ElementsAre("a.b.c"));
  EXPECT_THAT(paths("cel.bind(x, a, x.b)"), ElementsAre("a"));
  EXPECT_THAT(paths("1 + 1"), ElementsAre());
}

std::vector<std::pair<std::string_view, const Overload*>> AllOverloads() {
  std::vector<std::pair<std::string_view, const Overload*>> all;
  for (const auto& function : StandardEnv()->Functions())
    for (const Overload* overload : function.overloads) all.emplace_back(function.name, overload);
  return all;
}

TEST(Library, ExamplesAreTrue) {
  for (const auto& [name, overload] : AllOverloads()) {
    if (overload->example.empty()) continue;
    EXPECT_EQ(Evaluated(StandardEnv(), overload->example), "true") << overload->example;
  }
}

TEST(Library, IsDescribed) {
  for (const auto& [name, overload] : AllOverloads()) {
    if (!overload->callback) continue;
    EXPECT_FALSE(overload->description.empty()) << name << ' ' << overload->id;
    EXPECT_FALSE(overload->example.empty()) << name << ' ' << overload->id;
  }
}

}  // namespace
}  // namespace strongroom::cel
