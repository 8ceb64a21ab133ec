#include <gtest/gtest.h>

#include "cel/examples_testing.h"
#include "cel/program.h"
#include "scalars/cel_env.h"
#include "scalars/cel_host.h"
#include "scalars/cel_types.h"

namespace strongroom::scalars {
namespace {

std::shared_ptr<const cel::Env> LedgerEnv() {
  static const auto env = [] {
    cel::EnvBuilder builder(*cel::StandardEnv());
    AddScalarTypes(builder);
    AddLedgerFunctions(builder);
    builder.Variable("x", cel::Type::Dyn());
    return std::move(builder).Build();
  }();
  return env;
}

CelHost Host() {
  return {base::Timestamp(std::chrono::seconds(1767225600)), &base::SystemRandom()};  // 2026
}

// The value of an expression as text, or `error: …`.
std::string Eval(const std::string& source, const CelHost* host = nullptr,
                 const cel::Value& x = cel::Value::Null()) {
  const auto env = LedgerEnv();
  const cel::Compilation compilation = cel::Compile(env, source);
  if (!compilation.ok()) return "refused";
  cel::Activation activation(*env);
  activation.Set(*env, "x", x);
  activation.SetHost(host);
  cel::Budget budget;
  cel::Arena arena;
  const auto value = compilation.program().Evaluate(activation, budget, arena);
  if (!value.ok()) return "stopped";
  if (value->is_error()) return "error: " + std::string(value->AsError().message);
  return cel::ToText(*value);
}

TEST(LedgerFunctions, HaveAnExampleThatIsTrue) {
  const CelHost host = Host();
  for (const std::string& wrong : cel::WrongExamples(LedgerEnv(), &host)) ADD_FAILURE() << wrong;
}

TEST(LedgerFunctions, TellTheTimeOfTheOperation) {
  const CelHost host = Host();
  EXPECT_EQ(Eval("time.Now()", &host), R"(timestamp("2026-01-01T00:00:00Z"))");
  EXPECT_EQ(Eval("date.Today()", &host), R"(date("2026-01-01"))");
  EXPECT_EQ(Eval("date.Today('America/New_York')", &host), R"(date("2025-12-31"))");
  EXPECT_EQ(Eval("date.Today('Nowhere')", &host).substr(0, 6), "error:");
}

TEST(LedgerFunctions, AreErrorsWithoutAHost) {
  for (const char* source : {"time.Now()", "date.Today()", "uuid.New()", "rand.Intn(3)"})
    EXPECT_EQ(Eval(source).substr(0, 6), "error:") << source;
}

TEST(LedgerTypes, AreTheirOwn) {
  EXPECT_EQ(Eval("type(decimal('1')) == decimal && type(uuid.NewMD5(uuid("
                 "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'), b'')) == uuid"),
            "true");
  EXPECT_EQ(Eval("type(date('2022-01-01')) == date && type(money('1', 'USD')) == money"), "true");
  EXPECT_EQ(Eval("decimal('1') == 1"), "refused");
  EXPECT_EQ(Eval("uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8') == "
                 "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"),
            "refused");
  EXPECT_EQ(Eval("dyn(decimal('1')) == dyn('1')"), "false");
}

TEST(LedgerTypes, KeepTheScaleAndCompareByValue) {
  EXPECT_EQ(Eval("decimal('100') + decimal('18.45')"), R"(decimal("118.45"))");
  EXPECT_EQ(Eval("decimal('1.0') == decimal('1.00')"), "true");
  EXPECT_EQ(Eval("decimal('2') > decimal('10')"), "false");
  EXPECT_EQ(Eval("[decimal('3'), decimal('1')].sort()[0]"), R"(decimal("1"))");
  EXPECT_EQ(Eval("money('1.5', 'USD') - money('0.50', 'USD')"), R"(money("1.00", "USD"))");
}

TEST(LedgerTypes, DontMixCurrencies) {
  EXPECT_EQ(Eval("money('1', 'USD') == money('1', 'EUR')"), "false");
  for (const char* source : {"money('1', 'USD') + money('1', 'EUR')",
                             "money('1', 'USD') < money('2', 'EUR')", "money('1', 'usd')"})
    EXPECT_EQ(Eval(source).substr(0, 6), "error:") << source;
}

TEST(LedgerTypes, ReportBadTextsAsErrors) {
  for (const char* source :
       {"decimal('x')", "uuid('x')", "uuid(b'x')", "date('2022-02-30')", "money('x', 'USD')",
        "decimal('1') / decimal('0')", "decimal.Round(decimal('1'), 'sideways', 1)",
        "decimal.Quo(decimal('1'), decimal('3'), 35u)", "timestamp(date('0000-01-01'))",
        "int(decimal('1e30'))", "decimal.Sqrt(decimal('-1'))", "rand.Intn(0)",
        "finance.Payment(0.1, 0, 1.0, 0.0, 0)", "cal.Quarter(timestamp(0), 13)",
        "strings.Repeat('a', -1)", "hex.DecodeString('0')", "json.Marshal(0.0 / 0.0)"})
    EXPECT_EQ(Eval(source).substr(0, 6), "error:") << source;
}

TEST(LedgerTypes, AreReadInPlace) {
  const Decimal d = ParseDecimal("12.30").value();
  EXPECT_EQ(Eval("string(x) + ' ' + string(x == decimal('12.3'))", nullptr, ToCel(d)),
            R"("12.30 true")");
  const base::Uuid id = base::ParseUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value();
  EXPECT_EQ(Eval("x in [uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8')]", nullptr, ToCel(id)),
            "true");
  const Money money = ParseMoney("118.45 USD").value();
  EXPECT_EQ(Eval("'%s'.format([x])", nullptr, ToCel(money)), R"("118.45 USD")");
}

TEST(LedgerFunctions, CountWeeksAndQuarters) {
  EXPECT_EQ(Eval("cal.ISOWeekOfYear(timestamp('2024-12-30T00:00:00Z'))"), "1");
  EXPECT_EQ(Eval("cal.ISOWeekOfYear(timestamp('2026-12-31T00:00:00Z'))"), "53");
  EXPECT_EQ(Eval("cal.WeekOfYear(timestamp('2024-12-31T00:00:00Z'), 0, 1)"), "1");
  EXPECT_EQ(Eval("cal.Quarter(timestamp('2024-03-31T00:00:00Z'), 4)"), "4");
}

TEST(LedgerFunctions, HashAsTheirSpecificationsSay) {
  EXPECT_EQ(Eval("system.hash.xx(b'a') == 15154266338359012955u"), "true");
  EXPECT_EQ(Eval("system.hash.xx(b'Nobody inspects the spammish repetition') == "
                 "18144624926692707313u"),
            "true");
}

TEST(LedgerFunctions, CleanPathsAsGoDoes) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "."},         {"a//b", "a/b"}, {"a/b/.", "a/b"}, {"a/../../b", "../b"},
      {"/..", "/"},      {"/../a", "/a"}, {"a/b/..", "a"},  {"../../a/..", "../.."},
      {"/a/../..", "/"}, {"./a", "a"},    {"a/..", "."}};
  for (const auto& [path, clean] : cases)
    EXPECT_EQ(Eval("path.Clean('" + std::string(path) + "') == '" + clean + "'"), "true") << path;
  EXPECT_EQ(
      Eval("[path.Base(''), path.Base('//'), path.Dir('a'), path.Dir('/a'), path.Ext('a.b/c')]"),
      R"([".", "/", ".", "/", ""])");
}

TEST(LedgerFunctions, WriteJson) {
  EXPECT_EQ(Eval(R"(string(json.Marshal(['a"\\\n\u0001é', true, -1, 18446744073709551615u, 0.1,
                b'hello', duration('90s'), date('2022-01-01'), {1: {}}])))"
                 R"( == '["a\\"\\\\\\n\\u0001é",true,-1,18446744073709551615,0.1,)"
                 R"("aGVsbG8=","90s","2022-01-01",{"1":{}}]')"),
            "true");
}

TEST(LedgerFunctions, TakeNoMoreThanTheBudget) {
  for (const char* source :
       {"strings.Repeat('abc', 1000000000)", "strings.Repeat('a', 9223372036854775807)",
        "lists.range(9223372036854775807)",
        "strings.ReplaceAll(strings.Repeat('a', 9000), 'a', "
        "strings.Repeat('b', 9000))"})
    EXPECT_EQ(Eval(source), "stopped") << source;
}

}  // namespace
}  // namespace strongroom::scalars
