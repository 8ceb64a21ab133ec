#include "graphql/engine.h"

#include <gtest/gtest.h>

#include <thread>

#include "graphql/document_cache.h"
#include "graphql/engine_state.h"
#include "graphql/engine_testing.h"

namespace strongroom::graphql {
namespace {

Resolver One() {
  return [](const FieldContext&) { return base::Result<Resolved>(1); };
}

std::string BuildFault(EngineBuilder& builder) {
  auto engine = builder.Build();
  return engine.ok() ? "none" : engine.error().message;
}

TEST(EngineBuilder, FailsWithEveryUnboundFieldAndUnknownName) {
  EngineBuilder builder(SchemaOf("type Query { a: Int b: T c(s: S = 1): [Int] } "
                                 "type T { d: Int e: Int } interface I { x: Int } scalar S"),
                        {});
  builder.Bind("Query", "a", One()).Bind("Query", "a", One()).Bind("Query", "z", One());
  builder.Bind("X", "y", One()).Bind("I", "x", One()).BindType("S", One());
  builder.BindScalar("Int", {}).SetListSize("Query", "a", 1).SetListSize("Query", "c", 1);
  builder.BindScalar("S", {[](const boost::json::value&) -> base::Result<Input> {
                             return base::MakeError(base::ErrorCode::kBadRequest, "never");
                           },
                           nullptr, false});
  EXPECT_EQ(BuildFault(builder),
            "field `Query.a` is bound twice; there is no field `Query.z` to bind; there is no "
            "field `X.y` to bind; there is no field `I.x` to bind; there is no object type `S` to "
            "bind; there is no scalar `Int` to bind; there is no list field `Query.a`; field "
            "`Query.b` has no resolver; field `Query.c` has no resolver; field `T.d` has no "
            "resolver; field `T.e` has no resolver; default of `Query.c.s` does not fit: never");
}

constexpr const char* kSdl =
    "directive @retry(for: String! = \"30s\") on QUERY directive @off on QUERY "
    "type Query { a: Int b: T } type T { a: Int b: T }";

std::shared_ptr<const Engine> Small(EngineOptions options = {}) {
  EngineBuilder builder(SchemaOf(kSdl), std::move(options));
  builder.BindType("Query", One()).BindType("T", One());
  return EngineOf(builder);
}

Operation PreparedFrom(const Engine& engine, std::string_view text) {
  auto prepared = engine.Prepare(text, "");
  STRONGROOM_CHECK(std::holds_alternative<Operation>(prepared));
  return std::get<Operation>(prepared);
}

TEST(Engine, KnowsTheOperationAndItsDirectives) {
  const auto engine = Small();
  const Operation plain = PreparedFrom(*engine, "query Q @retry {a}");
  EXPECT_EQ(plain.name(), "Q");
  EXPECT_EQ(plain.kind(), OperationKind::kQuery);
  EXPECT_EQ(plain.directives().size(), 1u);
  EXPECT_EQ(plain.document(), "query Q @retry {a}");
  EXPECT_EQ(plain.FindDirective("retry")->Find("for")->AsString(), "30s");
  EXPECT_FALSE(plain.FindDirective("retry")->WasSent("for"));
  EXPECT_EQ(plain.FindDirective("off"), nullptr);
  const Operation said = PreparedFrom(*engine, "query @off @retry(for: \"1s\") {a}");
  EXPECT_EQ(said.FindDirective("retry")->Find("for")->AsString(), "1s");
  EXPECT_NE(said.FindDirective("off"), nullptr);
  EXPECT_EQ(ErrorsOf(Answer(*engine, "query($f:String!) @retry(for:$f) {a}")),
            " directive `@retry` of an operation takes no variables");
}

TEST(Engine, PreparesADocumentOnce) {
  const auto engine = Small();
  const Operation first = PreparedFrom(*engine, "{a}");
  EXPECT_EQ(&first.state(), &PreparedFrom(*engine, "{a}").state());
  EXPECT_NE(&first.state(), &PreparedFrom(*engine, "{ a}").state());
}

TEST(Engine, AnOperationOutlivesItsPlaceInTheCache) {
  EngineOptions options;
  options.cached_documents_max = 1;
  const auto engine = Small(options);
  const Operation first = PreparedFrom(*engine, "{a}");
  PreparedFrom(*engine, "{x:a}");
  EXPECT_NE(&first.state(), &PreparedFrom(*engine, "{a}").state());
  auto bound = engine->BindVariables(first, nullptr);
  EXPECT_EQ(engine->Execute(first, std::get<Variables>(bound), {}).Finish(), R"({"data":{"a":1}})");
}

TEST(Engine, CountsWhatADocumentHoldsAndNotItsTextAlone) {
  EngineOptions options;
  options.cached_bytes_max = 8 * 6000;  // an eighth is the most that one may take
  options.limits.aliases_max = options.limits.root_fields_max = 5000;
  const auto engine = Small(options);
  std::string tree = "{";
  for (int i = 0; i < 60; ++i) tree += "a ";
  const Operation first = PreparedFrom(*engine, tree + "}");
  EXPECT_NE(&first.state(), &PreparedFrom(*engine, tree + "}").state());

  std::string plans = "query($s:Boolean!,$t:Boolean!){x:a@skip(if:$s) y:a@skip(if:$t)";
  for (int i = 0; i < 1500; ++i) plans += " k" + std::to_string(i) + ":a";
  options.cached_bytes_max = EngineOptions().cached_bytes_max;
  const auto roomy = Small(options);
  const Operation second = PreparedFrom(*roomy, plans + "}");
  for (const char* sent : {R"({"s":true,"t":true})", R"({"s":true,"t":false})",
                           R"({"s":false,"t":true})", R"({"s":false,"t":false})"}) {
    const auto variables = boost::json::parse(sent);
    EXPECT_TRUE(
        std::holds_alternative<Variables>(roomy->BindVariables(second, &variables.get_object())));
  }
  EXPECT_EQ(second.state().plans.size(), 2u);
}

TEST(Engine, RefusesIntrospectionWhenItIsOff) {  // security 9.16
  EngineOptions options;
  options.introspection = false;
  const auto engine = Small(options);
  EXPECT_EQ(ErrorsOf(Answer(*engine, "{a ...F} fragment F on Query{__schema{description}}")),
            " introspection is off, `__schema` cannot be read");
  EXPECT_EQ(Answer(*engine, "{__typename}"), R"({"data":{"__typename":"Query"}})");
}

TEST(Engine, IsUsedByManyThreads) {
  EngineOptions options;
  options.cached_documents_max = 3;
  const auto engine = Small(options);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string key = "k" + std::to_string((i + t) % 5);
        const std::string text = "query($s:Boolean!){" + key + ":a x:a@skip(if:$s)}";
        const bool skip = i % 2 == 0;
        const std::string expected = R"({"data":{")" + key + (skip ? R"(":1}})" : R"(":1,"x":1}})");
        if (Answer(*engine, text, skip ? R"({"s":true})" : R"({"s":false})") != expected) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(PlannedSet, SaysWhatIsSelected) {
  bool asked = false;
  EngineBuilder builder(SchemaOf(kSdl), {});
  builder.Bind("Query", "a", One()).Bind("Query", "b", [&](const FieldContext& context) {
    asked = true;
    const NamedType& type = *context.field.field->type->named;
    EXPECT_EQ(context.field.response_key, "x");
    EXPECT_EQ(context.field.location, (Location{2, 1}));
    EXPECT_TRUE(context.field.Below(type)->Selects("a"));
    EXPECT_FALSE(context.field.Below(type)->Selects("b"));
    EXPECT_EQ(context.field.Below(type)->Find("a")->response_key, "y");
    return base::Result<Resolved>(nullptr);
  });
  builder.BindType("T", One());
  EXPECT_EQ(Answer(*EngineOf(builder), "{a\nx:b{y:a b@skip(if:true){a}}}"),
            R"({"data":{"a":1,"x":null}})");
  EXPECT_TRUE(asked);
}

TEST(DocumentCache, KeepsWhatWasUsedLast) {
  DocumentCache cache;
  cache.SetBounds(2, 1000);
  const auto one = std::make_shared<const PreparedDocument>();
  cache.Add("a", one, 1);
  cache.Add("b", one, 1);
  EXPECT_NE(cache.Find("a"), nullptr);
  cache.Add("c", one, 1);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(DocumentCache, IsBoundedInBytes) {
  DocumentCache cache;
  cache.SetBounds(100, 80);
  const auto one = std::make_shared<const PreparedDocument>();
  for (char c = 'a'; c < 'a' + 20; ++c) cache.Add(std::string(10, c), one, 10);
  EXPECT_EQ(cache.size(), 8u);
  cache.Add(std::string(11, 'x'), one, 11);  // an eighth is the most that one may take
  EXPECT_EQ(cache.size(), 8u);
  EXPECT_EQ(cache.Find(std::string(11, 'x')), nullptr);
}

}  // namespace
}  // namespace strongroom::graphql
