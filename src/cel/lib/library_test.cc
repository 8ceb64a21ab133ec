// What the examples of the functions and the conformance corpus leave open.
#include <gtest/gtest.h>

#include "cel/program.h"

namespace strongroom::cel {
namespace {

// The value as text, or `error: …`, `refused`, `stopped`.
std::string Eval(std::string_view source) {
  static const auto env = StandardEnv();
  const Compilation compilation = Compile(env, source);
  if (!compilation.ok()) return "refused";
  const Activation activation(*env);
  Budget budget;
  Arena arena;
  const auto value = compilation.program().Evaluate(activation, budget, arena);
  if (!value.ok()) return "stopped";
  if (value->is_error()) return "error: " + std::string(value->AsError().message);
  return ToText(*value);
}

struct Case {
  std::string_view source;
  std::string_view result;
};

void Check(std::initializer_list<Case> cases) {
  for (const Case& one : cases) EXPECT_EQ(Eval(one.source), one.result) << one.source;
}

void CheckErrors(std::initializer_list<std::string_view> sources) {
  for (const std::string_view source : sources)
    EXPECT_TRUE(Eval(source).starts_with("error: ")) << source << " gave " << Eval(source);
}

TEST(Strings, SplitAndReplaceAtTheEdges) {
  Check({{"'é€'.split('')", R"(["é", "€"])"},
         {"''.split('')", "[]"},
         {"''.split(',')", R"([""])"},
         {"',a,'.split(',')", R"(["", "a", ""])"},
         {"'abc'.split('', 2)", R"(["a", "bc"])"},
         {"'aé'.replace('', '-')", R"("-a-é-")"},
         {"'aé'.replace('', '-', 2)", R"("-a-é")"},
         {"'aaa'.replace('aa', 'b')", R"("ba")"},
         {"'aaa'.replace('a', '', 0)", R"("aaa")"}});
}

TEST(Strings, FindPositionsInCharacters) {
  Check({{"'é€x'.indexOf('x')", "2"},
         {"'é€x'.lastIndexOf('é', 2)", "0"},
         {"'abc'.indexOf('c', 3)", "-1"},
         {"'abc'.indexOf('', 3)", "3"},
         {"'é€x'.reverse()", R"("x€é")"},
         {"' \u2003'.trim()", R"("")"}});
  CheckErrors({"'abc'.indexOf('', 4)", "'abc'.charAt(-1)", "'abc'.substring(2, 1)",
               "'abc'.charAt(9223372036854775807)", "[1, 'a'].map(x, dyn(x)).join()"});
}

TEST(Strings, FormatRefusesWhatItCannot) {
  Check({{"'%s %s %s'.format([null, -1.5, [b'x']])", R"("null -1.5 [x]")"},
         {"'%d'.format([2.5])", R"("2.5")"},
         {"'%.2e %.1f'.format([0.0, 1e20])", R"("0.00e+00 100000000000000000000.0")"},
         {"'%x %X %o %b'.format([-255, -255, -8, -2])", R"("-ff -FF -10 -10")"},
         {"'%s'.format([ip('10.0.0.1')])", R"("10.0.0.1")"},
         {"''.format([1])", R"("")"}});
  CheckErrors({"'%'.format([1])", "'%.f'.format([1])", "'%.1001f'.format([1])", "'%.'.format([1])",
               "'%5d'.format([1])", "'%s'.format([])", "'%s'.format([b'\\xff'])",
               "'%s'.format([optional.of(1)])"});
}

TEST(Math, ComparesNumbersOfAllKinds) {
  Check({{"math.greatest([1u, 1.5, -7])", "1.5"},
         {"math.least(18446744073709551615u, 9223372036854775807)", "9223372036854775807"},
         {"math.sqrt(-1) != math.sqrt(-1)", "true"},
         {"math.bitShiftLeft(1, 63)", "-9223372036854775808"},
         {"math.greatest('a', 'b')", "refused"}});
  CheckErrors({"math.greatest([])", "math.least(1, 2, 'a')", "math.bitShiftLeft(1, -1)"});
}

TEST(Encoders, ReadBase64WithAndWithoutPadding) {
  Check({{"base64.decode('')", R"(b"")"}, {"base64.decode('YQ')", R"(b"a")"}});
  CheckErrors({"base64.decode('YQ=')", "base64.decode('Y')", "base64.decode('YR')",
               "base64.decode('Y Q==')", "base64.decode('_w==')"});
}

TEST(Lists, AreCutSortedAndFlattened) {
  Check({{"[1, 2, 3].slice(3, 3)", "[]"},
         {"[1, [2, [3]]].flatten()", "[1, 2, [3]]"},
         {"[[1], [[2]]].flatten(0)", "[[1], [[2]]]"},
         {"[].sort()", "[]"},
         {"['b', 'a', 'b'].sort()", R"(["a", "b", "b"])"},
         {"[1, 1.0, 1u, 2].distinct()", "[1, 2]"},
         {"[0.0 / 0.0, 0.0 / 0.0].distinct().size()", "2"},
         {"[].first().hasValue()", "false"},
         {"lists.range(0)", "[]"}});
  CheckErrors({"[1, 2].slice(1, 3)", "[1, 2].slice(-1, 1)", "[1, 2].slice(2, 1)", "[1, 'a'].sort()",
               "[0.0 / 0.0, 1.0].sort()", "[{}].sort()", "[[1]].flatten(-1)", "lists.range(-1)"});
}

TEST(Sets, IgnoreOrderAndRepetition) {
  Check({{"sets.contains([1], [])", "true"},
         {"sets.contains([], [1])", "false"},
         {"sets.equivalent([], [])", "true"},
         {"sets.equivalent([1, 2], [1])", "false"},
         {"sets.intersects([], [])", "false"},
         {"sets.contains([[1], [2, 3]], [[2, 3.0]])", "true"}});
}

TEST(Libraries, TakeNoMoreThanTheBudget) {
  for (const char* source :
       {"lists.range(100000)", "lists.range(9000).distinct()",
        "sets.contains(lists.range(2000), lists.range(2000))",
        "lists.range(3000).map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').join()"})
    EXPECT_EQ(Eval(source), "stopped") << source;
}

}  // namespace
}  // namespace strongroom::cel
