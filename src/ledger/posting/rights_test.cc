// SPEC 4: posting needs Insert on the transaction and on every entry, as they are written.
#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

class PostingRights : public PostingTest {
 protected:
  void SetUp() override {
    MakeAccount(AccountId(1), "DEBIT");
    MakeAccount(AccountId(2), "CREDIT");
    MakeTransferCode();
  }
  std::string PostWith(std::string_view policies, std::uint32_t to = 2) {
    return Outcome(
        Post(PermitOf(policies), Transfer(++number_, AccountId(1), AccountId(to), "1.50")));
  }
  // What may be inserted, and no more.
  static std::string Insert(std::string_view resources) {
    return R"([{"effect":"ALLOW","actions":["db:Insert"],"resources":[)" + std::string(resources) +
           "]}]";
  }
  // Everything, except for entries of which `assertion` is true.
  static std::string AllButEntriesWhere(const std::string& assertion) {
    return R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]},
               {"effect":"DENY","actions":["db:Insert"],"resources":["financial.Entry"],
                "assertions":{"theirs":")" +
           assertion + R"("}}])";
  }
  std::uint32_t number_ = 0;
};

TEST_F(PostingRights, NeedsNoRightOnTranCodesAccountsAndBalances) {
  EXPECT_EQ(PostWith(Insert(R"("financial.Transaction","financial.Entry")")), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "1.50/0/1.50");
}

TEST_F(PostingRights, EachPropertyThatThePostingSetsIsAsked) {
  EXPECT_EQ(PostWith(Insert(R"("financial.Transaction.document.*","financial.Entry")")),
            "ACCESS_DENIED: access denied: db:Insert on financial.Transaction.references."
            "tran_code_id");
  EXPECT_EQ(PostWith(Insert(R"("financial.Transaction","financial.Entry.document")")),
            "ACCESS_DENIED: access denied: db:Insert on financial.Entry.references.transaction_id");
  EXPECT_EQ(PostWith(Insert(R"("financial.Transaction","financial.Entry.references",
                               "financial.Entry.document.amount")")),
            "ACCESS_DENIED: access denied: db:Insert on financial.Entry.document.transaction_id");
  // What the tran code leaves to the catalog is nobody's setting.
  EXPECT_EQ(PostWith(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]},
                         {"effect":"DENY","actions":["db:Insert"],"resources":
                          ["financial.Transaction.document.external_id",
                           "financial.Transaction.document.metadata",
                           "financial.Entry.document.description"]}])"),
            "ok");
}

TEST_F(PostingRights, WhoCouldNeverPostLearnsNothingOfTranCodes) {
  const auto permit = PermitOf(Insert(R"("financial.Account")"));
  const std::string denied = "ACCESS_DENIED: access denied: db:Insert on financial.Transaction";
  EXPECT_EQ(Outcome(Post(permit, Transfer(1, AccountId(1), AccountId(2), "1"))), denied);
  auto input = Transfer(1, AccountId(1), AccountId(2), "1");
  input["tranCode"] = "NONE";
  EXPECT_EQ(Outcome(Post(permit, input)), denied);
}

TEST_F(PostingRights, ADenyOnTheEntriesOfOneAccountStopsTheWholePosting) {
  const std::string policies =
      AllButEntriesWhere("context.document.account_id == uuid('" + AccountId(2).ToString() + "')");
  MakeAccount(AccountId(3));
  const std::string before = Dump();
  EXPECT_EQ(PostWith(policies),
            "ACCESS_DENIED: access denied: db:Insert on financial.Entry.document.transaction_id");
  EXPECT_TRUE(Dump() == before);
  EXPECT_EQ(PostWith(policies, 3), "ok");
}

TEST_F(PostingRights, AssertionsSeeTheAmountAndTheBalanceLink) {
  const std::string policies =
      R"json([{"effect":"ALLOW","actions":["db:Insert"],"resources":["financial.Transaction"]},
          {"effect":"ALLOW","actions":["db:Insert"],"resources":["financial.Entry"],
           "assertions":{"small":"context.document.amount < money('2.00', 'USD')",
                         "linked":"context.document.balance_record_version >= 1"}}])json";
  EXPECT_EQ(PostWith(policies), "ok");
  EXPECT_EQ(Outcome(Post(PermitOf(policies), Transfer(9, AccountId(1), AccountId(2), "2.00")))
                .substr(0, 13),
            "ACCESS_DENIED");
}

TEST_F(PostingRights, WhoMayNotWriteTheEntryLearnsNothingOfItsAccount) {
  constexpr std::int64_t kLocked = 1;
  SetProperty(LedgerId::kAccount, AccountId(2), "status", kLocked);
  const std::string policies =
      AllButEntriesWhere("context.document.account_id != uuid('" + AccountId(1).ToString() + "')");
  const std::string denied =
      "ACCESS_DENIED: access denied: db:Insert on financial.Entry.document.transaction_id";
  EXPECT_EQ(PostWith(policies, 2), denied);   // locked
  EXPECT_EQ(PostWith(policies, 77), denied);  // missing
}

TEST_F(PostingRights, ExpressionsOfATranCodeAreToldOnlyToWhoMaySelectThem) {
  const auto told = [&](std::string_view policies) {
    return Outcome(
        Post(PermitOf(policies), Transfer(1, AccountId(1), AccountId(2), "1", "USD", 9)));
  };
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]}])"),
            "TRAN_CODE_ERROR: [layer]: the layer is none of SETTLED, PENDING, ENCUMBRANCE");
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["db:Insert"],"resources":["financial.*"]}])"),
            "TRAN_CODE_ERROR: [layer]: the expression fails for these params");
}

TEST_F(PostingRights, CreatingATranCodeIsAskedBeforeItsTextIsRead) {
  const auto create = [&](std::string_view policies) {
    return Outcome(Write([&](WriteScope& scope) {
      return CreateTranCode(PermitOf(policies), scope,
                            Json(R"({"tranCodeId":"346d25cd-d298-4044-bb8b-7aabbc935ca0",
                                     "code":"X","transaction":{"effective":"{"},"entries":[]})"));
    }));
  };
  EXPECT_EQ(create(Insert(R"("financial.TranCode.document.code")")).substr(0, 13), "ACCESS_DENIED");
  EXPECT_EQ(create(Insert(R"("financial.TranCode")")).substr(0, 15), "TRAN_CODE_ERROR");
}

}  // namespace
}  // namespace strongroom::ledger
