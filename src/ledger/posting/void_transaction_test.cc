#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

class VoidTransactionTest : public PostingTest {
 protected:
  void SetUp() override {
    MakeAccount(AccountId(1), "DEBIT");
    MakeAccount(AccountId(2), "CREDIT");
    MakeTransferCode();
    ASSERT_EQ(Outcome(Post(All(), Transfer(1, AccountId(1), AccountId(2), "12.87"))), "ok");
  }
};

TEST_F(VoidTransactionTest, TakesTheAmountsBackAndTiesBothTogether) {
  const auto voided = Void(All(), TransactionId(1));
  ASSERT_EQ(Outcome(voided), "ok");
  const Document& taken_back = *voided->Unjudged();
  const base::Uuid id = taken_back.At("transaction_id").Get<base::Uuid>();
  EXPECT_EQ(id.bytes[6] >> 4, 5);  // derived: the same void has the same id
  EXPECT_EQ(taken_back.At("void_of").Get<base::Uuid>(), TransactionId(1));
  const auto original = LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(1)));
  EXPECT_EQ(original->At("voided_by").Get<base::Uuid>(), id);
  EXPECT_EQ(original->version(), 2);
  for (const std::string_view same :
       {"correlation_id", "journal_id", "effective", "tran_code_id"}) {
    EXPECT_TRUE(Identical(original->At(same), taken_back.At(same))) << same;
  }
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "0.00/0/0.00");
  EXPECT_EQ(Sums(BalanceOf(AccountId(2))), "0/0.00/0.00");
  EXPECT_EQ(BalanceOf(AccountId(1))->version(), 2);
}

TEST_F(VoidTransactionTest, ItsEntriesAreTheOppositeOfThoseThatItTakesBack) {
  const auto voided = Void(All(), TransactionId(1));
  ASSERT_EQ(Outcome(voided), "ok");
  const auto before = EntriesOf(TransactionId(1));
  const auto after = EntriesOf(voided->Unjudged()->At("transaction_id").Get<base::Uuid>());
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(before[i]->At("is_voided_entry").Get<bool>());
    EXPECT_FALSE(before[i]->At("is_void_entry").Get<bool>());
    EXPECT_TRUE(after[i]->At("is_void_entry").Get<bool>());
    EXPECT_TRUE(Identical(before[i]->At("account_id"), after[i]->At("account_id")));
    EXPECT_TRUE(Identical(before[i]->At("direction"), after[i]->At("direction")));
    EXPECT_EQ(after[i]->At("amount").Get<scalars::Money>().ToString(), "-12.87 USD");
    EXPECT_EQ(after[i]->At("entry_type").Get<std::string>(),
              i == 0 ? "XFR_DR_VOID" : "XFR_CR_VOID");
  }
}

TEST_F(VoidTransactionTest, VoidingTwiceAndVoidingAVoidAreRefused) {
  const auto voided = Void(All(), TransactionId(1));
  ASSERT_EQ(Outcome(voided), "ok");
  const std::string before = Dump();
  EXPECT_EQ(Outcome(Void(All(), TransactionId(1))),
            "BAD_REQUEST: the transaction is already voided");
  EXPECT_EQ(Outcome(Void(All(), voided->Unjudged()->At("transaction_id").Get<base::Uuid>())),
            "BAD_REQUEST: a void can't be voided");
  EXPECT_EQ(Outcome(Void(All(), TransactionId(7))).substr(0, 9), "NOT_FOUND");
  EXPECT_TRUE(Dump() == before);
}

TEST_F(VoidTransactionTest, WhoMayNotVoidLearnsNotWhetherItIsVoided) {
  const auto reader = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],
           "resources":["financial.Transaction.document.transaction_id"]}])");
  const std::string before = Outcome(Void(reader, TransactionId(1)));
  EXPECT_EQ(before.substr(0, 13), "ACCESS_DENIED");
  ASSERT_EQ(Outcome(Void(All(), TransactionId(1))), "ok");
  EXPECT_EQ(Outcome(Void(reader, TransactionId(1))), before);
}

TEST_F(VoidTransactionTest, ATakenIdOfTheVoidDoesNotPreventIt) {
  base::Uuid derived;
  const auto undone = Write([&](WriteScope& scope) -> base::Status {
    STRONGROOM_ASSIGN(const auto voided, VoidTransaction(All(), scope, TransactionId(1)));
    derived = voided.Unjudged()->At("transaction_id").Get<base::Uuid>();
    return base::MakeError(base::ErrorCode::kBadRequest, "undone");
  });
  ASSERT_FALSE(undone.ok());
  auto squatter = Transfer(2, AccountId(1), AccountId(2), "1.00");
  squatter["transactionId"] = derived.ToString();
  ASSERT_EQ(Outcome(Post(All(), squatter)), "ok");
  EXPECT_EQ(Outcome(Void(All(), TransactionId(1))), "ok");
}

TEST_F(VoidTransactionTest, AVoidAndItsReplacementGoIntoOneOperation) {
  const auto result = Write([&](WriteScope& scope) -> base::Status {
    STRONGROOM_TRY(VoidTransaction(All(), scope, TransactionId(1)));
    STRONGROOM_TRY(PostTransaction(All(), scope, Transfer(2, AccountId(1), AccountId(2), "15.00")));
    return {};
  });
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "15.00/0/15.00");
  EXPECT_EQ(BalanceOf(AccountId(1))->version(), 3);
}

TEST_F(VoidTransactionTest, NeedsTheRightsOfAPostingAndOfTheUpdateOfTheOriginal) {
  const auto told = [&](std::string_view policies) {
    return Outcome(Void(PermitOf(policies), TransactionId(1)));
  };
  const std::string before = Dump();
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["db:Insert","db:Select"],
                      "resources":["financial.*"]}])"),
            "ACCESS_DENIED: access denied: db:Update on financial.Transaction.document.voided_by");
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["db:Update","db:Select"],
                      "resources":["financial.*"]}])")
                .substr(0, 13),
            "ACCESS_DENIED");
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]},
                     {"effect":"DENY","actions":["db:Select"],
                      "resources":["financial.Transaction"],
                      "assertions":{"a":"context.document.correlation_id != 'x'"}}])")
                .substr(0, 9),
            "NOT_FOUND");
  EXPECT_TRUE(Dump() == before);
  EXPECT_EQ(told(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]}])"), "ok");
}

}  // namespace
}  // namespace strongroom::ledger
