#include "graphql/coercion.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "graphql/engine.h"
#include "graphql/engine_testing.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;
using base::ErrorCode;

// Every field answers its argument `x` as ShowAs writes it.
constexpr const char* kSdl = R"(
type Query {
  int(x: Int): String  must(x: Int!): String  float(x: Float): String  string(x: String): String
  bool(x: Boolean): String  id(x: ID): String  kind(x: Kind): String  kinds(x: [Kind!]): String
  list(x: [Int]): String  deep(x: [[Int!]!]): String  input(x: Point): String
  even(x: Even): String  mustEven(x: Even!): String  evens(x: Nest): String  json(x: Json): String
  text(x: Text): String  mustText(x: Text!): String  deft(x: Int = 3): String
}
enum Kind { A B }
input Point { x: Int! y: Int = 7 kind: Kind next: Point }
input Nest { a: [Even!] b: Nest c: Even = "4" }
scalar Even
scalar Json
scalar Text
)";

// `=` stands before what was sent, `:` before a default.
std::string ShowAs(const Input& input, const Type& type) {
  if (input.IsNull()) return "null";
  const Type& nullable = *type.Nullable();
  if (nullable.IsList()) {
    std::string out = "[";
    for (const Input& item : input.AsList())
      out += (out.size() > 1 ? " " : "") + ShowAs(item, *nullable.inner);
    return out + "]";
  }
  if (type.named->kind == TypeKind::kEnum) return input.AsEnum().name;
  if (type.named->kind == TypeKind::kInputObject) {
    const InputObject& object = input.AsObject();
    std::string out = "{";
    for (std::size_t i = 0; i < object.size(); ++i)
      if (object.origin(i) != InputObject::Origin::kAbsent)
        out += (out.size() > 1 ? " " : "") + object.field(i).name +
               (object.origin(i) == InputObject::Origin::kSent ? "=" : ":") +
               ShowAs(object.value(i), *object.field(i).type);
    return out + "}";
  }
  switch (type.named->built_in) {
    case BuiltIn::kInt: return std::to_string(input.AsInt());
    case BuiltIn::kFloat: return std::to_string(input.AsDouble());
    case BuiltIn::kBoolean: return input.AsBool() ? "true" : "false";
    default: break;
  }
  return input.IsJson() ? json::serialize(input.AsJson()) : input.AsString();
}

Input EvenOf(const std::string& text) { return Input("even " + text); }

base::Result<Input> ParseEven(const json::value& value) {
  if (value.is_string() && value.as_string().size() == 1 && value.as_string()[0] % 2 == 0)
    return EvenOf(std::string(value.as_string()));
  auto error = base::MakeError(ErrorCode::kBadRequest, "not even");
  if (value.is_object()) error.argument_path = {"inside"};
  return error;
}

base::Result<Input> ParseText(const Literal& literal) {
  if (literal.kind == Value::Kind::kNull) return Input(std::string("<null>"));
  return Input(fmt::format("{}:{}", static_cast<int>(literal.kind), literal.text));
}

class Coercion : public ::testing::Test {
 protected:
  Coercion() {
    EngineOptions options;
    options.variable_default = [](const VariableDefault& variable) -> base::Result<JsonPtr> {
      const std::string text(variable.fallback == nullptr ? "" : variable.fallback->as_string());
      if (text == "error") return base::MakeError(ErrorCode::kCelEvaluationError, "no such thing");
      if (text == "keep") return JsonPtr();
      return std::make_shared<const json::value>(json::parse(text));
    };
    options.validation.computed_default_directive = "computed";
    auto schema = SchemaOf(std::string(kSdl) + " directive @computed on VARIABLE_DEFINITION");
    EngineBuilder builder(schema, options);
    builder.BindType("Query", [](const FieldContext& context) -> base::Result<Resolved> {
      const Input* x = context.arguments.Find("x");
      return Resolved(x == nullptr ? std::string("-")
                                   : ShowAs(*x, *context.field.field->FindArgument("x")->type));
    });
    builder.BindScalar("Even", {ParseEven, nullptr, false});
    builder.BindScalar("Text", {[](const json::value& value) -> base::Result<Input> {
                                  return Input("json " + json::serialize(value));
                                },
                                ParseText, true});
    engine_ = EngineOf(builder);
  }

  // The value that arrived, or the errors.
  std::string Run(std::string_view document, std::string_view variables = "{}") {
    const std::string answer = Answer(*engine_, document, variables);
    if (const std::string errors = ErrorsOf(answer); !errors.empty()) return errors;
    return std::string(JsonOf(answer).at("data").as_object().begin()->value().as_string());
  }
  std::string RunWith(std::string_view field, std::string_view type, std::string_view value) {
    return Run(fmt::format("query($v:{}){{{}(x:$v)}}", type, field),
               fmt::format("{{\"v\":{}}}", value));
  }

  std::shared_ptr<const Engine> engine_;
};

TEST_F(Coercion, ReadsLiteralsOfEveryType) {
  const std::pair<const char*, const char*> cases[] = {
      {"{int}", "-"},
      {"{int(x:null)}", "null"},
      {"{int(x:-2147483648)}", "-2147483648"},
      {"{float(x:1)}", "1.000000"},
      {"{float(x:1.5e1)}", "15.000000"},
      {"{string(x:\"a\")}", "a"},
      {"{bool(x:true)}", "true"},
      {"{id(x:\"a\")}", "a"},
      {"{id(x:123)}", "123"},
      {"{kind(x:B)}", "B"},
      {"{kinds(x:B)}", "[B]"},
      {"{list(x:[1,null])}", "[1 null]"},
      {"{list(x:1)}", "[1]"},
      {"{deep(x:1)}", "[[1]]"},
      {"{deep(x:[[1],[2,3]])}", "[[1] [2 3]]"},
      {"{input(x:{x:1})}", "{x=1 y:7}"},
      {"{input(x:{kind:A,x:1,y:null,next:{x:2,y:3}})}", "{x=1 y=null kind=A next={x=2 y=3}}"},
      {"{deft}", "3"},
      {"{even(x:\"2\")}", "even 2"},
      {"{even(x:null)}", "null"},
      {"{evens(x:{})}", "{c:even 4}"},
      {"{json(x:{a:[1,2.5,\"s\",E,null,true]})}", R"({"a":[1,2.5E0,"s","E",null,true]})"},
      {"{json(x:123456789012345678)}", "123456789012345678"},
      {"{text(x:DEBIT)}", "6:DEBIT"},
      {"{text(x:12)}", "1:12"},
      {"{text(x:null)}", "<null>"},
  };
  for (const auto& [document, value] : cases) EXPECT_EQ(Run(document), value) << document;
}

TEST_F(Coercion, ReadsVariablesOfEveryType) {
  struct Case {
    const char *field, *type, *value, *result;
  };
  const Case cases[] = {
      {"int", "Int", "1", "1"},
      {"int", "Int", "1.0", "1"},
      {"int", "Int", "null", "null"},
      {"float", "Float", "2", "2.000000"},
      {"id", "ID", "5", "5"},
      {"id", "ID", "\"x\"", "x"},
      {"kind", "Kind", "\"A\"", "A"},
      {"list", "[Int]", "4", "[4]"},
      {"list", "[Int]", "[4,null]", "[4 null]"},
      {"input", "Point", R"({"x":1,"next":{"x":2}})", "{x=1 y:7 next={x=2 y:7}}"},
      {"even", "Even", "\"2\"", "even 2"},
      {"evens", "Nest", R"({"a":["2","4"],"b":{"a":"6"}})",
       "{a=[even 2 even 4] b={a=[even 6] c:even 4} c:even 4}"},
      {"json", "Json", R"({"a":[1]})", R"({"a":[1]})"},
      {"text", "Text", "null", "json null"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(RunWith(c.field, c.type, c.value), c.result) << c.field << c.value;
}

TEST_F(Coercion, RefusesVariablesThatDoNotFit) {
  struct Case {
    const char *field, *type, *value, *message;
  };
  const Case cases[] = {
      {"int", "Int", "\"1\"", R"(invalid value "1"; Int cannot represent non-integer value: "1")"},
      {"int", "Int", "1.5", "invalid value 1.5; Int cannot represent non-integer value: 1.5"},
      {"int", "Int", "2147483648",
       "invalid value 2147483648; Int cannot represent non 32-bit signed integer value: "
       "2147483648"},
      {"float", "Float", "\"x\"",
       R"(invalid value "x"; Float cannot represent non numeric value: "x")"},
      {"string", "String", "1", "invalid value 1; String cannot represent a non string value: 1"},
      {"bool", "Boolean", "0", "invalid value 0; Boolean cannot represent a non boolean value: 0"},
      {"id", "ID", "1.5", "invalid value 1.5; ID cannot represent value: 1.5"},
      {"kind", "Kind", "\"C\"", R"(invalid value "C"; Value "C" does not exist in "Kind" enum.)"},
      {"kind", "Kind", "1",
       R"(invalid value 1; Enum "Kind" cannot represent non-string value: 1.)"},
      {"deep", "[[Int!]!]", "[[1],[null]]",
       R"(invalid value null at "v[1][0]"; Expected non-nullable type "Int!" not to be null.)"},
      {"input", "Point", "1", R"(invalid value 1; Expected type "Point" to be an object.)"},
      {"input", "Point", R"({"x":1,"next":{}})",
       R"(invalid value {} at "v.next"; Field "x" of required type "Int!" was not provided.)"},
      {"input", "Point", R"({"x":1,"z":1})",
       R"(invalid value {"x":1,"z":1}; Field "z" is not defined by type "Point".)"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(RunWith(c.field, c.type, c.value), std::string(" Variable \"$v\" got ") + c.message);
  EXPECT_EQ(RunWith("must", "Int!", "null"),
            " Variable \"$v\" of non-null type \"Int!\" must not be null.");
  EXPECT_EQ(RunWith("mustText", "Text!", "null"),
            " Variable \"$v\" of non-null type \"Text!\" must not be null.");
  EXPECT_EQ(Run("query($v:Int!){must(x:$v)}"),
            " Variable \"$v\" of required type \"Int!\" was not provided.");
  EXPECT_EQ(RunWith("input", "Point", R"({"kind":"C"})"),
            " Variable \"$v\" got invalid value {\"kind\":\"C\"}; Field \"x\" of required type "
            "\"Int!\" was not provided.\n Variable \"$v\" got invalid value \"C\" at \"v.kind\"; "
            "Value \"C\" does not exist in \"Kind\" enum.");
}

TEST_F(Coercion, ShortensWhatItQuotes) {
  const std::string longer = '"' + std::string(5000, 'x') + '"';
  EXPECT_LT(RunWith("int", "Int", longer).size(), 400u);
}

TEST_F(Coercion, PutsTheWayToTheArgumentInThePath) {  // behaviour §3
  EXPECT_EQ(Run("{even(x:\"1\")}"), "even.x. not even");
  EXPECT_EQ(Run("{e:evens(x:{b:{a:[\"2\",\"3\"]}})}"), "e.x.b.a.1. not even");
  EXPECT_EQ(Run("{even(x:{})}"), "even.x.inside. not even");
  EXPECT_EQ(RunWith("even", "Even", "\"1\""), "even.x. not even");
  EXPECT_EQ(RunWith("evens", "Nest", R"({"a":["1"]})"), "evens.x.a.0. not even");
  EXPECT_EQ(Run("query($v:[Even!]){evens(x:{b:{a:$v}})}", R"({"v":["2","1"]})"),
            "evens.x.b.a.1. not even");
}

TEST_F(Coercion, PutsVariablesWhereTheyAreUsed) {
  EXPECT_EQ(Run("query($v:Int){list(x:[1,$v])}", R"({"v":2})"), "[1 2]");
  EXPECT_EQ(Run("query($v:Int){list(x:[1,$v])}"), "[1 null]");
  EXPECT_EQ(Run("query($v:Int!){input(x:{x:$v})}", R"({"v":2})"), "{x=2 y:7}");
  EXPECT_EQ(Run("query($v:Int){input(x:{x:1,y:$v})}"), "{x=1 y:7}");
  EXPECT_EQ(Run("query($v:Int){input(x:{x:1,y:$v})}", R"({"v":null})"), "{x=1 y=null}");
  EXPECT_EQ(Run("query($v:Int){deft(x:$v)}"), "3");
  EXPECT_EQ(Run("query($v:Int,$w:Kind){json(x:{a:$v,b:[$v,$w],c:$w})}", R"({"w":"A"})"),
            R"({"b":[null,"A"],"c":"A"})");
  EXPECT_EQ(Run("query($v:Point){json(x:{p:$v})}", R"({"v":{"x":1}})"), R"({"p":{"x":1,"y":7}})");
  EXPECT_EQ(Run("query($v:Int=1){must(x:$v)}", R"({"v":null})"),
            "must.x. Argument \"x\" of non-null type \"Int!\" must not be null.");
}

TEST_F(Coercion, TakesDefaultsOfVariables) {
  EXPECT_EQ(Run("query($v:Int=5){int(x:$v)}"), "5");
  EXPECT_EQ(Run("query($v:Int=5){int(x:$v)}", R"({"v":6})"), "6");
  EXPECT_EQ(Run("query($v:Text=DEBIT){text(x:$v)}"), "6:DEBIT");
  EXPECT_EQ(Run("query($v:Nest={a:[\"2\"]}){evens(x:$v)}"), "{a=[even 2] c:even 4}");
  EXPECT_EQ(Run("query($v:Even=\"3\"){even(x:$v)}"), "even.x. not even");
}

TEST_F(Coercion, ComputesDefaultsThatHaveADirective) {  // behaviour §2, @cel
  EXPECT_EQ(Run("query($v:Int=\"41\"@computed){int(x:$v)}"), "41");
  EXPECT_EQ(Run("query($v:Int=\"41\"@computed){int(x:$v)}", R"({"v":1})"), "1");
  EXPECT_EQ(Run("query($v:[Int]=\"[1,2]\"@computed){list(x:$v)}"), "[1 2]");
  EXPECT_EQ(Run("query($v:Int=\"error\"@computed){int(x:$v)}"), " no such thing");
  EXPECT_EQ(Run("query($v:String=\"keep\"@computed){string(x:$v)}"), "keep");
  EXPECT_EQ(Run("query($v:Int=\"keep\"@computed){int(x:$v)}"),
            " The default of variable \"$v\" does not fit; Int cannot represent non-integer value: "
            "\"keep\"");
}

}  // namespace
}  // namespace strongroom::graphql
