#include "ledger/verify/verify.h"

#include <gmock/gmock.h>

#include "ledger/posting/account_sets_testing.h"

namespace strongroom::ledger {
namespace {

using testing::Contains;
using testing::HasSubstr;

// A small book of all kinds: accounts in nested sets, two journals and currencies, a void, words
// that changed, a tenant below the first.
class VerifyTest : public AccountSetTest {
 protected:
  void SetUp() override {
    AccountSetTest::SetUp();
    MakeTransferCode();
    MakeAccount(AccountId(1), "DEBIT");
    MakeAccount(AccountId(2), "CREDIT", R"(,"externalId":"two")");
    ASSERT_EQ(MakeSet(SetInput(SetId(1))), "ok");
    ASSERT_EQ(MakeSet(SetInput(SetId(2))), "ok");
    ASSERT_EQ(AddTo(SetId(1), Member(SetId(2))), "ok");
    ASSERT_EQ(AddTo(SetId(2), Member(AccountId(1))), "ok");
    for (std::uint32_t i = 1; i <= 4; ++i) {
      ASSERT_EQ(
          Outcome(Post(All(), Transfer(i, AccountId(1), AccountId(2), "1.5" + std::to_string(i),
                                       i % 2 == 0 ? "USD" : "EUR", static_cast<int>(i % 3)))),
          "ok");
    }
    ASSERT_EQ(Outcome(Post(All(), TransferIn(Other(), 9, AccountId(2), AccountId(1), "7"))), "ok");
    ASSERT_EQ(Outcome(Void(All(), TransactionId(2))), "ok");
    ASSERT_EQ(Outcome(Write([&](WriteScope& scope) {
                return UpdateTransaction(All(), scope, TransactionId(3),
                                         Json(R"({"description":"other words"})"));
              })),
              "ok");
  }

  VerifyReport Report() {
    const auto snapshot = store_->Read().value();
    return Must(Verify(*snapshot, *engine_, {}));
  }
  std::vector<std::string> Findings() {
    std::vector<std::string> texts;
    for (const Finding& one : Report().findings) texts.push_back(one.check + ": " + one.text);
    return texts;
  }
  // Writes past everything that keeps the records whole.
  void Tamper(const std::function<base::Status(storage::Transaction&)>& change) {
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    ASSERT_TRUE(change(*transaction).ok());
    ASSERT_TRUE(storage::CommitAndWait(*transaction).ok());
  }
  void Rewrite(const SharedDocument& document, std::string_view name, Value value) {
    Document other = *document;
    other.Set(name, std::move(value));
    Tamper([&](storage::Transaction& transaction) {
      return transaction.Put(tenant_, CurrentKey(other.ledger(), Location(*document)),
                             Encode(other));
    });
  }
  const Ledger& Of(LedgerId id) { return engine_->catalog().At(id); }
};

TEST_F(VerifyTest, AWholeStoreIsGood) {
  const VerifyReport report = Report();
  EXPECT_TRUE(report.ok()) << report.findings.front().text;
  EXPECT_EQ(report.tenants, 1U);
  EXPECT_EQ(report.entries, 12U);
  EXPECT_GT(report.documents, 20U);
  EXPECT_GT(report.records, report.documents);
}

TEST_F(VerifyTest, ABalanceThatIsNotTheSumIsFound) {
  const SharedDocument balance = BalanceOf(AccountId(1));
  Values amount = *balance->At("settled").Get<RecordValue>().fields;
  amount[0] =
      scalars::Money{Must(scalars::ParseDecimal("99")), amount[0].Get<scalars::Money>().currency};
  Rewrite(balance, "settled", MakeRecord(std::move(amount)));
  EXPECT_THAT(Findings(), Contains(HasSubstr("is not the sum of its entries")));
}

TEST_F(VerifyTest, ABalanceOfASetThatIsNotTheSumIsFound) {
  const SharedDocument balance = BalanceOf(SetId(1));
  Values amount = *balance->At("pending").Get<RecordValue>().fields;
  amount[1] =
      scalars::Money{Must(scalars::ParseDecimal("0.00")), amount[1].Get<scalars::Money>().currency};
  Rewrite(balance, "pending", MakeRecord(std::move(amount)));
  EXPECT_THAT(Findings(), Contains("balances: Balance " + SetId(1).ToString() + " " +
                                   base::Uuid().ToString() + " USD is not the sum of its entries"));
}

TEST_F(VerifyTest, AnEntryThatNamesAnotherVersionOfItsBalanceIsFound) {
  Rewrite(EntriesOf(TransactionId(4)).front(), "balance_record_version", std::int64_t{1});
  EXPECT_THAT(Findings(), Contains(HasSubstr("is not the sum of its entries")));
}

TEST_F(VerifyTest, ALostBalanceIsFound) {
  const SharedDocument balance = BalanceOf(AccountId(2));
  Tamper([&](storage::Transaction& transaction) {
    return transaction.Delete(tenant_, CurrentKey(balance->ledger(), Location(*balance)));
  });
  EXPECT_THAT(Findings(), Contains(HasSubstr("and no balance")));
  EXPECT_THAT(Findings(), Contains(HasSubstr("the list of versions of Balance")));
}

TEST_F(VerifyTest, AnEntryThatDoesNotBalanceIsFound) {
  const SharedDocument entry = EntriesOf(TransactionId(1)).front();
  const auto amount = entry->At("amount").Get<scalars::Money>();
  Rewrite(entry, "amount", scalars::Money{Must(scalars::ParseDecimal("5")), amount.currency});
  EXPECT_THAT(Findings(), Contains("transactions: Transaction " + TransactionId(1).ToString() +
                                   " does not balance in EUR"));
}

TEST_F(VerifyTest, ALostIndexEntryAndOneTooManyAreFound) {
  const SharedDocument account = LoadOne(LedgerId::kAccount, DocumentKey::Of(AccountId(2)));
  const IndexSpec& index = *Of(LedgerId::kAccount).FindIndex("external_id");
  const std::string key = *IndexEntryKey(*account, index, Location(*account));
  Tamper([&](storage::Transaction& transaction) { return transaction.Delete(tenant_, key); });
  EXPECT_THAT(Findings(), Contains("indexes: Account " + AccountId(2).ToString() +
                                   " is not where the index external_id has it"));
  Tamper([&](storage::Transaction& transaction) -> base::Status {
    STRONGROOM_TRY(transaction.Put(tenant_, key, Location(*account)));
    return transaction.Put(tenant_, IndexPrefix(Of(LedgerId::kAccount), index) + "zz",
                           Location(*account));
  });
  EXPECT_THAT(Findings(),
              Contains(HasSubstr("the index external_id of Account has 2 records, the documents "
                                 "want 1")));
}

TEST_F(VerifyTest, AHoleInTheVersionsIsFound) {
  const SharedDocument transaction =
      LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(3)));
  Tamper([&](storage::Transaction& write) {
    return write.Delete(tenant_,
                        VersionKey(transaction->ledger(), DocumentKey::Of(*transaction), 1));
  });
  EXPECT_THAT(Findings(), Contains("versions: Transaction " + TransactionId(3).ToString() +
                                   " has no versions before 2"));
}

TEST_F(VerifyTest, AReferenceThatLeadsNowhereIsFound) {
  const SharedDocument transaction =
      LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(1)));
  Rewrite(transaction, "tran_code_id", Id(7));
  EXPECT_THAT(Findings(), Contains(HasSubstr("names in tran_code_id what isn't there")));
}

TEST_F(VerifyTest, AVoidOfOneSideOnlyIsFound) {
  const SharedDocument voided = LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(2)));
  Rewrite(voided, "voided_by", TransactionId(1));
  EXPECT_THAT(Findings(), Contains(HasSubstr("do not name each other")));
}

TEST_F(VerifyTest, AMembershipOfOneSideOnlyIsFound) {
  const SharedDocument account = LoadOne(LedgerId::kAccount, DocumentKey::Of(AccountId(2)));
  Rewrite(account, "set_ids", MakeList({Value(SetId(2))}));
  EXPECT_THAT(Findings(), Contains(HasSubstr("which has no such member")));
  EXPECT_THAT(Findings(), Contains(HasSubstr("2 memberships are stored, and the members name 3")));
}

TEST_F(VerifyTest, ARecordOfAnotherShapeIsFoundAndTheRestIsLookedAt) {
  Tamper([&](storage::Transaction& transaction) {
    return transaction.Put(tenant_, CurrentKey(Of(LedgerId::kTranCode), "zz"), "\x09 what is this");
  });
  const auto findings = Findings();
  EXPECT_THAT(findings, Contains(HasSubstr("a stored record is damaged")));
  EXPECT_EQ(findings.size(), 1U);
}

TEST_F(VerifyTest, FindingsAreCountedAndKeptUpToABound) {
  for (std::uint32_t i = 1; i <= 4; ++i)
    Rewrite(LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(i))), "tran_code_id",
            Id(7));
  const auto snapshot = store_->Read().value();
  VerifyOptions options;
  options.findings_max = 2;
  const VerifyReport report = Must(Verify(*snapshot, *engine_, options));
  EXPECT_EQ(report.found, 4U);
  EXPECT_EQ(report.findings.size(), 2U);
  EXPECT_FALSE(report.ok());
}

}  // namespace
}  // namespace strongroom::ledger
