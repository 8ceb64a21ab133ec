#include "graphql/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/rules/testing.h"

namespace strongroom::graphql {
namespace {

using rules::testing::Faults;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Validate, AcceptsADocumentThatUsesEverything) {
  EXPECT_THAT(Faults(R"(
    query Q($id: ID!, $size: Size = SMALL, $on: Boolean!) {
      human(id: $id) { pets(first: 3) { ...P ... on Dog @include(if: $on) { barks size } } }
      pet(size: $size) { name(style: {width: 1, any: {deep: [$id]}}) @tag(name: "a") @tag(name: "b") }
      either { __typename ... on Pet { name } }
      __schema { types { name } }
    }
    fragment P on Pet { name owner { id } }
    mutation M { adopt(style: {width: 2}) { name } }
    subscription S { adopted { name } }
  )"),
              IsEmpty());
}

TEST(Validate, ReportsErrorsInTheOrderOfTheDocumentAndThenOfTheTable) {
  EXPECT_THAT(Faults("query Q($a: Nowhere) {\n  dog(idd: 1) { x @y }\n}\nscalar S"),
              ElementsAre("The \"S\" definition is not executable. @ 4:1",
                          "Unknown type \"Nowhere\". @ 1:13",
                          "Unknown argument \"idd\" on field \"Query.dog\". @ 2:7",
                          "Cannot query field \"x\" on type \"Dog\". @ 2:17",
                          "Unknown directive \"@y\". @ 2:19",
                          "Variable \"$a\" is never used in operation \"Q\". @ 1:9"));
}

TEST(Validate, SuggestsNamesOnlyWhenAsked) {
  const std::string text = "{ dgo { name } pet(size: SMALLL) { barks } }";
  EXPECT_THAT(Faults(text), ElementsAre("Cannot query field \"dgo\" on type \"Query\". @ 1:3",
                                        "Value \"SMALLL\" does not exist in \"Size\" enum. @ 1:26",
                                        "Cannot query field \"barks\" on type \"Pet\". @ 1:36"));
  ValidationOptions options;
  options.suggestions = true;
  EXPECT_THAT(
      Faults(text, options),
      ElementsAre("Cannot query field \"dgo\" on type \"Query\". Did you mean \"dog\"? @ 1:3",
                  "Value \"SMALLL\" does not exist in \"Size\" enum. Did you mean the enum value "
                  "\"SMALL\"? @ 1:26",
                  "Cannot query field \"barks\" on type \"Pet\". Did you mean to use an inline "
                  "fragment on \"Dog\"? @ 1:36"));
}

// behaviour §3
TEST(Validate, LocatesStringsAfterTheirQuoteWhenAsked) {
  ValidationOptions options;
  const std::string text = R"({ pet(size: "SMALL") { name } human(id: 1.5) { id } })";
  EXPECT_THAT(Faults(text, options),
              ElementsAre("Enum \"Size\" cannot represent non-enum value: \"SMALL\". @ 1:13",
                          "ID cannot represent a non-string and non-integer value: 1.5 @ 1:41"));
  options.strings_start_after_quote = true;
  EXPECT_THAT(Faults(text, options),
              ElementsAre("Enum \"Size\" cannot represent non-enum value: \"SMALL\". @ 1:14",
                          "ID cannot represent a non-string and non-integer value: 1.5 @ 1:41"));
}

// behaviour §2
TEST(Validate, HoldsNoComputedDefaultAgainstItsType) {
  const std::string text =
      R"(query ($a: Int = "1 + 1" @cel, $b: Int = "2") { count(any: {a: [$a, $b]}) })";
  const std::string of_b = "Int cannot represent non-integer value: \"2\" @ 1:42";
  EXPECT_THAT(Faults(text),
              ElementsAre("Int cannot represent non-integer value: \"1 + 1\" @ 1:18", of_b));
  ValidationOptions options;
  options.computed_default_directive = "cel";
  EXPECT_THAT(Faults(text, options), ElementsAre(of_b));
}

TEST(Validate, StopsAfterTheLargestNumberOfErrors) {
  ValidationOptions options;
  options.errors_max = 2;
  EXPECT_THAT(Faults("{ a b }", options), SizeIs(2));
  EXPECT_THAT(
      Faults("{ a b c d }", options),
      ElementsAre("Cannot query field \"a\" on type \"Query\". @ 1:3",
                  "Cannot query field \"b\" on type \"Query\". @ 1:5",
                  "Too many validation errors, error limit reached. Validation aborted. @"));
}

TEST(Validate, FollowsLongChainsOfFragmentsAndRefusesLongerOnes) {
  const auto chain = [](std::size_t length, const char* root) {
    std::string text = fmt::format("{} {{...F0}} ", root);
    for (std::size_t i = 0; i < length; ++i) {
      text +=
          fmt::format("fragment F{} on Query {{__schema {{types {{name}}}} ...F{}}} ", i, i + 1);
    }
    return text + fmt::format("fragment F{} on Query {{count}}", length);
  };
  EXPECT_THAT(Faults(chain(1999, "query")), IsEmpty());
  EXPECT_THAT(Faults(chain(2000, "query")),
              ElementsAre("Too many fragments. Validation aborted. @"));
  EXPECT_THAT(Faults(chain(100, "subscription")), Not(IsEmpty()));
}

TEST(Validate, AcceptsEveryLiteralForACustomScalar) {
  EXPECT_THAT(Faults(R"({ a: count(any: 1) b: count(any: "x") c: count(any: [1, {a: X, b: null}])
                          d: count(any: {a: [1.5]}) e: count(any: null) })"),
              IsEmpty());
  EXPECT_THAT(Faults("{ count(any: {a: 1, a: 2}) }"),
              ElementsAre("There can be only one input field named \"a\". @ 1:15 1:21"));
}

}  // namespace
}  // namespace strongroom::graphql
