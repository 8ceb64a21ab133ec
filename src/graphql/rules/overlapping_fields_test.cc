#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "graphql/rules/context.h"
#include "graphql/rules/merge_proof.h"
#include "graphql/rules/testing.h"

namespace strongroom::graphql::rules::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Conflict(std::string_view key, std::string_view reason, std::string_view places) {
  return fmt::format(
      "Fields \"{}\" conflict because {}. Use different aliases on the fields to "
      "fetch both if this was intentional. @ {}",
      key, reason, places);
}

std::string Repeat(std::size_t count, const std::function<std::string(std::size_t)>& part) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part(i) + " ";
  return text;
}

// Milliseconds that the rules take. Unoptimized and sanitized builds are many times slower.
double Took(const std::string& text, std::vector<std::string>* messages = nullptr) {
  const auto document = Parsed(text);
  const auto start = std::chrono::steady_clock::now();
  const auto errors = Validate(PetSchema(), *document);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  if (messages != nullptr) {
    for (const RequestError& error : errors) messages->push_back(error.message);
  }
  return taken.count();
}

#ifdef NDEBUG
constexpr double kMillisecondsMax = 50;
#else
constexpr double kMillisecondsMax = 2000;
#endif

bool IsProved(const std::string& text) {
  const auto document = Parsed(text);
  const ValidationOptions options;
  Context context(PetSchema(), *document, options);
  return FieldsProvablyMerge(context, *document);
}

TEST(OverlappingFields, MergeWhenTheyAreTheSame) {
  EXPECT_THAT(Faults("{a: count(text: \"x\", any: {a: 1, b: 2}) a: count(any: {b: 2, a: 1}, text: "
                     "\"x\") dog {name} dog {name owner {id}}}"),
              IsEmpty());
}

TEST(OverlappingFields, ConflictByNameArgumentsTypesAndBelow) {
  EXPECT_THAT(
      Faults("{dog {a: name a: barks}}"),
      ElementsAre(Conflict("a", "\"name\" and \"barks\" are different fields", "1:7 1:15")));
  EXPECT_THAT(Faults("{count count(text: \"\")}"),
              ElementsAre(Conflict("count", "they have differing arguments", "1:2 1:8")));
  EXPECT_THAT(Faults("{either {... on Dog {size} ... on Cat {size}}}"),
              ElementsAre(Conflict("size", "they return conflicting types \"Size!\" and \"String\"",
                                   "1:22 1:40")));
  EXPECT_THAT(Faults("{dog {a: name} dog {a: barks}}"),
              ElementsAre(Conflict("dog",
                                   "subfields \"a\" conflict because \"name\" and \"barks\" are "
                                   "different fields",
                                   "1:2 1:7 1:16 1:21")));
}

TEST(OverlappingFields, MayDifferOnTypesThatExcludeEachOther) {
  EXPECT_THAT(Faults("{either {... on Dog {a: barks} ... on Cat {a: meows}}}"), IsEmpty());
  EXPECT_THAT(
      Faults("{pet {... on Dog {a: barks} ... on Pet {a: name}}}"),
      ElementsAre(Conflict("a", "\"barks\" and \"name\" are different fields", "1:19 1:41")));
}

TEST(OverlappingFields, AreFoundThroughFragments) {
  EXPECT_THAT(
      Faults("{dog {...A ...B}} fragment A on Dog {x: name} fragment B on Dog {...C} "
             "fragment C on Dog {x: barks}"),
      ElementsAre(Conflict("x", "\"name\" and \"barks\" are different fields", "1:38 1:91")));
}

TEST(OverlappingFields, WithAnArgumentGivenTwiceAreNotProved) {
  EXPECT_FALSE(IsProved("{dog(id: 1, id: 2) {name} dog(id: 1, id: 2) {name}}"));
}

// security 9.6
TEST(OverlappingFields, OfThreeThousandRepetitionsTakeLessThanFiftyMilliseconds) {
  const std::string bodies[] = {"count", "dog {name}", "count(any: {a: [1, {b: 2}]})",
                                "... on Query {count me {count}}"};
  for (const std::string& body : bodies) {
    const std::string text = "{" + Repeat(3000, [&](std::size_t) { return body; }) + "}";
    EXPECT_TRUE(IsProved(text)) << body;
    std::vector<std::string> messages;
    EXPECT_LT(Took(text, &messages), kMillisecondsMax) << body;
    EXPECT_THAT(messages, IsEmpty()) << body;
  }
}

TEST(OverlappingFields, OfThreeThousandConflictsEndInTime) {
  const std::string text =
      "{" + Repeat(3000, [](std::size_t i) { return fmt::format("a: dog(id: {}) {{name}}", i); }) +
      "}";
  std::vector<std::string> messages;
  EXPECT_LT(Took(text, &messages), 10 * kMillisecondsMax);
  EXPECT_THAT(messages, ElementsAre("Validation aborted."));
}

TEST(OverlappingFields, OfLongChainsOfFragmentsAreComparedToTheirEnd) {
  std::string text = "{...F0 ...G0} ";
  for (std::size_t i = 0; i < 900; ++i) {
    text += fmt::format("fragment F{0} on Query {{...F{1}}} fragment G{0} on Query {{...G{1}}} ", i,
                        i + 1);
  }
  text += "fragment F900 on Query {a: count} fragment G900 on Query {a: me {count}}";
  std::vector<std::string> messages;
  EXPECT_LT(Took(text, &messages), 20 * kMillisecondsMax);
  EXPECT_FALSE(messages.empty());
}

// security 9.4
TEST(OverlappingFields, OfFragmentsThatDoubleAtEveryLevelAreCountedOnce) {
  const auto fragment = [](std::size_t i) {
    return fmt::format("fragment F{} on Query {{a: me {{...F{}}} b: me {{...F{}}}}}", i, i + 1,
                       i + 1);
  };
  const std::string text = "{...F0} " + Repeat(60, fragment) + "fragment F60 on Query {count}";
  EXPECT_TRUE(IsProved(text));
  EXPECT_LT(Took(text), kMillisecondsMax);
}

TEST(OverlappingFields, OfFragmentCyclesEnd) {
  EXPECT_TRUE(IsProved("{...A} fragment A on Query {me {...B}} fragment B on Query {me {...A}}"));
  EXPECT_FALSE(
      IsProved("{...A} fragment A on Query {me {...B} a: count} "
               "fragment B on Query {me {...A} a: me {...A}} fragment C on Query {...A ...B}"));
}

// Every level merges other fragments: the number of different merges is exponential.
TEST(OverlappingFields, OfManyDifferentMergesEndInTime) {
  const auto fragment = [](std::size_t i) {
    return fmt::format(
        "fragment F{0} on Query {{x: me {{...F{1}}} y: me {{...F{2}}} z: me {{...F{1} ...F{3}}}}}",
        i, i + 1, i + 2, i + 3);
  };
  const std::string text =
      "{...F0 ...F1 ...F2} " + Repeat(60, fragment) + Repeat(3, [](std::size_t i) {
        return fmt::format("fragment F{} on Query {{count}}", 60 + i);
      });
  EXPECT_LT(Took(text), 20 * kMillisecondsMax);
}

}  // namespace
}  // namespace strongroom::graphql::rules::testing
