#include "graphql/parser.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace strongroom::graphql {
namespace {

std::shared_ptr<const Document> Parsed(std::string text) {
  auto result = Parse(std::move(text), Limits());
  if (const auto* error = std::get_if<RequestError>(&result)) {
    ADD_FAILURE() << error->message;
    return std::make_shared<const Document>("");
  }
  return std::get<0>(std::move(result));
}

RequestError Refused(std::string text, const Limits& limits = {}) {
  auto result = Parse(std::move(text), limits);
  const auto* error = std::get_if<RequestError>(&result);
  if (error != nullptr) return *error;
  ADD_FAILURE() << "was accepted";
  return {};
}

const Selection& First(const Document& document) {
  return document.definitions()[0].operation->selection_set->selections[0];
}

std::string_view StringOf(const Document& document) {
  return First(document).arguments[0].value->text;
}

TEST(Location, CountsLinesOfAllKindsAndUtf16Units) {
  EXPECT_EQ(LocationAt("a\nb", 2), (Location{2, 1}));
  EXPECT_EQ(LocationAt("a\r\nb", 3), (Location{2, 1}));
  EXPECT_EQ(LocationAt("a\rb", 2), (Location{2, 1}));
  EXPECT_EQ(LocationAt("\xC3\xA9x", 2), (Location{1, 2}));
  EXPECT_EQ(LocationAt("\xF0\x9F\x98\x80x", 4), (Location{1, 3}));
  EXPECT_EQ(LocationAt("ab", 99), (Location{1, 3}));
}

TEST(Parser, ReadsAnOperationWithEverythingInIt) {
  const auto document = Parsed(R"(
    "what it is" query Q($a: [Int!]! = [1, 2] @d, $b: In = {x: {y: null}}) @o(if: true) {
      alias: field(i: -1, f: 1.5e3, s: "s", e: E, l: [$a], v: $b) @d1 @d2(x: 1) { leaf }
      ...Spread @s
      ... on Type @t { a }
      ... @include(if: $c) { b }
    }
    fragment Spread on Type @f { c })");
  ASSERT_EQ(document->definitions().size(), 2u);
  const OperationDefinition& q = *document->definitions()[0].operation;
  EXPECT_EQ(q.name.text, "Q");
  ASSERT_EQ(q.variables.size(), 2u);
  EXPECT_EQ(q.variables[0].type->kind, TypeNode::Kind::kNonNull);
  EXPECT_EQ(q.variables[0].type->inner->inner->inner->name.text, "Int");
  EXPECT_EQ(q.variables[0].default_value->items.size(), 2u);
  EXPECT_EQ(q.variables[1].default_value->fields[0].value->fields[0].value->kind,
            Value::Kind::kNull);
  ASSERT_EQ(q.selection_set->selections.size(), 4u);
  const Selection& field = q.selection_set->selections[0];
  EXPECT_EQ(field.ResponseKey(), "alias");
  ASSERT_EQ(field.arguments.size(), 6u);
  EXPECT_EQ(field.arguments[1].value->text, "1.5e3");
  EXPECT_EQ(field.arguments[4].value->items[0]->kind, Value::Kind::kVariable);
  EXPECT_EQ(field.directives.size(), 2u);
  EXPECT_EQ(q.selection_set->selections[1].kind, Selection::Kind::kSpread);
  EXPECT_EQ(q.selection_set->selections[2].type_condition.text, "Type");
  EXPECT_TRUE(q.selection_set->selections[3].type_condition.empty());
  EXPECT_EQ(document->definitions()[1].fragment->type_condition.text, "Type");
}

TEST(Parser, ReadsTheTypeSystem) {
  const auto document = Parsed(R"(
    """about""" schema @d { query: Q mutation: M }
    extend schema { subscription: S }
    "s" scalar Date @specifiedBy(url: "u")
    type Q implements & A & B @d { "f" f("a" a: Int = 1 @d, b: [ID!]!): String! @deprecated }
    interface A implements B
    union U = | Q | M
    enum E { "x" A B @deprecated(reason: "r") }
    input I { a: Int = 1, b: I }
    directive @d(x: Int) repeatable on | FIELD | SCHEMA
    extend type Q { g: Int })");
  ASSERT_EQ(document->definitions().size(), 10u);
  const auto at = [&](std::size_t i) { return *document->definitions()[i].system; };
  EXPECT_EQ(at(0).description, "about");
  EXPECT_EQ(at(0).roots[1].kind, OperationKind::kMutation);
  EXPECT_TRUE(at(1).extension);
  EXPECT_EQ(at(3).interfaces.size(), 2u);
  EXPECT_EQ(at(3).fields[0].arguments[0].description, "a");
  EXPECT_EQ(at(5).names.size(), 2u);
  EXPECT_EQ(at(6).values[1].directives[0].arguments[0].value->text, "r");
  EXPECT_EQ(at(7).inputs.size(), 2u);
  EXPECT_TRUE(at(8).repeatable);
  EXPECT_EQ(at(9).fields[0].name.text, "g");
}

TEST(Parser, DecodesStrings) {
  const std::pair<const char*, std::string_view> cases[] = {
      {R"({a(b:"")})", ""},
      {R"({a(b:"x\n\t\"\\\/\b\f\r")})", "x\n\t\"\\/\b\f\r"},
      {R"({a(b:"\u00e9\u{1F600}\uD83D\uDE00")})", "\xC3\xA9\xF0\x9F\x98\x80\xF0\x9F\x98\x80"},
      {"{a(b:\"\"\"\n    one\n      two\n\n  \"\"\")}", "one\n  two"},
      {R"({a(b:"""a \""" b""")})", "a \"\"\" b"},
      {"{a(b:\"\"\"  x\r\n  y\"\"\")}", "  x\ny"},
      {"{a(b:\"\"\"\"\"\")}", ""},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(StringOf(*Parsed(text)), value) << text;
}

TEST(Parser, RefusesInTheWordsThatClientsKnow) {  // behaviour §3
  struct Case {
    const char* text;
    const char* message;
    Location where;
  };
  const Case cases[] = {
      {"query Q 10", "Expected {, found Int", {1, 9}},
      {"", "Unexpected <EOF>", {1, 1}},
      {"{", "Expected Name, found <EOF>", {1, 2}},
      {"{}", "Expected Name, found }", {1, 2}},
      {"{a(b:)}", "Unexpected )", {1, 6}},
      {"{a(b c)}", "Expected :, found Name", {1, 6}},
      {"foo", "Unexpected Name", {1, 1}},
      {"fragment on on T {a}", "Unexpected Name", {1, 10}},
      {"fragment F {a}", "Expected on, found {", {1, 12}},
      {"{a(b:\"x)}\n", "Unterminated string", {1, 10}},
      {"{a(b:\"\\q\")}", "Invalid character escape sequence", {1, 7}},
      {"{a(b:\"\\uD83D\")}", "Invalid Unicode escape sequence", {1, 7}},
      {"{a(b:01)}", "Invalid number, unexpected digit after 0", {1, 7}},
      {"{a(b:1.)}", "Invalid number, expected digit", {1, 8}},
      {"{a(b:1a)}", "Invalid number, expected digit", {1, 7}},
      {"{a ? }", "Unexpected character", {1, 4}},
      {"{a \xFF }", "Invalid character", {1, 4}},
      {"{a ..b}", "Unexpected character", {1, 4}},
      {"query($a:Int=$b){a}", "Unexpected $", {1, 14}},
      {"\"d\" {a}", "Unexpected description", {1, 1}},
      {"enum E { true }", "Name is reserved and cannot be used for an enum value", {1, 10}},
      {"directive @d on NOWHERE", "Unexpected Name", {1, 17}},
      {"extend type A", "Unexpected <EOF>", {1, 14}},
      {"} \"", "Unexpected }", {1, 1}},  // the first fault counts, not the later one
  };
  for (const Case& c : cases) {
    const RequestError error = Refused(c.text);
    EXPECT_EQ(error.message, c.message) << c.text;
    EXPECT_EQ(error.code, base::ErrorCode::kGraphqlParseFailed);
    ASSERT_EQ(error.locations.size(), 1u);
    EXPECT_EQ(error.locations[0].line, c.where.line) << c.text;
    EXPECT_EQ(error.locations[0].column, c.where.column) << c.text;
  }
}

TEST(ParserLimits, TakeWhatIsAtTheLimitAndRefuseOneMore) {  // security 9.2
  Limits limits;
  limits.tokens_max = 3;
  EXPECT_EQ(Parse("{a}", limits).index(), 0u);
  EXPECT_EQ(Refused("{a b}", limits).code, base::ErrorCode::kLimitExceeded);
  limits = Limits();
  limits.document_bytes_max = 3;
  EXPECT_EQ(Parse("{a}", limits).index(), 0u);
  EXPECT_EQ(Refused("{aa}", limits).code, base::ErrorCode::kLimitExceeded);
  limits = Limits();
  const auto nested = [](std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += "{a";
    return text.append(levels, '}');
  };
  EXPECT_EQ(Parse(nested(60), limits).index(), 0u);
  const RequestError error = Refused(nested(61), limits);
  EXPECT_EQ(error.code, base::ErrorCode::kLimitExceeded);
  EXPECT_EQ(error.locations.at(0), (Location{1, 121}));
}

TEST(ParserLimits, AHundredThousandBracesCostNothing) {  // security 9.3
  Limits limits;
  limits.document_bytes_max = limits.tokens_max = std::numeric_limits<std::size_t>::max();
  for (const char brace : {'{', '[', '('}) {
    std::string text(100000, brace);
    if (brace == '[') text.insert(0, "{a(b:");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Refused(text, limits).code, base::ErrorCode::kLimitExceeded);
    EXPECT_EQ(Refused(text).code, base::ErrorCode::kLimitExceeded);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(10));
  }
}

}  // namespace
}  // namespace strongroom::graphql
