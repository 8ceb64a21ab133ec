// The main cases of every rule; thousands more are compared with graphql-js in tests/graphql.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/rules/testing.h"

namespace strongroom::graphql::rules::testing {
namespace {

struct Case {
  const char* document;
  std::vector<std::string> faults;
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(Faults(one.document), one.faults) << one.document;
}

TEST(Rules, OfOperations) {
  Expect({
      {"query A {count} query A {count}",
       {"There can be only one operation named \"A\". @ 1:7 1:23"}},
      {"{count} query A {count}",
       {"This anonymous operation must be the only defined operation. @ 1:1"}},
      {"subscription S {adopted {name} count}",
       {"Subscription \"S\" must select only one top level field. @ 1:32"}},
      {"subscription {...F} fragment F on Subscription {__typename}",
       {"Anonymous Subscription must not select an introspection top level field. @ 1:49"}},
      {"subscription {count count: count adopted @skip(if: true) {name}}", {}},
  });
}

TEST(Rules, OfTypes) {
  Expect({
      {"query ($a: [Nowhere!]) {count(any: {a: $a})}", {"Unknown type \"Nowhere\". @ 1:13"}},
      {"{... on Size {a}}", {"Fragment cannot condition on non composite type \"Size\". @ 1:9"}},
      {"{...F} fragment F on Style {a}",
       {"Fragment \"F\" cannot condition on non composite type \"Style\". @ 1:22"}},
      {"query ($a: [Dog!]) {count(any: {a: $a})}",
       {"Variable \"$a\" cannot be non-input type \"[Dog!]\". @ 1:12"}},
      {"query ($a: Float) {count(any: {a: $a})}", {"Unknown type \"Float\". @ 1:12"}},
  });
}

TEST(Rules, OfFields) {
  Expect({
      {"{count {a}}",
       {"Field \"count\" must not have a selection since type \"Int\" has no subfields. @ 1:8"}},
      {"{human(id: 1) {pets}}",
       {"Field \"pets\" of type \"[Pet!]!\" must have a selection of subfields. Did you mean "
        "\"pets { ... }\"? @ 1:16"}},
      {"{either {name}}", {"Cannot query field \"name\" on type \"CatOrDog\". @ 1:10"}},
      {"{dog {__schema {types {name}}}}",
       {"Cannot query field \"__schema\" on type \"Dog\". @ 1:7"}},
      {"{__schema {types {fields {type {fields {type {fields {name}}}}}}}}",
       {"Maximum introspection depth exceeded @ 1:2"}},
  });
}

TEST(Rules, OfFragments) {
  Expect({
      {"{...F} fragment F on Query {count} fragment F on Query {count}",
       {"There can be only one fragment named \"F\". @ 1:17 1:45"}},
      {"{...F}", {"Unknown fragment \"F\". @ 1:5"}},
      {"{count} fragment F on Query {...G} fragment G on Query {count}",
       {"Fragment \"F\" is never used. @ 1:9", "Fragment \"G\" is never used. @ 1:36"}},
      {"{dog {... on Cat {name}}}",
       {"Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\". "
        "@ 1:7"}},
      {"{dog {...F}} fragment F on Human {id}",
       {"Fragment \"F\" cannot be spread here as objects of type \"Dog\" can never be of type "
        "\"Human\". @ 1:7"}},
      {"{...A} fragment A on Query {me {...B}} fragment B on Query {me {...A ...B}}",
       {"Cannot spread fragment \"A\" within itself via \"B\". @ 1:33 1:65",
        "Cannot spread fragment \"B\" within itself. @ 1:70"}},
  });
}

TEST(Rules, OfVariables) {
  Expect({
      {"query ($a: ID, $a: ID) {dog(id: $a) {name}}",
       {"There can be only one variable named \"$a\". @ 1:9 1:17"}},
      {"query Q {...F} fragment F on Query {dog(id: $a) {name}}",
       {"Variable \"$a\" is not defined by operation \"Q\". @ 1:45 1:1"}},
      {"query ($a: ID) {count}", {"Variable \"$a\" is never used. @ 1:8"}},
      {"query ($a: Int) {human(id: 1) {pets(first: $a) {name}}}", {}},  // the place has a default
      {"query ($a: ID) {human(id: $a) {id}}",
       {"Variable \"$a\" of type \"ID\" used in position expecting type \"ID!\". @ 1:8 1:27"}},
      {"query ($a: ID = 1) {human(id: $a) {id}}", {}},
      {"query ($a: [Size]) {count(sizes: $a)}",
       {"Variable \"$a\" of type \"[Size]\" used in position expecting type \"[Size!]\". @ 1:8 "
        "1:34"}},
      {"query ($a: Size) {count(sizes: [$a])}",
       {"Variable \"$a\" of type \"Size\" used in position expecting type \"Size!\". @ 1:8 1:33"}},
      {"query ($a: Size!) {count(sizes: $a)}",
       {"Variable \"$a\" of type \"Size!\" used in position expecting type \"[Size!]\". @ 1:8 "
        "1:33"}},
  });
}

TEST(Rules, OfDirectives) {
  Expect({
      {"{count @nowhere}", {"Unknown directive \"@nowhere\". @ 1:8"}},
      {"query @skip(if: true) {count}", {"Directive \"@skip\" may not be used on QUERY. @ 1:7"}},
      {"{count @skip(if: true) @skip(if: true)}",
       {"The directive \"@skip\" can only be used once at this location. @ 1:8 1:24"}},
      {"{count @skip}",
       {"Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not "
        "provided. @ 1:8"}},
      {"{count @tag(name: \"\", nam: 1)}",
       {"Unknown argument \"nam\" on directive \"@tag\". @ 1:23"}},
  });
}

TEST(Rules, OfArguments) {
  Expect({
      {"{dog(ident: 1) {name}}", {"Unknown argument \"ident\" on field \"Query.dog\". @ 1:6"}},
      {"{dog(id: 1, id: 2) {name}}", {"There can be only one argument named \"id\". @ 1:6 1:13"}},
      {"{human {id}}",
       {"Field \"human\" argument \"id\" of type \"ID!\" is required, but it was not provided. "
        "@ 1:2"}},
  });
}

TEST(Rules, OfValues) {
  Expect({
      {"{count(text: 1)}", {"String cannot represent a non string value: 1 @ 1:14"}},
      {"{count(sizes: [SMALL, null, [LARGE]])}",
       {"Expected value of type \"Size!\", found null. @ 1:23",
        "Enum \"Size\" cannot represent non-enum value: [LARGE]. @ 1:29"}},
      {"{count(sizes: SMALL)}", {}},  // one value is a list of one
      {"{human(id: 1) {pets(first: 2147483648) {name}}}",
       {"Int cannot represent non 32-bit signed integer value: 2147483648 @ 1:28"}},
      {"mutation {adopt(style: 1) {name}}", {"Expected value of type \"Style!\", found 1. @ 1:24"}},
      {"mutation {adopt(style: {fil: 1, inner: {width: null}}) {name}}",
       {"Field \"Style.width\" of required type \"Int!\" was not provided. @ 1:24",
        "Field \"fil\" is not defined by type \"Style\". @ 1:25",
        "Expected value of type \"Int!\", found null. @ 1:48"}},
      {"mutation {adopt(style: {width: 1, width: 2}) {name}}",
       {"There can be only one input field named \"width\". @ 1:25 1:35"}},
  });
}

TEST(Rules, OfDefinitionsThatCannotBeExecuted) {
  Expect({
      {"{count} type T implements Nowhere {a: Int @deprecated @deprecated}",
       {"The \"T\" definition is not executable. @ 1:9", "Unknown type \"Nowhere\". @ 1:27",
        "The directive \"@deprecated\" can only be used once at this location. @ 1:43 1:55"}},
      {"schema {query: Query} {count @d} directive @d on FIELD",
       {"The schema definition is not executable. @ 1:1",
        "The \"d\" definition is not executable. @ 1:34"}},
  });
}

}  // namespace
}  // namespace strongroom::graphql::rules::testing
