#include "graphql/schema.h"

#include <gtest/gtest.h>

namespace strongroom::graphql {
namespace {

std::shared_ptr<const Schema> Built(std::string sdl) {
  auto schema = BuildSchema(std::move(sdl));
  if (!schema.ok()) {
    ADD_FAILURE() << schema.error().message;
    return nullptr;
  }
  return std::move(schema).value();
}

std::string Fault(std::string sdl) {
  auto schema = BuildSchema(std::move(sdl));
  return schema.ok() ? "none" : schema.error().message;
}

// In the layout that PrintSchema writes, so that it reads back to itself.
constexpr const char* kWhole = R"("""All of it."""
schema {
  query: Root
  mutation: Mutation
}

"""Marks a thing."""
directive @mark(
  """How."""
  how: [String!]! = ["a", "b"]
) repeatable on FIELD | OBJECT

directive @plain on QUERY

interface Node {
  id: ID!
}

interface Named implements Node {
  id: ID!
  name: String
}

"""
A description of several lines,
of which this is the second.
"""
type Root implements Named & Node {
  id: ID!

  """One line."""
  name: String
  things(first: Int = 10, filter: Filter = {kind: A, tags: []}): [Thing!]!

  """With described arguments."""
  other(
    """First."""
    a: Int

    """Second."""
    b: String = "x\ny" @deprecated(reason: "old")
  ): Thing @deprecated
}

type Mutation {
  set(when: Date!): Boolean
}

union Thing = Root | Leaf

type Leaf {
  value: Float
}

enum Kind {
  A

  """The other."""
  B @deprecated(reason: "use A")
}

input Filter {
  kind: Kind! = A
  tags: [String]
  inner: Filter
}

scalar Date @specifiedBy(url: "https://example.org/date"))";

TEST(Schema, PrintsWhatItReads) {
  const auto schema = Built(kWhole);
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(PrintSchema(*schema), kWhole);
  EXPECT_EQ(PrintSchema(*Built(PrintSchema(*schema))), kWhole);
}

TEST(Schema, LinksTypesAndKeepsTheOrder) {
  const auto schema = Built(kWhole);
  const NamedType& root = *schema->Root(OperationKind::kQuery);
  EXPECT_EQ(root.name, "Root");
  EXPECT_EQ(schema->Root(OperationKind::kSubscription), nullptr);
  const NamedType& node = *schema->FindType("Node");
  ASSERT_EQ(node.possible.size(), 1u);
  EXPECT_EQ(node.possible[0], &root);
  ASSERT_EQ(root.possible.size(), 1u);
  EXPECT_EQ(root.possible[0], &root);
  EXPECT_EQ(schema->FindType("Thing")->possible.size(), 2u);
  EXPECT_TRUE(schema->FindType("Thing")->Includes(root));
  const FieldType& things = *root.FindField("things");
  EXPECT_EQ(things.index, 2u);
  EXPECT_EQ(things.type->text, "[Thing!]!");
  EXPECT_EQ(things.type->named, schema->FindType("Thing"));
  EXPECT_EQ(things.type->inner->inner->text, "Thing!");
  EXPECT_EQ(things.FindArgument("first")->default_value->text, "10");
  EXPECT_EQ(schema->FindType("Filter")->FindInputField("inner")->index, 2u);
  EXPECT_EQ(*schema->FindType("Kind")->FindValue("B")->deprecation_reason, "use A");
  EXPECT_EQ(*schema->FindType("Date")->specified_by_url, "https://example.org/date");
  EXPECT_EQ(schema->types()[0]->name, "Node");
  EXPECT_EQ(schema->types()[9]->name, "Int");
  EXPECT_TRUE(schema->types().back()->introspection);
  for (std::size_t i = 0; i < schema->types().size(); ++i) EXPECT_EQ(schema->types()[i]->index, i);
  EXPECT_TRUE(schema->FindDirective("skip")->built_in);
  EXPECT_TRUE(schema->FindDirective("mark")->repeatable);
}

TEST(Schema, HasMetaFieldsOnlyWhereTheyBelong) {
  const auto schema = Built("type Query { a: Int } type T { b: Int } union U = T");
  const NamedType& query = *schema->FindType("Query");
  const NamedType& t = *schema->FindType("T");
  EXPECT_EQ(schema->FindField(query, "__schema")->type->text, "__Schema!");
  EXPECT_EQ(schema->FindField(query, "__type")->arguments[0].type->text, "String!");
  EXPECT_EQ(schema->FindField(t, "__schema"), nullptr);
  EXPECT_EQ(schema->FindField(t, "__typename")->type->text, "String!");
  EXPECT_NE(schema->FindField(*schema->FindType("U"), "__typename"), nullptr);
  EXPECT_EQ(schema->FindField(t, "a"), nullptr);
}

TEST(Schema, AppliesExtensionsWhereverTheyStand) {
  const auto schema = Built(R"(
    extend type Query implements N { b: Int }
    extend schema { mutation: M }
    extend enum E { Y }
    extend union U = M
    extend input I { b: Int }
    extend scalar S @specifiedBy(url: "u")
    interface N { b: Int } type Query { a(e: E, i: I, s: S): U } type M { c: Int }
    enum E { X } union U = Query input I { a: Int } scalar S)");
  ASSERT_NE(schema, nullptr);
  EXPECT_EQ(schema->FindType("Query")->fields.size(), 2u);
  EXPECT_EQ(schema->Root(OperationKind::kMutation)->name, "M");
  EXPECT_EQ(schema->FindType("E")->values.size(), 2u);
  EXPECT_EQ(schema->FindType("U")->possible.size(), 2u);
  EXPECT_EQ(schema->FindType("N")->possible.size(), 1u);
}

TEST(Schema, RefusesWhatDoesNotHoldTogether) {
  const std::pair<const char*, const char*> cases[] = {
      {"type Query {", "Expected Name, found <EOF> (line 1, column 13)"},
      {"type T { a: Int }", "the schema has no query root (line 1, column 1)"},
      {"type Query { a: X }", "type `X` is not defined (line 1, column 17)"},
      {"type Query { a: Int a: Int }", "field `Query.a` is defined twice (line 1, column 21)"},
      {"type Query { a: Int } type Query { b: Int }",
       "type `Query` is defined twice (line 1, column 28)"},
      {"type Query { __a: Int }",
       "`__a` begins with two underscores, which is reserved (line 1, column 14)"},
      {"type Query { a(x: Query): Int }",
       "`Query.a.x` cannot be of output type `Query` (line 1, column 19)"},
      {"input I { a: Int } type Query { a: I }",
       "field `Query.a` cannot be of input type `I` (line 1, column 36)"},
      {"type Query { a(x: Int = \"1\"): Int }",
       "default of `Query.a.x` does not fit: Int cannot represent non-integer value: \"1\" (line "
       "1, column 25)"},
      {"type Query { a(x: E = B): Int } enum E { A }",
       "default of `Query.a.x` does not fit: Value \"B\" does not exist in \"E\" enum. (line 1, "
       "column 23)"},
      {"input I { i: I = {} } type Query { a(x: I = {}): Int }",
       "default of `I.i` does not fit: the default of \"i\" contains itself (line 1, column 18)"},
      {"type Query { a: Int } input A { b: B! } input B { a: A! }",
       "input `A` requires itself through `B.a` (line 1, column 29)"},
      {"interface N { a: Int b(x: Int): Int } type Query implements N { a: Int }",
       "`Query` lacks the field `N.b` (line 1, column 44)"},
      {"interface N { a: Int! } type Query implements N { a: Int }",
       "`Query.a` is `Int`, but `N` expects `Int!` (line 1, column 30)"},
      {"interface N { a(x: Int): Int } type Query implements N { a: Int }",
       "`Query.a` must take `x: Int`, because `N` does (line 1, column 37)"},
      {"interface N { a: Int } type Query implements N { a(x: Int!): Int }",
       "`Query.a` requires `x`, which `N` does not know (line 1, column 29)"},
      {"interface M { a: Int } interface N implements M { a: Int } type Query implements N { a: "
       "Int }",
       "`Query` must implement `M`, because `N` does (line 1, column 65)"},
      {"type Query { a: U } union U = Int",
       "union `U` cannot have `Int`, which is not an object type (line 1, column 31)"},
      {"type Query { a: Int @nope }", "directive `@nope` is not defined (line 1, column 21)"},
      {"type Query { a: Int @skip(if: true) }",
       "directive `@skip` may not stand here (line 1, column 21)"},
      {"type Query { a: Int } extend type X { a: Int }",
       "type `X` is not defined (line 1, column 35)"},
      {"type Query { a: Int } extend enum Query { a }",
       "extension of `Query` is of another kind than the type (line 1, column 35)"},
      {"type Query { a: Int } {a}",
       "a schema has no operations and no fragments (line 1, column 23)"},
  };
  for (const auto& [sdl, message] : cases) EXPECT_EQ(Fault(sdl), message) << sdl;
}

TEST(Schema, ReadsItsDescriptionsWithQuotesAndIndentation) {
  for (const char* description :
       {"x", "ends with \\\"", "a\\nb", "  indented", "a\\n  b", "\\tb\\nc", "ends with \\\\",
        "three \\\"\\\"\\\" quotes", "\\u0007", "trailing\\n",
        "a very long line of text that does not fit on one line of seventy characters at all"}) {
    const auto schema =
        Built("\"" + std::string(description) + "\" type Query { \"" + description + "\" a: Int }");
    ASSERT_NE(schema, nullptr);
    const auto again = Built(PrintSchema(*schema));
    EXPECT_EQ(again->FindType("Query")->description, schema->FindType("Query")->description);
    EXPECT_EQ(again->FindType("Query")->fields[0].description,
              schema->FindType("Query")->fields[0].description);
  }
}

}  // namespace
}  // namespace strongroom::graphql
