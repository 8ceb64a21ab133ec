// SPEC 4, 4.1.10; security 6.8, 6.10, 6.32; UX 9
#include "authz/policy_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

base::Error ErrorOf(const std::string& json) {
  const auto set = PolicySet::Compile(ParsePolicies(json).value(), TestCatalog());
  EXPECT_FALSE(set.ok()) << json;
  return set.ok() ? base::Error{} : set.error();
}
std::string One(const std::string& resource, const std::string& assertion) {
  return "[" + PolicyText("ALLOW", "*", resource, assertion) + "]";
}

TEST(PolicySet, CompilesTheAssertionsOfEveryLedger) {
  for (const std::string good :
       {"true", "context.auth.claims.sub == 'x'", "context.auth.claims.anything",
        "context.document.id == 'x'", "context.now < timestamp('2030-01-01T00:00:00Z')",
        "context.action == 'db:Select' && context.resource.startsWith('financial')",
        "'x' in context.auth.claims.groups", "context.auth.principal == context.tenant.accountId",
        "has(context.auth.claims.x) ? context.auth.claims.x == 'y' : false"})
    EXPECT_TRUE(
        PolicySet::Compile(ParsePolicies(One("financial.*", good)).value(), TestCatalog()).ok())
        << good;
}

TEST(PolicySet, RefusesAssertionsThatAreNoBooleanExpressions) {
  for (const std::string bad :
       {" ", "1", "'x'", "context", "context.document", "context.document.id",
        "context.document.balance", "context.auth", "context.nothing == 1", "unknown == 1",
        "true &&", "context.document.nothing == 1", "context.document.balance == 'x'",
        "context.document.open > 1", "time.Now()", "context.auth.principal == 1"}) {
    const base::Error error = ErrorOf(One("financial.Account", bad));
    EXPECT_EQ(error.code, base::ErrorCode::kCelEvaluationError) << bad;
    EXPECT_THAT(error.message, HasSubstr("assertion `a`")) << bad;
    EXPECT_THAT(error.argument_path, ElementsAre("policies", "0", "assertions", "a")) << bad;
  }
}

TEST(PolicySet, NamesThePositionOfWhatIsWrong) {
  const base::Error error = ErrorOf(One("financial.Account", "context.document.nmae == 'x'"));
  EXPECT_THAT(error.message, HasSubstr("policies[0]"));
  EXPECT_THAT(error.message, HasSubstr("financial.Account"));
  EXPECT_THAT(error.message, HasSubstr("1:17"));
  EXPECT_THAT(error.message, HasSubstr("nmae"));
}

TEST(PolicySet, RefusesWhatCostsTooMuch) {
  std::string deep = "true";
  for (int i = 0; i < 300; ++i) deep = "(" + deep + ")";
  ErrorOf(One("*", deep));
  ErrorOf(One("*", "'" + std::string(5000, 'x') + "' == 'y'"));
}

TEST(PolicySet, AnAssertionHasToWorkOnOneLedgerThatIsCovered) {
  EXPECT_NE(CompileText(One("*", "context.document.balance > 1")), nullptr);
  EXPECT_NE(CompileText(One("financial.*", "context.document.amount > 1")), nullptr);
  ErrorOf(One("financial.Entry", "context.document.balance > 1"));
  ErrorOf(
      One("system.Client", "context.document.name == 'x'"));  // its documents can't be looked at
  EXPECT_NE(CompileText(One("nothing.of.today", "context.document.balance > 1")), nullptr);
}

TEST(PolicySet, CompilesNothingWhenOnePolicyIsBad) {
  const std::string mixed =
      "[" + PolicyText("ALLOW", "*", "*") + "," + PolicyText("ALLOW", "*", "*", "1 +") + "]";
  EXPECT_THAT(ErrorOf(mixed).message, HasSubstr("policies[1]"));
}

TEST(PolicySet, AStoredPolicyThatIsBadDeniesWhatItCovers) {
  const std::string text = "[" + PolicyText("ALLOW", "*", "*") + "," +
                           PolicyText("ALLOW", "db:Select", "financial.Entry", "1 +") + "]";
  const auto set = CompileText(text, PolicySet::BadPolicy::kCountAsDeny);
  ASSERT_EQ(set->defects().size(), 1U);
  const auto folded = FoldedPolicies::Fold(set, TestToken("{}")).value();
  const Permit permit = Permit::Grant(folded, kTestNow);
  EXPECT_TRUE(permit.NeverAllows(Action::kSelect, kEntry));
  EXPECT_EQ(permit.Standing(Action::kInsert, kEntry, ResourceId{0}), Verdict::kAllow);
  EXPECT_EQ(permit.Standing(Action::kSelect, kAccount, ResourceId{0}), Verdict::kAllow);
}

TEST(PolicySet, NoPoliciesAreLegalAndAllowNothing) {
  const Permit permit = Grant("[]");
  for (const Action action : kActions)
    for (const LedgerId ledger : {kAccount, kEntry, kClient})
      EXPECT_TRUE(permit.NeverAllows(action, ledger));
}

TEST(PolicySet, BoundsTheNumberOfPolicies) {
  std::vector<Policy> many(base::limits::kPoliciesMax + 1,
                           Policy{Effect::kAllow, {"*"}, {"*"}, {}, {}});
  EXPECT_FALSE(PolicySet::Compile(many, TestCatalog()).ok());
}

}  // namespace
}  // namespace strongroom::authz
