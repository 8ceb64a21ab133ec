#include <gtest/gtest.h>

#include "graphql/engine.h"
#include "graphql/engine_testing.h"

namespace strongroom::graphql {
namespace {

using base::ErrorCode;
using base::MakeError;

// `good` is 1, `bad` fails, `none` is null; each also as a non-null field. `child` goes deeper.
constexpr const char* kSdl = R"(
type Query { node: Node mustNode: Node! things: [Thing] mustThings: [Thing!]!
  list(of: String!): [Int!]
  lists: [[Int]] bad: Int mustBad: Int! text: String json: Json kind: Kind id: ID float: Float
  strings: [String] wrong: Int! named(name: String = "x"): String fatal: Int }
type Mutation { next: Int! fail: Int failMust: Int! }
type Node { good: Int bad: Int none: Int mustGood: Int! mustBad: Int! mustNone: Int! child: Node
  mustChild: Node! children: [Node!] }
interface Named { name: String }
type Cat implements Named { name: String lives: Int }
type Dog implements Named { name: String bark: String! }
union Thing = Cat | Dog
enum Kind { A B }
scalar Json
)";

base::Result<Resolved> Bad(const FieldContext&) {
  return MakeError(ErrorCode::kNotFound, "went wrong");
}

void BindNode(EngineBuilder& builder) {
  static const int kOne = 1;
  const auto one = [](const FieldContext&) { return base::Result<Resolved>(1); };
  const auto null = [](const FieldContext&) { return base::Result<Resolved>(nullptr); };
  const auto node = [](const FieldContext&) {
    return base::Result<Resolved>(Object::Borrow(nullptr, &kOne));
  };
  builder.Bind("Node", "good", one).Bind("Node", "mustGood", one);
  builder.Bind("Node", "bad", Bad).Bind("Node", "mustBad", Bad);
  builder.Bind("Node", "none", null).Bind("Node", "mustNone", null);
  builder.Bind("Node", "child", node).Bind("Node", "mustChild", node);
  builder.Bind("Node", "children", [](const FieldContext&) {
    Resolved::List list;
    list.emplace_back(Object::Borrow(nullptr, &kOne));
    list.emplace_back(Object::Borrow(nullptr, &kOne));
    return base::Result<Resolved>(std::move(list));
  });
  builder.Bind("Query", "node", node).Bind("Query", "mustNode", node);
}

base::Result<Resolved> Things(const Schema& schema) {
  Resolved::List list;
  list.emplace_back(Object{schema.FindType("Cat"), std::make_shared<std::string>("Tom")});
  list.emplace_back(Object{schema.FindType("Dog"), std::make_shared<std::string>("Rex")});
  list.push_back(Resolved::Failed(MakeError(ErrorCode::kNotFound, "lost")));
  return Resolved(std::move(list));
}

base::Result<Resolved> NameOfThing(const FieldContext& context) {
  return Resolved(std::string_view(context.parent.As<std::string>()));
}

base::Result<Resolved> ListOf(const FieldContext& context) {
  const std::string& of = context.arguments.Find("of")->AsString();
  Resolved::List list;
  list.emplace_back(1);
  if (of == "null") list.emplace_back(nullptr);
  if (of == "bad") list.push_back(Resolved::Failed(MakeError(ErrorCode::kNotFound, "lost")));
  if (of == "wrong") list.emplace_back("x");
  return Resolved(std::move(list));
}

void BindQuery(EngineBuilder& builder, const Schema& schema) {
  const auto value = [](auto made) {
    return [made](const FieldContext&) { return base::Result<Resolved>(made); };
  };
  builder.Bind("Query", "things", [&](const FieldContext&) { return Things(schema); });
  builder.Bind("Query", "mustThings", [&](const FieldContext&) { return Things(schema); });
  builder.Bind("Query", "list", ListOf).Bind("Query", "bad", Bad).Bind("Query", "mustBad", Bad);
  builder.Bind("Query", "lists", [](const FieldContext&) {
    Resolved::List inner{1, nullptr};
    return base::Result<Resolved>(Resolved::List{inner, nullptr, Resolved::List{}});
  });
  builder.Bind("Query", "text", value("\"\\\n\x01é"));
  builder.Bind("Query", "json",
               value(std::make_shared<const boost::json::value>(
                   boost::json::parse(R"({"a":[1,2.5,"x",null,true]})"))));
  builder.Bind("Query", "kind", value("B")).Bind("Query", "id", value(7));
  builder.Bind("Query", "float", value(0.1)).Bind("Query", "wrong", value("text"));
  builder.Bind(
      "Query", "strings",
      value(std::make_shared<const boost::json::value>(boost::json::parse(R"(["a",null])"))));
  builder.Bind("Query", "named", [](const FieldContext& context) {
    const Input& name = *context.arguments.Find("name");
    return base::Result<Resolved>(name.IsNull() ? Resolved() : Resolved(name.AsString()));
  });
  builder.Bind("Query", "fatal", [](const FieldContext&) {
    return base::Result<Resolved>(MakeError(ErrorCode::kUnavailable, "storage is gone"));
  });
  builder.BindType("Cat", NameOfThing).BindType("Dog", NameOfThing);
  builder.Bind("Cat", "lives", value(9));
}

class Execution : public ::testing::Test {
 protected:
  Execution() : Execution(EngineOptions()) {}
  explicit Execution(EngineOptions options) : schema_(SchemaOf(kSdl)) {
    EngineBuilder builder(schema_, std::move(options));
    BindNode(builder);
    BindQuery(builder, *schema_);
    builder.Bind("Mutation", "next", [](const FieldContext& context) {
      return base::Result<Resolved>(++context.Request<int>());
    });
    builder.Bind("Mutation", "fail", Bad).Bind("Mutation", "failMust", Bad);
    engine_ = EngineOf(builder);
  }

  std::string Run(std::string_view document, std::string_view variables = "{}") {
    return Answer(*engine_, document, variables, "", {&counter_, {}});
  }

  std::shared_ptr<const Schema> schema_;
  std::shared_ptr<const Engine> engine_;
  int counter_ = 0;
};

TEST_F(Execution, NullsSpreadToTheNextNullableField) {  // GraphQL 6.4.4
  struct Case {
    const char* document;
    const char* data;
    const char* errors;
  };
  const std::string null_of = " Cannot return null for non-nullable field Node.mustNone.";
  const Case cases[] = {
      {"{node{good}}", R"({"node":{"good":1}})", ""},
      {"{node{good none}}", R"({"node":{"good":1,"none":null}})", ""},
      {"{node{good bad}}", R"({"node":{"good":1,"bad":null}})", "node.bad. went wrong"},
      {"{node{good mustBad}}", R"({"node":null})", "node.mustBad. went wrong"},
      {"{mustNode{mustBad}}", "null", "mustNode.mustBad. went wrong"},
      {"{mustBad}", "null", "mustBad. went wrong"},
      {"{bad node{good}}", R"({"bad":null,"node":{"good":1}})", "bad. went wrong"},
      {"{node{child{mustChild{mustBad}} good}}", R"({"node":{"child":null,"good":1}})",
       "node.child.mustChild.mustBad. went wrong"},
      {"{node{mustChild{mustChild{mustBad}}} mustNode{good}}",
       R"({"node":null,"mustNode":{"good":1}})", "node.mustChild.mustChild.mustBad. went wrong"},
      {"{node{children{good mustBad}}}", R"({"node":{"children":null}})",
       "node.children.0.mustBad. went wrong"},
      {"{node{children{bad}}}", R"({"node":{"children":[{"bad":null},{"bad":null}]}})",
       "node.children.0.bad. went wrong\nnode.children.1.bad. went wrong"},
      {"{a:node{b:mustBad}}", R"({"a":null})", "a.b. went wrong"},
  };
  for (const Case& c : cases) {
    const std::string answer = Run(c.document);
    EXPECT_EQ(DataOf(answer), c.data) << c.document;
    EXPECT_EQ(ErrorsOf(answer), c.errors) << c.document;
  }
  EXPECT_EQ(ErrorsOf(Run("{node{mustNone}}")), "node.mustNone." + null_of);
}

TEST_F(Execution, TreatsItemsOfListsByTheirOwnNullability) {
  EXPECT_EQ(Run(R"({list(of:"fine")})"), R"({"data":{"list":[1]}})");
  for (const char* of : {"null", "bad", "wrong"})
    EXPECT_EQ(DataOf(Run(R"({list(of:")" + std::string(of) + R"(")})")), R"({"list":null})");
  EXPECT_EQ(ErrorsOf(Run(R"({list(of:"bad")})")), "list.1. lost");
  EXPECT_EQ(ErrorsOf(Run(R"({list(of:"null")})")),
            "list.1. Cannot return null for non-nullable field Query.list.");
  EXPECT_EQ(Run("{lists}"), R"({"data":{"lists":[[1,null],null,[]]}})");
  EXPECT_EQ(Run("{strings}"), R"({"data":{"strings":["a",null]}})");
}

TEST_F(Execution, RunsAllRootFieldsOfAMutationInOrder) {  // behaviour §2
  const std::string answer = Run("mutation{a:next fail b:next failMust c:next}");
  EXPECT_EQ(DataOf(answer), "null");
  EXPECT_EQ(ErrorsOf(answer), "fail. went wrong\nfailMust. went wrong");
  EXPECT_EQ(counter_, 3);
  EXPECT_EQ(
      Run("mutation{a:next fail b:next}"),
      R"({"data":{"a":4,"fail":null,"b":5},"errors":[{"message":"went wrong","path":["fail"],)"
      R"("extensions":{"code":"NOT_FOUND","retriableError":false}}]})");
}

TEST_F(Execution, ResolvesAbstractTypes) {
  const std::string answer =
      Run("{things{__typename ...on Named{name} ...on Cat{lives} ...D}} fragment D on Dog{bark}");
  EXPECT_EQ(DataOf(answer), R"({"things":[{"__typename":"Cat","name":"Tom","lives":9},)"
                            R"({"__typename":"Dog","name":"Rex","bark":"Rex"},null]})");
  EXPECT_EQ(ErrorsOf(answer), "things.2. lost");
  EXPECT_EQ(DataOf(Run("{mustThings{__typename}}")), "null");
}

TEST_F(Execution, MergesFieldsAndSkipsWhatIsNotWanted) {
  EXPECT_EQ(Run("{node{good} ...F node{child{good}}} fragment F on Query{node{child{bad:good}}}"),
            R"({"data":{"node":{"good":1,"child":{"bad":1,"good":1}}}})");
  const char* document =
      "query($s:Boolean!,$i:Boolean=true){node{a:good@skip(if:$s) b:good@include(if:$i) "
      "...on Node@skip(if:$s){c:good} ...F@include(if:$i)}} fragment F on Node{d:good}";
  EXPECT_EQ(DataOf(Run(document, R"({"s":false})")), R"({"node":{"a":1,"b":1,"c":1,"d":1}})");
  EXPECT_EQ(DataOf(Run(document, R"({"s":true})")), R"({"node":{"b":1,"d":1}})");
  EXPECT_EQ(DataOf(Run(document, R"({"s":false,"i":false})")), R"({"node":{"a":1,"c":1}})");
  EXPECT_EQ(DataOf(Run(document, R"({"s":true,"i":false})")), R"({"node":{}})");
  EXPECT_NE(ErrorsOf(Run(document, R"({"s":true,"i":null})")), "");
  EXPECT_EQ(Run("{node@skip(if:true){good} bad@include(if:false)}"), R"({"data":{}})");
}

TEST_F(Execution, WritesLeavesInTheirTypes) {
  EXPECT_EQ(Run("{text}"), "{\"data\":{\"text\":\"\\\"\\\\\\n\\u0001\xC3\xA9\"}}");
  EXPECT_EQ(Run("{json kind id float}"),
            R"({"data":{"json":{"a":[1,2.5,"x",null,true]},"kind":"B","id":"7","float":0.1}})");
  EXPECT_EQ(ErrorsOf(Run("{wrong}")),
            "wrong. field `Query.wrong` could not be answered in its type");
}

TEST_F(Execution, FillsInDefaultsAndTellsNullFromNothing) {
  EXPECT_EQ(DataOf(Run("{named}")), R"({"named":"x"})");
  EXPECT_EQ(DataOf(Run("{named(name:null)}")), R"({"named":null})");
  EXPECT_EQ(DataOf(Run("query($n:String){named(name:$n)}")), R"({"named":"x"})");
  EXPECT_EQ(DataOf(Run("query($n:String){named(name:$n)}", R"({"n":null})")), R"({"named":null})");
  EXPECT_EQ(DataOf(Run("query($n:String=\"d\"){named(name:$n)}")), R"({"named":"d"})");
}

TEST_F(Execution, ChoosesTheOperationByName) {
  const char* two = "query A{text} query B{id}";
  EXPECT_EQ(Answer(*engine_, two, "{}", "B"), R"({"data":{"id":"7"}})");
  EXPECT_EQ(ErrorsOf(Answer(*engine_, two)),
            " Must provide operation name if query contains multiple operations.");
  EXPECT_EQ(ErrorsOf(Answer(*engine_, two, "{}", "C")), " Unknown operation named \"C\".");
  EXPECT_EQ(ErrorsOf(Answer(*engine_, "fragment F on Query{id}")),
            " Fragment \"F\" is never used.");
}

EngineOptions Strict() {
  EngineOptions options;
  options.is_fatal = [](const base::Error& error) { return error.code == ErrorCode::kUnavailable; };
  options.message = InputPrefixedMessage;
  options.execution_locations = true;
  options.limits.errors_max = 3;
  options.limits.response_bytes_max = 600;
  return options;
}

class StrictExecution : public Execution {
 protected:
  StrictExecution() : Execution(Strict()) {}
};

TEST_F(StrictExecution, EndsAtAFatalError) {
  EXPECT_EQ(Run("mutation{fail next}").find("storage"), std::string::npos);
  EXPECT_EQ(Run("{bad fatal text}"),
            R"({"data":null,"errors":[{"message":"storage is gone",)"
            R"("extensions":{"code":"UNAVAILABLE","retriableError":false}}]})");
}

TEST_F(StrictExecution, PrefixesMessagesAndGivesLocations) {  // behaviour §3
  EXPECT_EQ(ErrorsOf(Run("{x:node{children{bad}}}")),
            "x.children.0.bad. input: x.children.0.bad went wrong\n"
            "x.children.1.bad. input: x.children.1.bad went wrong");
  EXPECT_NE(Run("{\n bad}")
                .find(R"("message":"input: bad went wrong","locations":[{"line":2,"column":2}],)"),
            std::string::npos);
}

TEST_F(StrictExecution, BoundsErrorsAndTheResponse) {  // security 9.8
  const auto count = [](const std::string& answer) {
    return JsonOf(answer).at("errors").as_array().size();
  };
  EXPECT_EQ(count(Run("{a:bad b:bad c:bad}")), 3u);
  EXPECT_EQ(count(Run("{a:bad b:bad c:bad d:bad}")), 3u);
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += " a" + std::to_string(i) + ":text";
  EXPECT_EQ(ErrorsOf(Run(many + "}")), " response is larger than 600 bytes");
}

TEST_F(Execution, StopsWhenInterrupted) {
  int asked = 0;
  ExecutionOptions options;
  options.interrupted = [&]() -> base::Status {
    if (++asked < 3) return {};
    return MakeError(ErrorCode::kInterrupted, "took too long");
  };
  EXPECT_EQ(Answer(*engine_, "{a:text b:text c:text d:text}", "{}", "", options),
            R"({"data":null,"errors":[{"message":"took too long",)"
            R"("extensions":{"code":"INTERRUPTED","retriableError":false}}]})");
}

TEST_F(Execution, FailsAnAnswerAfterwards) {
  auto prepared = engine_->Prepare("{text}", "");
  const auto& operation = std::get<Operation>(prepared);
  auto bound = engine_->BindVariables(operation, nullptr);
  Response response = engine_->Execute(operation, std::get<Variables>(bound), {});
  EXPECT_FALSE(response.HasErrors());
  response.Fail(MakeError(ErrorCode::kConflict, "could not commit"));
  EXPECT_TRUE(response.HasErrors());
  const boost::json::object extensions{{"cost", 1}};
  EXPECT_EQ(std::move(response).Finish(&extensions),
            R"({"data":null,"errors":[{"message":"could not commit","extensions":{"code":)"
            R"("CONFLICT","retriableError":false}}],"extensions":{"cost":1}})");
}

}  // namespace
}  // namespace strongroom::graphql
