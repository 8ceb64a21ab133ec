// What lists answer to single requests.
#include <gtest/gtest.h>

#include "ledger/list.h"
#include "ledger/testing.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using Operator = FilterValue::Operator;

class AccountListTest : public BootstrappedTest {
 protected:
  void SetUp() override {
    for (std::uint8_t i = 1; i <= 5; ++i) {
      Document account(engine_->catalog().At(LedgerId::kAccount));
      account.Set("account_id", Id(i));
      account.Set("name", std::string(1, static_cast<char>('a' + i)));
      account.Set("code", "C");
      account.Set("external_id", "");
      account.Set("status", 0);
      ASSERT_TRUE(InsertUnasked(work_.scope, std::move(account)).ok());
    }
  }
  std::string ErrorOf(std::string_view index, std::vector<Filter> filters,
                      PageRequest page = {.first = 10}) {
    return Outcome(List(permit_, work_.scope,
                        {.ledger = LedgerId::kAccount,
                         .index = index,
                         .filters = std::move(filters),
                         .page = std::move(page)}));
  }

  Work work_ = Begin();
  authz::Permit permit_ = PermitOf(kAllRights);
};

TEST_F(AccountListTest, ErrorsAreWordedAsClientsKnowThem) {
  EXPECT_EQ(ErrorOf("account_id", {{"account_id", {Operator::kLike, "foo", {}}}}),
            "BAD_REQUEST: eq required for account_id partition key");
  EXPECT_EQ(ErrorOf("account_id", {{"name", {Operator::kEq, "TESTACCT", {}}}}),
            "BAD_REQUEST: account_id partition key required");
  EXPECT_EQ(ErrorOf("status", {{"status", {Operator::kEq, "FOO", {}}}}),
            "ENUM_PARSE_ERROR: account status enum 'FOO' not found");
  EXPECT_EQ(ErrorOf("account_id", {{"account_id", {Operator::kEq, "", {}}}}),
            "UUID_PARSE_ERROR: invalid UUID length: 0");
  EXPECT_EQ(ErrorOf("none", {}), "BAD_REQUEST: Account has no index `none`");
}

TEST_F(AccountListTest, PagesAreBounded) {
  EXPECT_EQ(ErrorOf("name", {}, {}), "BAD_REQUEST: give `first` or `last`, one of them");
  EXPECT_EQ(ErrorOf("name", {}, {.first = -1}),
            "BAD_REQUEST: `first` has to be from 0 to 1000, got -1");
  EXPECT_EQ(ErrorOf("name", {}, {.first = 1001}),
            "BAD_REQUEST: `first` has to be from 0 to 1000, got 1001");
  EXPECT_EQ(ErrorOf("name", {}, {.first = 1, .after = "AAAA"}),
            "BAD_REQUEST: the cursor is not one of this list");
  EXPECT_EQ(ErrorOf("name", {}, {.first = 0}), "ok");
}

TEST_F(AccountListTest, FiltersThatTheIndexDoesNotUseAreIgnored) {
  const auto page = List(permit_, work_.scope,
                         {.ledger = LedgerId::kAccount,
                          .index = "name",
                          .filters = {{"code", {Operator::kEq, "other", {}}}},
                          .page = {.first = 10}});
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->edges.size(), 5U);
}

TEST_F(AccountListTest, ACursorOpensNoOtherListAndNoOtherTenant) {
  const auto page = List(permit_, work_.scope,
                         {.ledger = LedgerId::kAccount, .index = "name", .page = {.first = 1}});
  ASSERT_TRUE(page.ok());
  const std::string cursor = page->edges.front().cursor;
  EXPECT_EQ(ErrorOf("name", {}, {.first = 1, .after = cursor}), "ok");
  EXPECT_EQ(ErrorOf("code", {}, {.first = 1, .after = cursor}),
            "BAD_REQUEST: the cursor is not one of this list");
}

TEST_F(AccountListTest, ListsOfARequestLookAtABoundedNumberOfDocuments) {
  work_.scope.scan_left = 5;
  EXPECT_EQ(ErrorOf("name", {}), "ok");
  EXPECT_EQ(ErrorOf("name", {}).substr(0, 15), "LIMIT_EXCEEDED:");
}

TEST_F(AccountListTest, ADeadlineFailsTheListAndNeverShortensIt) {
  work_.scope.scan_left = 66;  // asked at every 64th
  work_.scope.deadline = [] {
    return base::Status(base::MakeError(base::ErrorCode::kInterrupted, "too late"));
  };
  EXPECT_EQ(ErrorOf("name", {}), "INTERRUPTED: too late");
}

TEST_F(AccountListTest, ACostLimitFailsTheListAndNeverShortensIt) {
  const auto set = authz::PolicySet::Compile(
      Must(authz::ParsePolicies(R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],
          "assertions":{"a":"context.document.code == 'C'"}}])")),
      engine_->catalog().rights());
  auto folded = Must(authz::FoldedPolicies::Fold(
      *set, {std::make_shared<const boost::json::object>(), "p", "Root"}));
  const auto permit = authz::Permit::Grant(std::move(folded), now_, {.cost_max = 8});
  const auto page = List(permit, work_.scope,
                         {.ledger = LedgerId::kAccount, .index = "name", .page = {.first = 10}});
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().code, base::ErrorCode::kLimitExceeded);
}

TEST_F(AccountListTest, TransactionIdsTakeAtMostAHundred) {
  ListRequest request{.ledger = LedgerId::kTransaction, .index = "transaction_ids"};
  request.page.first = 10;
  EXPECT_EQ(Outcome(List(permit_, work_.scope, request)),
            "BAD_REQUEST: transaction_ids partition key required");
  request.ids.assign(101, Id(1));
  EXPECT_EQ(Outcome(List(permit_, work_.scope, request)),
            "LIMIT_EXCEEDED: `transactionIds` has 101 ids, the most are 100");
  request.ids.assign(2, Id(1));
  EXPECT_EQ(Outcome(List(permit_, work_.scope, request)), "ok");
}

}  // namespace
}  // namespace strongroom::ledger
