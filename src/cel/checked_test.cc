// What the checker promises of the expressions that it lets through.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "cel/expression_generator.h"
#include "cel/expression_testing.h"

namespace strongroom::cel {
namespace {

// GeneratedEnv, with nothing left to be found out when evaluating.
std::shared_ptr<const Env> TypedEnv() {
  EnvBuilder builder(*GeneratedEnv());
  builder.Variable("q", Type::Bool());
  return std::move(builder).Build();
}

struct Typed {
  std::string source;
  Kind kind;
};

Typed AnyTyped(int depth) {
  switch (*rc::gen::inRange(0, 3)) {
    case 0: return {Expressions::Number(depth), Kind::kInt};
    case 1: return {Expressions::Bool(depth), Kind::kBool};
    default: return {Expressions::List(depth), Kind::kList};
  }
}

// The same text with one part put where another stood: mostly of a wrong type.
std::string Mangled(std::string source) {
  static const std::vector<std::string> kParts = {"true", "1", "[1, 2]", "size(l)", "p",
                                                  "i",    "l", " + ",    " && "};
  const auto& from = *rc::gen::elementOf(kParts);
  const auto& to = *rc::gen::elementOf(kParts);
  const std::size_t at = source.find(from);
  return at == source.npos ? source : source.replace(at, from.size(), to);
}

RC_GTEST_PROP(CheckedPrograms, NeverRaiseWhatTheCheckerExcludes, ()) {
  static const auto kEnv = TypedEnv();
  const Typed typed = AnyTyped(*rc::gen::inRange(1, 5));
  const bool mangled = *rc::gen::arbitrary<bool>();
  CompileOptions options;
  options.source_bytes_max = 1000000;
  const Compilation compilation =
      Compile(kEnv, mangled ? Mangled(typed.source) : typed.source, options);
  if (!compilation.ok()) {
    RC_ASSERT(mangled);
    return;
  }
  RC_TAG(mangled ? "mangled and let through" : "as generated");
  const GeneratedValues values;
  Activation activation(*kEnv);
  for (const auto& [name, value] : values.all)
    activation.Set(*kEnv, name, name == "q" ? Value::Bool(true) : value);
  Arena arena;
  Budget budget(10000000);
  const auto value = compilation.program().Evaluate(activation, budget, arena);
  if (!value.ok()) return;
  if (value->is_error()) {
    const EvaluationErrorCode code = value->AsError().code;
    RC_ASSERT(code != EvaluationErrorCode::kNoSuchOverload);
    RC_ASSERT(code != EvaluationErrorCode::kNoSuchField);
    RC_ASSERT(code != EvaluationErrorCode::kNoSuchVariable);
  } else if (!mangled) {
    RC_ASSERT(value->kind() == typed.kind);
  }
}

// The same errors do arise where types are only known when evaluating.
TEST(CheckedPrograms, RaiseThemForWhatIsDyn) {
  const auto env = GeneratedEnv();
  EXPECT_EQ(Evaluated(env, "dyn(1) + 'a'"), "error: no such overload: _+_(int, string)");
  EXPECT_THAT(FirstIssue(env, "1 + 'a'"), ::testing::HasSubstr("no matching overload"));
}

}  // namespace
}  // namespace strongroom::cel
