// security 6.7; UX: every decision can be told
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const TestDocument& Account() {
  static const TestDocument account(
      AccountType(), R"({"id":"1","name":"cash","balance":5,"open":true,"metadata":{"k":"v"}})");
  return account;
}

Decision Explain(const Permit& permit,
                 const std::string& resource = "financial.Account.document.name",
                 const cel::ObjectView* document = &Account()) {
  auto decision = permit.Explain("decision 1", Action::kSelect, resource, document);
  EXPECT_TRUE(decision.ok());
  return *std::move(decision);
}

TEST(Explain, TellsWhatEveryPolicyCameTo) {
  const Permit permit =
      Grant("[" + PolicyText("ALLOW", "db:Insert", "*") + "," +
                PolicyText("ALLOW", "*", "financial.Entry") + "," +
                PolicyText("ALLOW", "*", "*", "context.document.balance == 6") + "," +
                PolicyText("ALLOW", "*", "*", "context.auth.claims.missing == 1") + "," +
                PolicyText("ALLOW", "*", "*", "context.document.balance == 5") + "]",
            "{}");
  const Decision decision = Explain(permit);
  EXPECT_EQ(decision.id, "decision 1");
  EXPECT_EQ(decision.resource, "financial.Account.document.name");
  std::vector<PolicyOutcome> outcomes;
  for (const PolicyTrace& trace : decision.policies) outcomes.push_back(trace.outcome);
  EXPECT_THAT(outcomes, ElementsAre(PolicyOutcome::kOtherAction, PolicyOutcome::kOtherResource,
                                    PolicyOutcome::kSkipped, PolicyOutcome::kFailed,
                                    PolicyOutcome::kApplicable));
  EXPECT_TRUE(decision.allowed());
  EXPECT_THAT(decision.reasons, ElementsAre(4U));
  EXPECT_THAT(decision.errors, ElementsAre(3U));
}

TEST(Explain, ShowsTheValuesThatAnAssertionSaw) {
  const Permit permit =
      Grant("[" +
                PolicyText("ALLOW", "*", "*",
                           "context.document.balance == 6 || context.document.metadata.k == "
                           "context.auth.claims.role") +
                "]",
            R"({"role":"v","secret":"unseen"})");
  const Decision decision = Explain(permit);
  ASSERT_EQ(decision.policies.at(0).assertions.size(), 1U);
  const AssertionTrace& trace = decision.policies[0].assertions[0];
  EXPECT_EQ(trace.outcome, AssertionOutcome::kTrue);
  std::string seen;
  for (const SeenValue& one : trace.seen)
    seen += one.path + "=" + one.value + "(" + one.property + ") ";
  EXPECT_EQ(seen,
            "context.auth.claims.role=\"v\"() context.document.balance=5(balance) "
            "context.document.metadata.k=\"v\"(metadata) ");
}

TEST(Explain, SaysHowAnAssertionFailed) {
  const Permit permit =
      Grant("[" + PolicyText("DENY", "*", "*", "context.auth.claims.role == 'x'") + "]");
  const Decision decision = Explain(permit);
  const AssertionTrace& trace = decision.policies.at(0).assertions.at(0);
  EXPECT_EQ(trace.outcome, AssertionOutcome::kError);
  EXPECT_THAT(trace.error, HasSubstr("role"));
  EXPECT_TRUE(decision.policies[0].Applies()) << "a DENY that fails applies";
  EXPECT_THAT(decision.reasons, ElementsAre(0U));
  EXPECT_FALSE(decision.denied_by_default());
}

TEST(Explain, WithoutAnyAllowItIsDeniedByDefault) {
  const Decision decision = Explain(Grant("[]"));
  EXPECT_FALSE(decision.allowed());
  EXPECT_TRUE(decision.denied_by_default());
  EXPECT_THAT(decision.policies, IsEmpty());
}

TEST(Explain, TheDenyingPoliciesAreTheReasonOfADenial) {
  const Decision decision =
      Explain(Grant("[" + PolicyText("ALLOW", "*", "*") + "," + PolicyText("DENY", "*", "*.name") +
                    "," + PolicyText("DENY", "*", "*") + "]"));
  EXPECT_FALSE(decision.allowed());
  EXPECT_THAT(decision.reasons, ElementsAre(1U, 2U));
}

TEST(Explain, WithoutADocumentWhatLooksAtItFails) {
  const Permit permit =
      Grant("[" + PolicyText("ALLOW", "*", "*", "context.document.balance == 5") + "]");
  const Decision decision = Explain(permit, "financial.Account.document.name", nullptr);
  EXPECT_FALSE(decision.allowed());
  EXPECT_EQ(decision.policies.at(0).outcome, PolicyOutcome::kFailed);
  EXPECT_FALSE(decision.policies[0].assertions.at(0).error.empty());
}

TEST(Explain, NamesTheLedgerThatAnAssertionIsNotMadeFor) {
  const Permit permit =
      Grant("[" + PolicyText("ALLOW", "*", "financial.*", "context.document.amount > 1") + "]");
  const Decision decision = Explain(permit);
  const AssertionTrace& trace = decision.policies.at(0).assertions.at(0);
  EXPECT_EQ(trace.outcome, AssertionOutcome::kError);
  EXPECT_THAT(trace.error, HasSubstr("amount"));
}

TEST(Explain, ADefectivePolicyIsNamedAsTheReason) {
  const auto set = CompileText(
      "[" + PolicyText("ALLOW", "*", "*") + "," + PolicyText("ALLOW", "*", "*", "1 +") + "]",
      PolicySet::BadPolicy::kCountAsDeny);
  const Permit permit = Permit::Grant(FoldedPolicies::Fold(set, TestToken("{}")).value(), kTestNow);
  const Decision decision = Explain(permit);
  EXPECT_FALSE(decision.allowed());
  EXPECT_EQ(decision.policies.at(1).outcome, PolicyOutcome::kDefective);
  EXPECT_THAT(decision.reasons, ElementsAre(1U));
}

TEST(Explain, OfALedgerItTellsOfEveryPolicyThatCoversAnyResourceOfIt) {
  const Permit permit = Grant("[" +
                                  PolicyText("ALLOW", "*", "financial.Account.document.name",
                                             "context.auth.claims.role == 'x'") +
                                  "," + PolicyText("ALLOW", "*", "financial.Entry") + "]",
                              R"({"role":"y"})");
  const Decision decision = Explain(permit, "financial.Account.document", nullptr);
  EXPECT_EQ(decision.policies.at(0).outcome, PolicyOutcome::kSkipped);
  EXPECT_EQ(decision.policies.at(1).outcome, PolicyOutcome::kOtherResource);
  EXPECT_EQ(Summary(decision),
            "denied by default: no ALLOW applies; policy 0 would allow it, but `a` is false");
}

TEST(Explain, KeptTextHoldsTheWholeDecision) {
  const Permit permit =
      Grant("[" + PolicyText("ALLOW", "*", "*", "context.document.balance == 6") + "," +
            PolicyText("DENY", "*", "*", "context.auth.claims.missing == 1") + "]");
  const Decision decision = Explain(permit);
  const std::string text = DecisionText(decision, 65536);
  const auto read = DecisionFromText(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(DecisionText(*read, 65536), text);
  EXPECT_EQ(Summary(*read), "denied by policy 1, which failed");
  EXPECT_FALSE(DecisionFromText("{}").ok());
  EXPECT_FALSE(DecisionFromText("x").ok());
}

TEST(Explain, WhatIsTooLargeToKeepLosesFirstWhatDidNotMatch) {
  std::string policies = "[" + PolicyText("ALLOW", "db:Insert", "*");
  policies += "," + PolicyText("DENY", "*", "*", "true") + "]";
  const Decision decision = Explain(Grant(policies));
  const auto cut = DecisionFromText(DecisionText(decision, 1180));
  ASSERT_TRUE(cut.ok());
  EXPECT_FALSE(cut->complete);
  ASSERT_EQ(cut->policies.size(), 1U);
  EXPECT_EQ(cut->policies[0].policy, 1U);
}

TEST(Explain, KeepsADecisionWithAnIdAndABudgetOfItsOwn) {
  Permit::Options options;
  int made = 0;
  options.decision_id = [&made] { return "id " + std::to_string(++made); };
  options.cost_max = 100;
  const Permit permit = Grant(
      "[" + PolicyText("ALLOW", "*", "*", "context.document.balance == 5") + "]", "{}", options);
  constexpr std::string_view kName = "financial.Account.document.name";
  for (int i = 0; i < 200; ++i) permit.Keep(Action::kSelect, kName, &Account());
  EXPECT_TRUE(permit.Judge(Action::kSelect, kAccount, Account()).ok());
  const auto kept = permit.TakeKept();
  ASSERT_EQ(kept.size(), base::limits::kDecisionsKeptMax);
  EXPECT_EQ(kept[1].id, "id 2");
  EXPECT_TRUE(kept[1].allowed());
  EXPECT_THAT(permit.TakeKept(), IsEmpty());
  EXPECT_EQ(Grant("[]").Keep(Action::kSelect, kName, nullptr), "") << "no ids, nothing kept";
}

TEST(Explain, WhatOneRequestQuotesIsBounded) {
  Permit::Options options;
  options.decision_id = [] { return std::string("id"); };
  const TestDocument account(AccountType(), R"({"id":"1","balance":5,"open":true,"name":")" +
                                                std::string(std::size_t{1} << 20, 'x') + R"("})");
  const Permit permit = Grant(
      "[" + PolicyText("ALLOW", "*", "*", "context.document.name == 'v'") + "]", "{}", options);
  for (int i = 0; i < 10; ++i)
    permit.Keep(Action::kSelect, "financial.Account.document.name", &account);
  const auto kept = permit.TakeKept();
  ASSERT_EQ(kept.size(), 10U);
  EXPECT_TRUE(kept.front().complete);
  EXPECT_FALSE(kept.back().complete);
  EXPECT_THAT(kept.back().policies, IsEmpty());

  const std::string name =
      "financial.Account.indexes." + std::string(base::limits::kPolicyPatternBytesMax, 'x');
  EXPECT_EQ(permit.Keep(Action::kInsert, name, nullptr), "");
  EXPECT_FALSE(permit.Can(Action::kInsert, name, nullptr).ok());
}

}  // namespace
}  // namespace strongroom::authz
