// Every limit, at it and one past it (security 9.2-9.8).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "graphql/engine.h"
#include "graphql/engine_testing.h"

namespace strongroom::graphql {
namespace {

constexpr const char* kSdl = R"(
directive @d(x: Int) repeatable on FIELD
type Query { node: Node  leaf(x: [Int], o: In): Int  list(first: Int, last: Int): [Node]
  pages(first: Int = 20): Connection  plain: [Node]  grid(first: Int): [[Node]]  any: [Any] }
type Node { node: Node leaf: Int plain: [Node] list(first: Int): [Node] }
type Other { node: Node }
union Any = Node | Other
type Connection { edges: [Edge] nodes: [Node] count: Int }
type Edge { node: Node }
input In { i: In l: [In] x: Int }
)";

std::shared_ptr<const Engine> Make(const Limits& limits) {
  EngineOptions options;
  options.limits = limits;
  EngineBuilder builder(SchemaOf(kSdl), options);
  for (const char* type : {"Query", "Node", "Other", "Connection", "Edge"})
    builder.BindType(type, [](const FieldContext&) { return base::Result<Resolved>(nullptr); });
  builder.SetListSize("Node", "plain", 5);
  return EngineOf(builder);
}

std::string Repeat(std::size_t times, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += fmt::format(fmt::runtime(text), i);
  return out;
}

std::string Nested(std::size_t levels) {
  std::string out = "{";
  for (std::size_t i = 1; i < levels; ++i) out += "node{";
  return out + "leaf" + std::string(levels, '}');
}

// Empty when the document and its variables are within the limits; else the message.
std::string Passed(const Engine& engine, std::string_view document,
                   std::string_view variables = "{}") {
  const std::string answer = Answer(engine, document, variables);
  if (!JsonOf(answer).contains("errors")) return {};
  EXPECT_NE(answer.find("LIMIT_EXCEEDED"), std::string::npos) << answer;
  return ErrorsOf(answer);
}

TEST(Limits, OfWhatIsWritten) {
  const auto engine = Make(Limits());
  struct Case {
    std::string fine, more;
    const char* message;
  };
  const auto document = [](std::size_t n, std::string_view text) {
    return "{" + Repeat(n, text) + "}";
  };
  const auto variables = [](std::size_t n) {
    return "query(" + Repeat(n, "$v{}:Int ") + "){leaf(x:[" + Repeat(n, "$v{} ") + "])}";
  };
  const auto list = [](std::size_t n) { return "{leaf(x:[" + Repeat(n, "1 ") + "])}"; };
  const auto input = [](std::size_t n) {
    return "{leaf(o:" + Repeat(n - 1, "{{i:") + "{x:1" + std::string(n, '}') + ")}";
  };
  const Case cases[] = {
      {document(50, "a{}:leaf "), document(51, "a{}:leaf "), " document has more than 50 aliases"},
      {document(50, "leaf@d "), document(51, "leaf@d "), " document has more than 50 directives"},
      {variables(100), variables(101), " document has more than 100 variables in an operation"},
      {list(1000), list(1001), " document has more than 1000 items in a list"},
      {input(15), input(16), " document has more than 15 levels of input"},
      {Nested(15), Nested(16), " document has more than 15 levels of fields"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Passed(*engine, c.fine), "") << c.message;
    EXPECT_EQ(Passed(*engine, c.more), c.message);
  }
}

TEST(Limits, CountFieldsWithFragmentsExpanded) {
  Limits limits;
  limits.root_fields_max = 4;
  const auto engine = Make(limits);
  EXPECT_EQ(Passed(*engine, "{leaf leaf ...F} fragment F on Query{leaf ...on Query{leaf}}"), "");
  EXPECT_EQ(Passed(*engine, "{leaf ...F ...F} fragment F on Query{leaf ...on Query{leaf}}"),
            " document has more than 4 root fields");
  limits = Limits();
  limits.depth_max = 3;
  const auto shallow = Make(limits);
  EXPECT_EQ(Passed(*shallow, "{node{...F}} fragment F on Node{node{leaf}}"), "");
  EXPECT_EQ(Passed(*shallow, "{node{...F}} fragment F on Node{node{node{leaf}}}"),
            " document has more than 3 levels of fields");
}

TEST(Limits, HoldForVariablesToo) {
  const auto engine = Make(Limits());
  const auto run = [&](std::string_view type, const std::string& value) {
    return Passed(*engine,
                  fmt::format("query($v:{}){{leaf({}:$v)}}", type, type == "In" ? "o" : "x"),
                  "{\"v\":" + value + "}");
  };
  const auto list = [](std::size_t n) { return "[1" + Repeat(n - 1, ",1") + "]"; };
  EXPECT_EQ(run("[Int]", list(1000)), "");
  EXPECT_EQ(run("[Int]", list(1001)), " variable \"$v\" has more than 1000 items in a list");
  const auto deep = [](std::size_t n) {
    return Repeat(n - 1, "{{\"i\":") + "{}" + std::string(n - 1, '}');
  };
  EXPECT_EQ(run("In", deep(15)), "");
  EXPECT_EQ(run("In", deep(16)), " variable \"$v\" has more than 15 levels");
}

std::size_t CostOf(std::string_view document, std::string_view variables = "{}") {
  const auto engine = Make(Limits());
  auto prepared = engine->Prepare(document, "");
  if (auto* errors = std::get_if<RequestErrors>(&prepared)) {
    ADD_FAILURE() << errors->front().message;
    return 0;
  }
  const auto& operation = std::get<Operation>(prepared);
  const auto sent = boost::json::parse(std::string(variables));
  auto bound = engine->BindVariables(operation, &sent.as_object());
  return engine->Cost(operation, std::get<Variables>(bound));
}

TEST(Cost, CountsTheObjectsThatAnAnswerMayHave) {  // docs/reference/graphql-engine.md
  const std::pair<const char*, std::size_t> cases[] = {
      {"{leaf}", 0},
      {"{node{leaf}}", 1},
      {"{node{node{leaf}} b:node{leaf}}", 3},
      {"{list(first:10){leaf}}", 10},
      {"{list(first:10){node{leaf}}}", 20},
      {"{list(first:10,last:3){leaf}}", 3},
      {"{list(first:-1){leaf}}", 0},
      {"{list{leaf}}", 50},
      {"{plain{leaf}}", 50},
      {"{node{plain{leaf}}}", 6},
      {"{pages(first:10){edges{node{leaf}}}}", 21},
      {"{pages{nodes{leaf}}}", 21},
      {"{pages(first:10){nodes{list{leaf}}}}", 511},
      {"{grid(first:2){leaf}}", 100},
      {"{any{...on Node{node{leaf}} ...on Other{node{node{leaf}}}}}", 150},
      {"{__schema{types{name}}}", 100},
      {"{node{leaf} ...F ...F} fragment F on Query{node{leaf}}", 1},
  };
  for (const auto& [document, cost] : cases) EXPECT_EQ(CostOf(document), cost) << document;
}

TEST(Cost, FollowsVariables) {
  EXPECT_EQ(CostOf("query($n:Int){list(first:$n){leaf}}", R"({"n":7})"), 7u);
  EXPECT_EQ(CostOf("query($n:Int){list(first:$n){leaf}}"), 50u);
  EXPECT_EQ(CostOf("query($n:Int){pages(first:$n){nodes{leaf}}}"), 21u);
  EXPECT_EQ(CostOf("query($n:Int=4){list(first:$n){leaf}}"), 4u);
  const char* conditional = "query($s:Boolean!){list(first:9)@skip(if:$s){leaf} node{leaf}}";
  EXPECT_EQ(CostOf(conditional, R"({"s":false})"), 10u);
  EXPECT_EQ(CostOf(conditional, R"({"s":true})"), 1u);
}

TEST(Cost, IsRefusedPastTheLimitBeforeAnythingRuns) {  // security 9.7
  const auto engine = Make(Limits());
  EXPECT_EQ(Passed(*engine, "{list(first:10000){leaf}}"), "");
  EXPECT_EQ(Passed(*engine, "{list(first:10001){leaf}}"),
            " operation may cost 10001, more than 10000");
  const char* bound = "query($n:Int){list(first:$n){leaf}}";
  EXPECT_EQ(Passed(*engine, bound, R"({"n":10000})"), "");
  EXPECT_EQ(Passed(*engine, bound, R"({"n":10001})"), " operation may cost 10001, more than 10000");
  EXPECT_NE(Passed(*engine, "{list{list{list{list{list{list{list{leaf}}}}}}}}"), "");
}

// security 9.4: each fragment spreads the next one twice.
TEST(Limits, ExponentialFragmentsAreRefusedInLinearTime) {
  for (const std::size_t fragments : {10u, 400u}) {
    std::string text = "{node{...F0}}";
    for (std::size_t i = 0; i < fragments; ++i)
      text +=
          fmt::format("fragment F{} on Node{{node{{...F{}}} plain{{...F{}}}}}", i, i + 1, i + 1);
    text += fmt::format("fragment F{} on Node{{leaf}}", fragments);
    const auto engine = Make(Limits());
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NE(Passed(*engine, text), "");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(200));
  }
}

TEST(Limits, AFragmentInsideItselfIsNoReasonToHang) {
  const auto engine = Make(Limits());
  EXPECT_NE(ErrorsOf(Answer(*engine, "{node{...F}} fragment F on Node{node{...F}}")), "");
}

TEST(Limits, AChainOfFragmentsIsBounded) {
  Limits limits;
  limits.tokens_max = limits.document_bytes_max = 1000000;
  const auto engine = Make(limits);
  std::string text = "{...F0}";
  for (std::size_t i = 0; i < 20000; ++i)
    text += fmt::format("fragment F{} on Query{{...F{}}}", i, i + 1);
  text += "fragment F20000 on Query{leaf}";
  EXPECT_EQ(Passed(*engine, text), " document has more than 500 fragments in a chain");
}

}  // namespace
}  // namespace strongroom::graphql
