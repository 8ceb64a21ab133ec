#include "cel/specializer.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>

#include "cel/expression_generator.h"
#include "cel/expression_testing.h"

namespace strongroom::cel {
namespace {

using ::testing::HasSubstr;

// A context as authorization has it: a record, part of it known before the rest.
class Context final : public ObjectView {
 public:
  explicit Context(const StructType& type) : type_(type) {}
  const StructType& type() const override { return type_; }
  Value Get(std::size_t field, Arena&) const override { return fields[field]; }
  bool Has(std::size_t field) const override { return !fields[field].absent(); }
  std::array<Value, 2> fields;

 private:
  const StructType& type_;
};

class SpecializerTest : public ::testing::Test {
 protected:
  SpecializerTest()
      : type_(std::make_shared<const StructType>(
            StructType{"Context",
                       {{"claims", Type::Map(Type::String(), Type::Dyn())},
                        {"document", Type::Map(Type::String(), Type::Dyn())}}})),
        claims_(boost::json::parse(
            R"({"email": "a@b.c", "groups": ["ops", "dev"], "level": 3, "admin": false})")),
        context_(*type_) {
    EnvBuilder builder(*StandardEnv());
    builder.Struct(type_)
        .Variable("context", Type::Struct("Context"))
        .Variable("late", Type::Dyn())
        .Function("clock", {.id = "clock",
                            .parameters = {},
                            .result = Type::Int(),
                            .callback = [](const Call&) { return Value::Int(7); },
                            .pure = false,
                            .description = {},
                            .example = {}});
    env_ = std::move(builder).Build();
    context_.fields[0] = Value::Json(claims_);
  }

  Program Specialized(std::string_view source) {
    Activation activation(*env_);
    activation.Set(*env_, "context", Value::Object(&context_));
    Budget budget;
    const std::array<std::string, 1> unknown = {"context.document"};
    auto residual = MustCompile(env_, source).Specialize(activation, unknown, budget);
    EXPECT_TRUE(residual.ok());
    return std::move(residual).value();
  }
  std::string Residual(std::string_view source) { return Specialized(source).Print(); }

  std::shared_ptr<const StructType> type_;
  boost::json::value claims_;
  Context context_;
  std::shared_ptr<const Env> env_;
};

TEST_F(SpecializerTest, ComputesWhatIsKnown) {
  EXPECT_EQ(Residual("context.claims.email == 'a@b.c'"), "true");
  EXPECT_EQ(Residual("context.claims.level + 1"), "4");
  EXPECT_EQ(Residual("has(context.claims.phone)"), "false");
  EXPECT_EQ(Residual("context.claims.groups.exists(g, g == 'ops')"), "true");
  EXPECT_EQ(Residual("context.claims.phone == 'x'"), "<no such key: 'phone'>");
  EXPECT_TRUE(Specialized("context.claims.phone == 'x'").constant().is_error());
}

TEST_F(SpecializerTest, LeavesWhatIsNot) {
  for (const std::string text : {"context.document.a == 1", "late", "has(context.document.a)",
                                 "context", "clock() + 1", "[1].map(x, x + late)"})
    EXPECT_EQ(Residual(text), text);
}

TEST_F(SpecializerTest, LetsLogicDecide) {
  EXPECT_EQ(Residual("context.claims.email == 'x' && context.document.a == 1"), "false");
  EXPECT_EQ(Residual("context.document.a == 1 && context.claims.email == 'x'"), "false");
  EXPECT_EQ(Residual("context.claims.email == 'a@b.c' && context.document.a == 1"),
            "context.document.a == 1");
  EXPECT_EQ(Residual("context.claims.level == 3 || context.document.a == 1"), "true");
  EXPECT_EQ(Residual("context.claims.level == 4 || context.document.a == 1"),
            "context.document.a == 1");
  EXPECT_EQ(Residual("context.claims.level == 3 && late"), "late && true");
  EXPECT_EQ(Residual("context.claims.admin ? late : context.document.a"), "context.document.a");
  EXPECT_EQ(Residual("!(late && context.claims.admin)"), "true");
  EXPECT_EQ(Residual("context.claims.phone == 'x' || late == 1"),
            "<no such key: 'phone'> || late == 1");
  EXPECT_EQ(Residual("context.claims.phone + late"), "<no such key: 'phone'>");
}

TEST_F(SpecializerTest, PutsKnownValuesIntoTheRest) {
  EXPECT_EQ(Residual("context.document.owner == context.claims.email"),
            "context.document.owner == \"a@b.c\"");
  EXPECT_EQ(Residual("context.document.group in context.claims.groups"),
            "context.document.group in [\"ops\", \"dev\"]");
  EXPECT_EQ(Residual("context.claims.groups.exists(g, g == late)"),
            "[\"ops\", \"dev\"].exists(g, g == late)");
  EXPECT_EQ(Residual("late.exists(g, g == context.claims.level + 1 || g == 0)"),
            "late.exists(g, g == 4 || g == 0)");
  EXPECT_EQ(Residual("[1].exists(g, late == 1 || g == context.claims.level)"),
            "[1].exists(g, late == 1 || g == 3)");
  EXPECT_EQ(Residual("cel.bind(e, context.claims.email, e == late && e != 'x')"),
            "cel.bind(e, \"a@b.c\", \"a@b.c\" == late)");
}

TEST_F(SpecializerTest, KeepsNothingOfWhatWasKnown) {
  const Program residual = Specialized("context.document.owner == context.claims.email");
  EXPECT_THAT(residual.Paths(), ::testing::ElementsAre("context.document.owner"));
  claims_ = nullptr;
  const auto document = boost::json::parse(R"({"owner": "a@b.c"})");
  context_.fields[1] = Value::Json(document);
  Activation activation(*env_);
  activation.Set(*env_, "context", Value::Object(&context_));
  EXPECT_EQ(Shown(residual, activation), "true");
}

TEST_F(SpecializerTest, StopsWhenTheBudgetIsSpent) {
  Activation activation(*env_);
  activation.Set(*env_, "context", Value::Object(&context_));
  Budget budget(5);
  const auto residual = MustCompile(env_, "context.claims.groups.all(g, g != 'x') && late")
                            .Specialize(activation, {}, budget);
  ASSERT_FALSE(residual.ok());
  EXPECT_EQ(residual.error().code, base::ErrorCode::kLimitExceeded);
}

// ---- Whatever is known beforehand, the outcome is the same.

RC_GTEST_PROP(Specialization, GivesWhatEvaluationGives, ()) {
  static const auto kEnv = GeneratedEnv();
  const std::string source = Expressions::Any(4);
  CompileOptions options;
  options.source_bytes_max = 1000000;
  options.fold = false;
  const Compilation compilation = Compile(kEnv, source, options);
  if (!compilation.ok()) {
    RC_TAG("refused");
    return;
  }
  const Program& program = compilation.program();
  // Printing gives the same tree.
  const Compilation again = Compile(kEnv, program.Print(), options);
  RC_ASSERT(again.ok());
  RC_ASSERT(again.program().Print() == program.Print());

  const GeneratedValues values;
  Activation full(*kEnv);
  Activation known(*kEnv);
  for (const auto& [name, value] : values.all) {
    full.Set(*kEnv, name, value);
    if (*rc::gen::arbitrary<bool>()) known.Set(*kEnv, name, value);
  }
  const auto outcome = [&](const Program& one, std::uint64_t& spent) {
    Arena arena;
    Budget budget(1000000);
    const auto value = one.Evaluate(full, budget, arena);
    RC_ASSERT(value.ok());
    spent = budget.spent();
    return value->is_error() ? "error" : ToText(*value);
  };
  Budget budget(1000000);
  const auto residual = program.Specialize(known, {}, budget);
  RC_ASSERT(residual.ok());
  std::uint64_t direct_cost = 0;
  std::uint64_t residual_cost = 0;
  const std::string direct = outcome(program, direct_cost);
  RC_ASSERT(outcome(*residual, residual_cost) == direct);
  RC_ASSERT(residual_cost <= direct_cost);
  if (const auto bound = program.CostBound()) RC_ASSERT(direct_cost <= *bound);
  // Folding is specialisation without knowledge.
  options.fold = true;
  std::uint64_t folded_cost = 0;
  RC_ASSERT(outcome(Compile(kEnv, source, options).program(), folded_cost) == direct);
  RC_ASSERT(folded_cost <= direct_cost);
}

}  // namespace
}  // namespace strongroom::cel
