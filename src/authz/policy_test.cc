// SPEC 4, 4.1.10; security 6.14.
#include "authz/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"

namespace strongroom::authz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

base::Error ErrorOf(std::string_view text) {
  auto policies = ParsePolicies(text);
  EXPECT_FALSE(policies.ok()) << text;
  return policies.ok() ? base::Error{} : policies.error();
}

// One policy with `member` put in the place of its good counterpart.
std::string With(const std::string& effect, const std::string& actions,
                 const std::string& resources, const std::string& more = "") {
  return "[{\"effect\":" + effect + ",\"actions\":" + actions + ",\"resources\":" + resources +
         more + "}]";
}

TEST(ParsePolicies, ReadsEveryMember) {
  const auto policies = ParsePolicies(
      R"([{"effect":"ALLOW","actions":["db:Select","db:I*"],"resources":["financial.Account","*.name"],
           "assertions":{"a":"true","b":"context.auth.principal == 'x'"}},
          {"effect":"DENY","actions":["*"],"resources":["*"]}])");
  ASSERT_TRUE(policies.ok()) << policies.error().message;
  ASSERT_EQ(policies->size(), 2U);
  const Policy& first = (*policies)[0];
  EXPECT_EQ(first.effect, Effect::kAllow);
  EXPECT_THAT(first.actions, ElementsAre("db:Select", "db:I*"));
  EXPECT_THAT(first.resources, ElementsAre("financial.Account", "*.name"));
  ASSERT_EQ(first.assertions.size(), 2U);
  EXPECT_EQ(first.assertions[1].name, "b");
  EXPECT_EQ(first.assertions[1].expression, "context.auth.principal == 'x'");
  EXPECT_EQ((*policies)[1].effect, Effect::kDeny);
  EXPECT_TRUE((*policies)[1].assertions.empty());
}

TEST(ParsePolicies, TakesAnEmptyList) {
  const auto policies = ParsePolicies("[]");
  ASSERT_TRUE(policies.ok());
  EXPECT_TRUE(policies->empty());
}

TEST(ParsePolicies, RefusesWhatIsNoPolicy) {
  const std::string good = R"(["db:Select"])";
  const std::string all = R"(["*"])";
  const std::string allow = R"("ALLOW")";
  struct Case {
    std::string text;
    std::string message;
  };
  const std::vector<Case> cases = {
      {"", "invalid JSON"},
      {"{}", "policies have to be a list, got an object"},
      {"[1]", "policies[0]: a policy has to be an object, got a number"},
      {"[null]", "got null"},
      {"[{}]", "policies[0]: `effect` is missing"},
      {R"([{"effect":"ALLOW","resources":["*"]}])", "policies[0]: `actions` is missing"},
      {R"([{"effect":"ALLOW","actions":["*"]}])", "policies[0]: `resources` is missing"},
      {With(R"("allow")", good, all), "policies[0]: unknown effect `allow`"},
      {With("true", good, all), "`effect` has to be `ALLOW` or `DENY`, got a boolean"},
      {With(allow, "[]", all), "policies[0]: `actions` is empty"},
      {With(allow, good, "[]"), "policies[0]: `resources` is empty"},
      {With(allow, R"("db:Select")", all), "`actions` has to be a list of strings, got a string"},
      {With(allow, "[1]", all), "`actions` has to be a list of strings, got a number"},
      {With(allow, good, R"([["*"]])"), "`resources` has to be a list of strings, got a list"},
      {With(allow, R"(["SELECT"])", all), "unknown action `SELECT`"},
      {With(allow, R"(["db:select"])", all), "unknown action `db:select`"},
      {With(allow, R"(["db"])", all), "unknown action `db`"},
      {With(allow, R"(["db:Select","db:Read"])", all), "unknown action `db:Read`"},
      {With(allow, R"([""])", all), "unknown action ``"},
      {With(allow, good, all, R"(,"Assertions":{})"), "unknown member `Assertions`"},
      {With(allow, good, all, R"(,"assertions":[])"), "`assertions` has to be an object"},
      {With(allow, good, all, R"(,"assertions":{"a":true})"), "got a boolean"},
      {With(allow, good, all, R"(,"assertions":{"":"true"})"), "name of an assertion is empty"},
      {With(allow, good, all, R"(,"assertions":{"a":"true","a":"false"})"), "duplicate member"},
      {With(allow, good, all, R"(,"effect":"DENY")"), "duplicate member"},
      {With(allow, good, all) + "x", "invalid JSON"},
  };
  for (const Case& one : cases)
    EXPECT_THAT(ErrorOf(one.text).message, HasSubstr(one.message)) << one.text;
}

TEST(ParsePolicies, NamesThePlaceAndWhatToDo) {
  const auto error = ErrorOf(
      R"([{"effect":"DENY","actions":["*"],"resources":["*"]},
          {"effect":"DENY","actions":["*","delete"],"resources":["*"]}])");
  EXPECT_EQ(error.message, "policies[1]: unknown action `delete`");
  EXPECT_EQ(error.hint, "write `db:Delete`");
  EXPECT_THAT(error.argument_path, ElementsAre("policies", "1", "actions"));
}

TEST(CheckPolicy, HoldsTheLimits) {
  Policy policy{Effect::kAllow, {"*"}, {"*"}, {}, {}};
  namespace limits = base::limits;
  policy.resources.assign(limits::kPolicyPatternsMax, "*");
  EXPECT_TRUE(CheckPolicy(policy).ok());
  policy.resources.emplace_back("*");
  EXPECT_FALSE(CheckPolicy(policy).ok());
  policy.resources = {std::string(limits::kPolicyPatternBytesMax, 'a')};
  EXPECT_TRUE(CheckPolicy(policy).ok());
  policy.resources = {std::string(limits::kPolicyPatternBytesMax + 1, 'a')};
  EXPECT_FALSE(CheckPolicy(policy).ok());
  policy.resources = {"*"};
  for (std::size_t i = 0; i < limits::kPolicyAssertionsMax; ++i)
    policy.assertions.push_back({std::to_string(i), "true"});
  EXPECT_TRUE(CheckPolicy(policy).ok());
  policy.assertions.push_back({"one more", "true"});
  EXPECT_FALSE(CheckPolicy(policy).ok());
}

TEST(CheckPolicy, RefusesAssertionsOfOneName) {
  const Policy policy{Effect::kAllow, {"*"}, {"*"}, {{"a", "true"}, {"a", "false"}}, {}};
  const auto status = CheckPolicy(policy);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("`a` is there twice"));
}

TEST(ActionsOf, FollowsTheWildcards) {
  const auto actions = [](std::vector<std::string> patterns) {
    std::string names;
    const ActionSet set = ActionsOf(Policy{Effect::kAllow, std::move(patterns), {"*"}, {}, {}});
    for (const Action action : kActions)
      if (set.Has(action)) names += ActionGraphqlName(action).front();
    return names;
  };
  EXPECT_EQ(actions({"*"}), "SIUD");
  EXPECT_EQ(actions({"db:*"}), "SIUD");
  EXPECT_EQ(actions({"db:??????"}), "SIUD");
  EXPECT_EQ(actions({"*te"}), "UD");
  EXPECT_EQ(actions({"db:Select", "db:Delete"}), "SD");
  EXPECT_EQ(actions({"db:?elect"}), "S");
  EXPECT_EQ(actions({"db:Select.*", "db"}), "");
}

TEST(Action, NamesGoBothWays) {
  for (const Action action : kActions) {
    EXPECT_EQ(ActionFromName(ActionName(action)), action);
    EXPECT_EQ(ActionFromGraphqlName(ActionGraphqlName(action)), action);
  }
  EXPECT_EQ(ActionFromName("SELECT"), std::nullopt);
  EXPECT_EQ(ActionFromGraphqlName("db:Select"), std::nullopt);
}

RC_GTEST_PROP(PolicyJson, ReadsBackWhatItWrites, ()) {
  const auto texts = rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~')));
  std::vector<Policy> policies(*rc::gen::inRange<std::size_t>(0, 4));
  for (Policy& policy : policies) {
    policy.effect = *rc::gen::element(Effect::kAllow, Effect::kDeny);
    policy.actions = {*rc::gen::element<std::string>("*", "db:Select", "db:?elete")};
    policy.resources = *texts;
    policy.resources.emplace_back("*");
    int number = 0;
    for (const std::string& text : *texts)
      policy.assertions.push_back({std::to_string(++number), text});
  }
  const auto back = ParsePolicies(FormatPolicies(policies));
  RC_ASSERT(back.ok());
  RC_ASSERT(back->size() == policies.size());
  for (std::size_t i = 0; i < policies.size(); ++i) {
    RC_ASSERT((*back)[i].effect == policies[i].effect);
    RC_ASSERT((*back)[i].actions == policies[i].actions);
    RC_ASSERT((*back)[i].resources == policies[i].resources);
    RC_ASSERT((*back)[i].assertions.size() == policies[i].assertions.size());
    for (std::size_t a = 0; a < policies[i].assertions.size(); ++a)
      RC_ASSERT((*back)[i].assertions[a].expression == policies[i].assertions[a].expression);
  }
}

}  // namespace
}  // namespace strongroom::authz
