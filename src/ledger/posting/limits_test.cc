// What a posting may not exceed, and amounts of several currencies.
#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

class PostingLimits : public PostingTest {
 protected:
  void SetUp() override {
    MakeAccount(AccountId(1), "DEBIT");
    MakeAccount(AccountId(2), "CREDIT");
  }
  static boost::json::object Entry(std::uint32_t account, std::string_view units,
                                   std::string_view currency, std::string_view direction) {
    return {{"accountId", "uuid('" + AccountId(account).ToString() + "')"},
            {"units", units},
            {"currency", currency},
            {"direction", direction}};
  }
  std::string Create(const boost::json::array& entries, const boost::json::object& vars = {},
                     std::string_view metadata = "{}") {
    const boost::json::object input = {{"tranCodeId", "346d25cd-d298-4044-bb8b-7aabbc935ca0"},
                                       {"code", "C"},
                                       {"params", {{{"name", "a"}, {"default", "1"}}}},
                                       {"transaction", {{"metadata", metadata}}},
                                       {"vars", vars},
                                       {"entries", entries}};
    return Outcome(Write([&](WriteScope& scope) { return CreateTranCode(All(), scope, input); }));
  }
  std::string PostIt(std::string_view a) {
    return Outcome(Post(All(), {{"transactionId", TransactionId(++number_).ToString()},
                                {"tranCode", "C"},
                                {"params", {{"a", a}}}}));
  }
  std::uint32_t number_ = 0;
};

TEST_F(PostingLimits, AnExchangePostsBothLegsAndEachCurrencyBalances) {
  ASSERT_EQ(Create({Entry(1, "params.a", "'USD'", "CREDIT"), Entry(2, "params.a", "'USD'", "DEBIT"),
                    Entry(1, "decimal.Mul(decimal(params.a), decimal('0.9'))", "'EUR'", "DEBIT"),
                    Entry(2, "decimal.Mul(decimal(params.a), decimal('0.9'))", "'EUR'", "CREDIT")}),
            "ok");
  ASSERT_EQ(PostIt("10.50"), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1), "USD")), "0/10.50/-10.50");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1), "EUR")), "9.450/0/9.450");
}

TEST_F(PostingLimits, OneCurrencyNeverPaysForAnother) {
  EXPECT_EQ(
      Create({Entry(1, "params.a", "'USD'", "DEBIT"), Entry(2, "params.a", "'EUR'", "CREDIT")}),
      "TRAN_CODE_ERROR: 'C' tran code entries unbalanced: 'DR 0 EUR != 'CR 1 EUR'");
}

TEST_F(PostingLimits, ASumOfMoreThan34DigitsIsRefusedAndNothingRounded) {
  ASSERT_EQ(
      Create({Entry(1, "params.a", "'USD'", "DEBIT"), Entry(2, "params.a", "'USD'", "CREDIT")}),
      "ok");
  const std::string most(20, '9');
  for (int i = 0; i < 101; ++i) ASSERT_EQ(PostIt(most), "ok");
  const std::string before = Dump();
  // 23 digits before the point leave no room for 12 after it.
  EXPECT_EQ(PostIt("0.000000000001"),
            "LIMIT_EXCEEDED: the result does not fit a decimal of 34 digits");
  EXPECT_TRUE(Dump() == before);
  EXPECT_EQ(PostIt("-" + most), "ok");
  EXPECT_EQ(PostIt("0.000000000001"), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))),
            "9999999999999999999900.000000000001/0/9999999999999999999900.000000000001");
}

TEST_F(PostingLimits, OneAmountCanNotTakeTheRoomOfAllOthers) {
  ASSERT_EQ(
      Create({Entry(1, "params.a", "'USD'", "DEBIT"), Entry(2, "params.a", "'USD'", "CREDIT")}),
      "ok");
  for (const char* amount : {"1e-6000", "0.0000000000001", "100000000000000000000", "1E+30"})
    EXPECT_EQ(PostIt(amount),
              "LIMIT_EXCEEDED: [units]: an amount has at most 20 digits before the point and 12 "
              "after it");
  EXPECT_EQ(PostIt("0.000000000001"), "ok");
}

TEST_F(PostingLimits, WordsAndMetadataAreBoundedTogether) {
  boost::json::array entries;
  for (int i = 0; i < 140; ++i) {
    boost::json::object entry =
        Entry(i % 2 + 1, "decimal('1')", "'USD'", i % 2 == 0 ? "DEBIT" : "CREDIT");
    entry["metadata"] = "{'k': params.a}";
    entries.push_back(entry);
  }
  ASSERT_EQ(Create(entries), "ok");
  EXPECT_EQ(PostIt(std::string(1000, 'x')), "ok");
  EXPECT_EQ(PostIt(std::string(62000, 'x')),
            "LIMIT_EXCEEDED: the words and metadata of a posting have more than 8388608 bytes");
}

TEST_F(PostingLimits, EntriesAreCounted) {
  boost::json::array entries;
  for (std::size_t i = 0; i < limits::kEntriesMax / 2; ++i) {
    entries.push_back(Entry(1, "params.a", "'USD'", "DEBIT"));
    entries.push_back(Entry(2, "params.a", "'USD'", "CREDIT"));
  }
  ASSERT_EQ(Create(entries), "ok");
  ASSERT_EQ(PostIt("0.01"), "ok");
  EXPECT_EQ(EntriesOf(TransactionId(1)).size(), limits::kEntriesMax);
  EXPECT_EQ(Sums(BalanceOf(AccountId(2))), "0/2.50/2.50");
  entries.push_back(Entry(1, "0", "'USD'", "DEBIT"));
  EXPECT_EQ(Create(entries), "LIMIT_EXCEEDED: more than 500 entries");
}

TEST_F(PostingLimits, AllExpressionsOfAPostingShareOneBudget) {
  boost::json::object vars = {{"x0", "params.a + 'aaaaaaaaaaaaaaaa'"}};
  for (int i = 1; i < 40; ++i) {
    const std::string half = "vars.x" + std::to_string(i - 1);
    vars["x" + std::to_string(i)] = half + " + " + half;
  }
  ASSERT_EQ(Create({}, vars), "ok");
  EXPECT_EQ(PostIt("1").substr(0, 14), "LIMIT_EXCEEDED");
}

TEST_F(PostingLimits, TextsAndMetadataAreBounded) {
  ASSERT_EQ(Create({}, {}, "{'k': params.a}"), "ok");
  EXPECT_EQ(PostIt(std::string(60000, 'x')), "ok");
  EXPECT_EQ(PostIt(std::string(70000, 'x')),
            "LIMIT_EXCEEDED: [metadata]: the text is longer than 65536 bytes");
  auto input = boost::json::object{{"transactionId", TransactionId(9).ToString()},
                                   {"tranCode", std::string(2000, 'C')}};
  EXPECT_EQ(Outcome(Post(All(), input)), "LIMIT_EXCEEDED: a code has at most 1024 bytes");
}

}  // namespace
}  // namespace strongroom::ledger
