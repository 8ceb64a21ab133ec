#include "cel/env.h"

#include <gmock/gmock.h>

#include "cel/expression_testing.h"

namespace strongroom::cel {
namespace {

using ::testing::HasSubstr;

// A point on a line, as an opaque type with an order.
struct Position {
  std::int64_t at = 0;
};
const Position& AsPosition(const void* data) { return *static_cast<const Position*>(data); }
constexpr OpaqueType kPosition = {
    .name = "position",
    .equal = [](const void* a, const void* b) { return AsPosition(a).at == AsPosition(b).at; },
    .compare = [](const void* a, const void* b) { return AsPosition(a).at <=> AsPosition(b).at; },
    .hash = [](const void* data) { return static_cast<std::size_t>(AsPosition(data).at); },
    .print =
        [](const void* data) { return "position(" + std::to_string(AsPosition(data).at) + ')'; },
    .copy = [](const void* data, Arena& arena) -> const void* {
      return arena.New<Position>(AsPosition(data));
    },
};

// An account whose fields are set by the test; an absent value is an unset field.
class Account final : public ObjectView {
 public:
  explicit Account(const StructType& type) : type_(type), values_(type.fields.size()) {}
  void Set(std::string_view field, const Value& value) { values_[type_.FindField(field)] = value; }
  const StructType& type() const override { return type_; }
  Value Get(std::size_t field, Arena&) const override {
    return values_[field].absent() ? Value::Null() : values_[field];
  }
  bool Has(std::size_t field) const override { return !values_[field].absent(); }

 private:
  const StructType& type_;
  std::vector<Value> values_;
};

class EnvTest : public ::testing::Test {
 protected:
  EnvTest()
      : type_(std::make_shared<const StructType>(
            StructType{"Account",
                       {{"name", Type::String()},
                        {"status", Type::Enum("Status")},
                        {"code", Type::Nullable(Type::String())},
                        {"at", Type::Nullable(Type::Opaque("position"))},
                        {"parent", Type::Nullable(Type::Struct("Account"))}}})),
        env_(Make()),
        account_(*type_),
        activation_(*env_) {
    account_.Set("name", Value::String("cash"));
    account_.Set("status", Value::Int(1));
    activation_.Set(*env_, "account", Value::Object(&account_));
    activation_.Set(*env_, "from", Value::Opaque(&kPosition, &position_));
  }

  std::shared_ptr<const Env> Make() const {
    EnvBuilder builder(*StandardEnv());
    const Type position = Type::Opaque("position");
    builder.Opaque(&kPosition)
        .Enum({"Status", {{"ACTIVE", 1}, {"LOCKED", 2}, {"NONE", 0}}})
        .Enum({"Layer", {{"SETTLED", 0}, {"ACTIVE", 7}, {"NONE", 0}}})
        .Struct(type_)
        .Variable("account", Type::Struct("Account"))
        .Variable("from", position)
        .Function("position", {.id = "int_to_position",
                               .parameters = {Type::Int()},
                               .result = position,
                               .callback =
                                   [](const Call& call) {
                                     return call.MakeOpaque(kPosition, Position{call[0].AsInt()});
                                   },
                               .description = {},
                               .example = {}})
        .Function(kAdd, {.id = "add_position_int",
                         .parameters = {position, Type::Int()},
                         .result = position,
                         .callback =
                             [](const Call& call) {
                               const auto& at = AsPosition(call[0].AsOpaque(&kPosition));
                               return call.MakeOpaque(kPosition, Position{at.at + call[1].AsInt()});
                             },
                         .description = {},
                         .example = {}});
    return std::move(builder).Build();
  }
  std::string Shown(std::string_view source) const {
    return cel::Shown(MustCompile(env_, source), activation_);
  }
  std::string Issue(std::string_view source) const { return FirstIssue(env_, source); }
  std::string Hint(std::string_view source) const {
    const Compilation compilation = Compile(env_, source);
    return compilation.ok() ? "" : compilation.issues().front().hint;
  }

  const std::shared_ptr<const StructType> type_;
  const std::shared_ptr<const Env> env_;
  Account account_;
  Activation activation_;
  const Position position_{3};
};

TEST_F(EnvTest, ReadsRecords) {
  EXPECT_EQ(Shown("account.name == 'cash' && has(account.name)"), "true");
  EXPECT_EQ(Shown("account.code == null && !has(account.code)"), "true");
  EXPECT_EQ(Shown("account.code == 'x'"), "false");
  EXPECT_EQ(Shown("account.code.startsWith('x')"),
            "error: no such overload: startsWith(null, string)");
  EXPECT_EQ(Shown("account.?code.orValue('none')"), "\"none\"");
  EXPECT_EQ(Shown("type(account) == Account"), "true");
  EXPECT_EQ(Shown("account"), "<Account>");
  Account parent(*type_);
  parent.Set("code", Value::String("P1"));
  account_.Set("parent", Value::Object(&parent));
  EXPECT_EQ(Shown("account.parent.code"), "\"P1\"");
  EXPECT_EQ(Shown("account.parent.parent.code"), "error: no such overload: select field(null)");
  EXPECT_EQ(Issue("account.nam == 'x'"), "1:8: undefined field 'nam'");
  EXPECT_EQ(Hint("account.nam == 'x'"), "did you mean `name`?");
  EXPECT_EQ(Hint("acount.name == 'x'"), "did you mean `account`?");
  EXPECT_EQ(Hint("math.gretest(1, 2)"), "did you mean `math.greatest`?");
}

TEST_F(EnvTest, TakesEnumsByName) {
  EXPECT_EQ(Shown("account.status == ACTIVE && account.status != LOCKED"), "true");
  EXPECT_EQ(Shown("account.status == Status.ACTIVE && Layer.ACTIVE == 7"), "true");
  EXPECT_EQ(Shown("account.status == 1"), "true");
  EXPECT_EQ(Shown("Status.NONE == NONE && Layer.NONE == NONE"), "true");
  EXPECT_EQ(Issue("account.status == SETTLED"),
            "1:16: found no matching overload for '_==_' applied to '(Status, Layer)'");
  EXPECT_EQ(Issue("account.status == 'ACTIVE'"),
            "1:16: found no matching overload for '_==_' applied to '(Status, string)'");
  EXPECT_EQ(Hint("account.status == 'ACTIVE'"),
            "compare with the constant `ACTIVE`, without quotes");
  EXPECT_EQ(Hint("account.status == 'x'"),
            "compare with one of its constants: ACTIVE, LOCKED, NONE");
}

TEST_F(EnvTest, ComputesWithOpaqueTypes) {
  EXPECT_EQ(Shown("from == position(3) && from != position(4)"), "true");
  EXPECT_EQ(Shown("from < position(4) && from >= position(3)"), "true");
  EXPECT_EQ(Shown("from + 1"), "position(4)");
  EXPECT_EQ(Shown("from in [position(1), position(3)]"), "true");
  EXPECT_EQ(Shown("type(from) == position"), "true");
  EXPECT_EQ(Shown("account.at == from || account.at == null"), "true");
  EXPECT_EQ(Shown("dyn(from) + 'x'"), "error: no such overload: _+_(position, string)");
  EXPECT_THAT(Issue("from == 'x'"), HasSubstr("applied to '(position, string)'"));
  EXPECT_EQ(Hint("from == 'x'"), "convert the text with `position(…)`");
  EXPECT_EQ(Hint("1 == 1.0"), "convert one of the numbers: `int(…)`, `uint(…)` or `double(…)`");
  EXPECT_THAT(Issue("from * 2"), HasSubstr("found no matching overload for '_*_'"));
}

TEST_F(EnvTest, ChecksTheResult) {
  CompileOptions options;
  options.expected = Type::Bool();
  EXPECT_EQ(FirstIssue(env_, "account.name", options),
            "1:8: expected type 'bool' but found 'string'");
  EXPECT_EQ(FirstIssue(env_, "dyn(1)", options), "");
  options.expected = Type::String();
  EXPECT_EQ(FirstIssue(env_, "account.code", options), "");
}

TEST_F(EnvTest, KeepsNumbersOfVariablesWhenExtended) {
  EnvBuilder builder(*env_);
  builder.Variable("more", Type::Int()).Variable("account", Type::Dyn());
  const auto extended = std::move(builder).Build();
  EXPECT_EQ(extended->FindVariable("account"), env_->FindVariable("account"));
  EXPECT_EQ(extended->variable_count(), env_->variable_count() + 1);
  EXPECT_EQ(FirstIssue(extended, "account.anything == 1"), "");
  EXPECT_EQ(extended->FindStruct("Account"), type_);
}

TEST(EnvNames, AreLookedUpInTheContainerFirst) {
  EnvBuilder builder(*StandardEnv());
  builder.Container("a.b").Variable("a.b.x", Type::Int()).Variable("x", Type::String());
  const auto env = std::move(builder).Build();
  EXPECT_EQ(MustCompile(env, "x").result_type(), Type::Int());
  EXPECT_EQ(MustCompile(env, ".x").result_type(), Type::String());
  EXPECT_EQ(MustCompile(env, "b.x").result_type(), Type::Int());
  EXPECT_EQ(FirstIssue(env, "y"), "1:1: undeclared reference to 'y' (in container 'a.b')");
}

TEST(EnvFunctions, AreReplacedById) {
  const auto answer = [](std::int64_t number) {
    return Overload{.id = "answer",
                    .parameters = {},
                    .result = Type::Int(),
                    .callback = [number](const Call&) { return Value::Int(number); },
                    .description = {},
                    .example = {}};
  };
  EnvBuilder builder(*StandardEnv());
  builder.Function("answer", answer(1));
  const auto first = std::move(builder).Build();
  EnvBuilder again(*first);
  again.Function("answer", answer(2));
  const auto second = std::move(again).Build();
  EXPECT_EQ(Evaluated(first, "answer()"), "1");
  EXPECT_EQ(Evaluated(second, "answer()"), "2");
}

}  // namespace
}  // namespace strongroom::cel
