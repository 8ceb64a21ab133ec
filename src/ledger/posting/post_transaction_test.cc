#include "ledger/posting/testing.h"
#include "ledger/posting/tran_code_cache.h"

namespace strongroom::ledger {
namespace {

class PostTransactionTest : public PostingTest {
 protected:
  void SetUp() override {
    MakeAccount(AccountId(1), "DEBIT");
    MakeAccount(AccountId(2), "CREDIT");
    MakeTransferCode();
  }
  std::string PostTransfer(std::uint32_t number, std::string_view amount) {
    return Outcome(Post(All(), Transfer(number, AccountId(1), AccountId(2), amount)));
  }
  // A tran code with these entries, param `a` of type DECIMAL, and whatever `more` says.
  std::string CreateWith(std::string_view code, std::string_view entries,
                         std::string_view more = "") {
    static std::uint32_t number = 0;
    return Outcome(CreateCode(
        R"({"tranCodeId":")" + Numbered(0xCC, ++number).ToString() + R"(","code":")" +
        std::string(code) + R"(","transaction":{},"params":[{"name":"a","type":"DECIMAL"}],)" +
        R"("entries":[)" + std::string(entries) + "]" + std::string(more) + "}"));
  }
  static std::string Entry(std::string_view account, std::string_view units,
                           std::string_view direction, std::string_view more = "") {
    return R"({"accountId":")" + std::string(account) + R"(","units":")" + std::string(units) +
           R"(","currency":"'USD'","direction":")" + std::string(direction) + R"(")" +
           std::string(more) + "}";
  }
  const std::string first_ = "uuid('" + AccountId(1).ToString() + "')";
  const std::string second_ = "uuid('" + AccountId(2).ToString() + "')";
};

TEST_F(PostTransactionTest, SumsKeepTheLargerScaleAndUntouchedSidesAreZero) {
  ASSERT_EQ(PostTransfer(1, "100"), "ok");
  ASSERT_EQ(PostTransfer(2, "18.45"), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "118.45/0/118.45");
  EXPECT_EQ(Sums(BalanceOf(AccountId(2))), "0/118.45/118.45");
  ASSERT_EQ(Outcome(Post(All(), Transfer(3, AccountId(2), AccountId(1), "118.45"))), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "118.45/118.45/0.00");
}

TEST_F(PostTransactionTest, EveryPostingIsOneVersionOfTheBalancesItTouches) {
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  ASSERT_EQ(PostTransfer(2, "2"), "ok");
  const auto balance = BalanceOf(AccountId(1));
  EXPECT_EQ(balance->version(), 2);
  EXPECT_EQ(balance->At("transaction_id").Get<base::Uuid>(), TransactionId(2));
  EXPECT_EQ(balance->At("entry_id").Get<base::Uuid>(),
            EntriesOf(TransactionId(2))[0]->At("entry_id").Get<base::Uuid>());
  const auto snapshot = store_->Read().value();
  ReadScope scope{*engine_, *snapshot, tenant_};
  const auto first =
      LoadVersion(scope, LedgerId::kBalance, DocumentKey::OfBalance(AccountId(1), {}, "USD"), 1)
          .value();
  EXPECT_EQ(Sums(first), "1/0/1");
  EXPECT_EQ(EntriesOf(TransactionId(1))[0]->At("balance_record_version").Get<std::int64_t>(), 1);
}

TEST_F(PostTransactionTest, TwoEntriesOfOnePostingOnOneAccountMakeOneVersion) {
  ASSERT_EQ(Outcome(Post(All(), Transfer(1, AccountId(1), AccountId(1), "5.0"))), "ok");
  const auto balance = BalanceOf(AccountId(1));
  EXPECT_EQ(balance->version(), 1);
  EXPECT_EQ(Sums(balance), "5.0/5.0/0.0");
  for (const auto& entry : EntriesOf(TransactionId(1))) {
    EXPECT_EQ(entry->At("balance_record_version").Get<std::int64_t>(), 1);
  }
}

TEST_F(PostTransactionTest, LayersAndCurrenciesAreKeptApart) {
  ASSERT_EQ(Outcome(Post(All(), Transfer(1, AccountId(1), AccountId(2), "1", "USD", 1))), "ok");
  ASSERT_EQ(Outcome(Post(All(), Transfer(2, AccountId(1), AccountId(2), "2", "JPY", 2))), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1)), "pending"), "1/0/1");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1)), "encumbrance"), "0/0/0");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1), "JPY"), "encumbrance"), "2/0/2");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1), "EUR")), "none");
}

// behaviour §11, recorded.
TEST_F(PostTransactionTest, AvailableAddsTheLayerAndThoseAboveIt) {
  ASSERT_EQ(PostTransfer(1, "118.45"), "ok");
  ASSERT_EQ(Outcome(Post(All(), Transfer(2, AccountId(1), AccountId(1), "20.50", "USD", 1))), "ok");
  const auto balance = VisibleDocument::Judge(All(), BalanceOf(AccountId(1))).value();
  const auto sums = [&](std::string_view layer) {
    const Value available = Available(balance, layer).value();
    const Values& amount = *available.Get<RecordValue>().fields;
    return amount[0].Get<scalars::Money>().ToString() + ", " +
           amount[1].Get<scalars::Money>().ToString() + ", " +
           amount[2].Get<scalars::Money>().ToString();
  };
  EXPECT_EQ(sums("SETTLED"), "118.45 USD, 0 USD, 118.45 USD");
  EXPECT_EQ(sums("PENDING"), "138.95 USD, 20.50 USD, 118.45 USD");
  EXPECT_EQ(sums("ENCUMBRANCE"), "138.95 USD, 20.50 USD, 118.45 USD");
  EXPECT_EQ(Outcome(Available(balance, "FOO")), "ENUM_PARSE_ERROR: layer enum 'FOO' not found");
}

TEST_F(PostTransactionTest, AFailedPostingLeavesNoTraceAndItsIdFree) {
  const std::string before = Dump();
  auto input = Transfer(1, AccountId(1), AccountId(9), "1");
  EXPECT_EQ(Outcome(Post(All(), input)),
            "FOREIGN_KEY_VIOLATION: foreign key violation\nEntry.references.account_id foreign key "
            "violation");
  EXPECT_TRUE(Dump() == before);
  MakeAccount(AccountId(9));
  EXPECT_EQ(Outcome(Post(All(), input)), "ok");
}

TEST_F(PostTransactionTest, AnIdIsPostedOnce) {
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  const std::string before = Dump();
  EXPECT_EQ(PostTransfer(1, "1"),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "Transaction.indexes.transaction_id unique constraint violation");
  EXPECT_TRUE(Dump() == before);
}

TEST_F(PostTransactionTest, LockedAccountsJournalsAndTranCodesTakeNoPostings) {
  constexpr std::int64_t kLocked = 1;
  constexpr std::int64_t kInactive = 2;
  SetProperty(LedgerId::kAccount, AccountId(2), "status", kInactive);
  EXPECT_EQ(PostTransfer(1, "1"), "ok");
  SetProperty(LedgerId::kAccount, AccountId(2), "status", kLocked);
  EXPECT_EQ(PostTransfer(2, "1"),
            "BAD_REQUEST: cannot post to a locked account: " + AccountId(2).ToString());
  SetProperty(LedgerId::kAccount, AccountId(2), "status", std::int64_t{0});
  SetProperty(LedgerId::kJournal, {}, "status", kLocked);
  EXPECT_EQ(PostTransfer(2, "1"),
            "BAD_REQUEST: cannot post to a locked journal: 00000000-0000-0000-0000-000000000000");
  SetProperty(LedgerId::kJournal, {}, "status", std::int64_t{0});
  const auto locked = Write([&](WriteScope& scope) {
    return DeleteTranCode(All(), scope, Id("53c7a411-9070-42c8-81cf-ea37ebe63182"));
  });
  ASSERT_EQ(Outcome(locked), "ok");
  EXPECT_EQ(PostTransfer(2, "1"), "BAD_REQUEST: cannot post with a locked tran code: XFR");
  EXPECT_EQ(EntriesOf(TransactionId(2)).size(), 0U);
}

TEST_F(PostTransactionTest, AnAccountUnderASetTakesNoPostings) {
  SetProperty(LedgerId::kAccount, AccountId(2), "config", MakeRecord({Value(false), Value(true)}));
  EXPECT_EQ(
      PostTransfer(1, "1"),
      "BAD_REQUEST: transaction posting not permitted on account sets: " + AccountId(2).ToString());
}

TEST_F(PostTransactionTest, UnknownTranCodesJournalsAndVersionsAreNamed) {
  EXPECT_EQ(Outcome(Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb4",
                          "tranCode":"NONE"})")),
            "NOT_FOUND: no TranCode `NONE`");
  auto input = Transfer(1, AccountId(1), AccountId(2), "1");
  input["tranCodeVersion"] = 7;
  EXPECT_EQ(Outcome(Post(All(), input)), "NOT_FOUND: tran code `XFR` has no version 7");
  ASSERT_EQ(
      Outcome(CreateCode(R"json({"tranCodeId":"346d25cd-d298-4044-bb8b-7aabbc935ca0","code":"J",
      "transaction":{"journalId":"uuid('822cb59f-ce51-4837-8391-2af3b7a5fc51')"},
      "entries":[]})json")),
      "ok");
  EXPECT_EQ(Outcome(Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb4",
                          "tranCode":"J"})")),
            "FOREIGN_KEY_VIOLATION: foreign key violation\nTransaction.references.journal_id "
            "foreign key violation");
}

TEST_F(PostTransactionTest, AnUnbalancedPostingIsRefusedPerLayer) {
  ASSERT_EQ(
      CreateWith("HALF", Entry(first_, "params.a", "DEBIT", R"(,"layer":"SETTLED")") + "," +
                             Entry(second_, "params.a", "CREDIT",
                                   R"(,"layer":"params.a > decimal('1') ? PENDING : SETTLED")")),
      "ok");
  const std::string before = Dump();
  const auto post = [&](std::string_view amount) {
    return Outcome(
        Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb4","tranCode":"HALF",
                         "params":{"a":")" +
             std::string(amount) + "\"}}"));
  };
  EXPECT_EQ(post("2.50"),
            "TRAN_CODE_ERROR: 'HALF' tran code entries unbalanced: 'DR 2.50 USD != 'CR 0 USD'");
  EXPECT_TRUE(Dump() == before);
  EXPECT_EQ(post("1"), "ok");
}

TEST_F(PostTransactionTest, OneSidedTranCodesAreRefusedWhateverTheirParams) {
  EXPECT_EQ(CreateWith("ONE", Entry(first_, "params.a", "DEBIT")),
            "TRAN_CODE_ERROR: 'ONE' tran code entries unbalanced: 'DR 1 USD != 'CR 0 USD'");
  // What a required param decides is left to postings.
  EXPECT_EQ(
      CreateWith("FEE", Entry(first_, "params.a", "DEBIT") + "," +
                            Entry(second_, "decimal.Sub(params.a, decimal('0.30'))", "CREDIT") +
                            "," + Entry(second_, "decimal('0.30')", "CREDIT")),
      "ok");
}

TEST_F(PostTransactionTest, EveryExpressionHasToCompile) {
  EXPECT_EQ(CreateWith("BAD", Entry(first_, "params.a", "DEBIT") + "," +
                                  Entry(second_, "params.a +", "CREDIT"))
                .substr(0, 53),
            "TRAN_CODE_ERROR: [units]: `params.a +`, ERROR: <input");
  EXPECT_EQ(CreateWith("BAD", Entry("nobody", "params.a", "DEBIT")).substr(0, 48),
            "TRAN_CODE_ERROR: [account_id]: `nobody`, ERROR: ");
  EXPECT_EQ(CreateWith("BAD", "", R"(,"vars":{"x":"vars.y","y":"vars.x"})"),
            "TRAN_CODE_ERROR: expressions need each other in a circle: `vars.x`, `vars.y`");
}

TEST_F(PostTransactionTest, ParamNamesAndDefaultsAreChecked) {
  const auto create = [&](std::string_view params) {
    return Outcome(CreateCode(R"({"tranCodeId":"346d25cd-d298-4044-bb8b-7aabbc935ca0","code":"P",
                               "transaction":{},"entries":[],"params":[)" +
                              std::string(params) + "]}"));
  };
  EXPECT_EQ(create(R"({"name":"a"},{"name":"a"})"),
            "TRAN_CODE_ERROR: the param name `a` is empty or used twice");
  EXPECT_EQ(create(R"({"name":"a","type":"UUID","default":"x"})").substr(0, 48),
            "TRAN_CODE_ERROR: the default of param `a`: inval");
}

TEST_F(PostTransactionTest, VarsMayUseEachOtherInAnyOrder) {
  ASSERT_EQ(CreateWith("VARS",
                       Entry(first_, "vars.total", "DEBIT") + "," +
                           Entry(second_, "vars.parts.net", "CREDIT") + "," +
                           Entry(second_, "vars.parts.fee", "CREDIT", R"(,"entryType":"'FEE'")"),
                       R"json(,"vars":{"total":"decimal.Add(vars.parts.net, vars.parts.fee)",
                           "parts":{"net":"decimal.Sub(params.a, vars.parts.fee)",
                                    "fee":"decimal('0.25')"}},"metadata":{"k":1})json"),
            "ok");
  ASSERT_EQ(Outcome(Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb4",
                          "tranCode":"VARS","params":{"a":10}})")),
            "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "10.00/0/10.00");
  EXPECT_EQ(Sums(BalanceOf(AccountId(2))), "0/10.00/10.00");
}

TEST_F(PostTransactionTest, EntriesWhoseConditionIsFalseAreNotWritten) {
  ASSERT_EQ(CreateWith("COND", Entry(first_, "params.a", "DEBIT") + "," +
                                   Entry(second_, "params.a", "CREDIT") + "," +
                                   Entry(first_, "decimal('1')", "DEBIT",
                                         R"json(,"condition":"params.a > decimal('100')")json") +
                                   "," +
                                   Entry(second_, "decimal('1')", "'CREDIT'",
                                         R"json(,"condition":"params.a > decimal('100')")json")),
            "ok");
  ASSERT_EQ(Outcome(Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb4",
                          "tranCode":"COND","params":{"a":"100"}})")),
            "ok");
  EXPECT_EQ(EntriesOf(Id("a71dd074-3b4e-465b-80f4-9dc111a8ecb4")).size(), 2U);
  ASSERT_EQ(Outcome(Post(R"({"transactionId":"a71dd074-3b4e-465b-80f4-9dc111a8ecb5",
                          "tranCode":"COND","params":{"a":"100.01"}})")),
            "ok");
  EXPECT_EQ(EntriesOf(Id("a71dd074-3b4e-465b-80f4-9dc111a8ecb5")).size(), 4U);
}

TEST_F(PostTransactionTest, ParamsAreConvertedAndUndeclaredOnesRefused) {
  auto input = Transfer(1, AccountId(1), AccountId(2), "1");
  input["params"].as_object()["amount"] = 12.5;
  EXPECT_EQ(Outcome(Post(All(), input)), "ok");
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "12.5/0/12.5");
  input["transactionId"] = TransactionId(2).ToString();
  input["params"].as_object()["amount"] = 0.1234567890123456;
  EXPECT_EQ(Outcome(Post(All(), input)),
            "BAD_REQUEST: expected a value of type DECIMAL, received a float with more than 15 "
            "digits");
  input["params"].as_object()["amount"] = "1";
  input["params"].as_object()["curency"] = "EUR";
  EXPECT_EQ(Outcome(Post(All(), input)), "BAD_REQUEST: the tran code has no param `curency`");
  input["params"].as_object().erase("curency");
  // Null asks for the default.
  input["params"].as_object()["currency"] = nullptr;
  EXPECT_EQ(Outcome(Post(All(), input)), "ok");
  input["params"] = boost::json::serialize(input["params"]);
  input["transactionId"] = TransactionId(3).ToString();
  EXPECT_EQ(Outcome(Post(All(), input)), "ok");
}

TEST_F(PostTransactionTest, ExpressionsThatFailNameTheirField) {
  EXPECT_EQ(PostTransfer(1, "inf"),
            "TRAN_CODE_ERROR: [units]: expected a finite amount, received infinity");
  auto input = Transfer(1, AccountId(1), AccountId(2), "1", "usd");
  EXPECT_EQ(Outcome(Post(All(), input)).substr(0, 24), "BAD_REQUEST: [currency]:");
  input = Transfer(1, AccountId(1), AccountId(2), "1", "USD", 3);
  EXPECT_EQ(Outcome(Post(All(), input)),
            "TRAN_CODE_ERROR: [layer]: the layer is none of SETTLED, PENDING, ENCUMBRANCE");
}

TEST_F(PostTransactionTest, UpdatesMakeVersionsAndPostingsMayNameAnOlderOne) {
  const base::Uuid code = Id("53c7a411-9070-42c8-81cf-ea37ebe63182");
  const auto update = [&](std::string_view input) {
    return Write(
        [&](WriteScope& scope) { return UpdateTranCode(All(), scope, code, Json(input)); });
  };
  const auto updated = update(R"({"transaction":{"description":"'second'"}})");
  ASSERT_EQ(Outcome(updated), "ok");
  EXPECT_EQ(updated->Unjudged()->version(), 2);
  EXPECT_EQ(Outcome(update(R"({"transaction":{"description":"'"}})")).substr(0, 42),
            "TRAN_CODE_ERROR: [description]: `'`, ERROR");
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  auto input = Transfer(2, AccountId(1), AccountId(2), "1");
  input["tranCodeVersion"] = 1;
  ASSERT_EQ(Outcome(Post(All(), input)), "ok");
  const auto description = [&](std::uint32_t number) {
    const auto found = LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(number)));
    return found->At("description").Get<std::string>();
  };
  EXPECT_EQ(description(1), "second");
  EXPECT_EQ(description(2), "");
}

TEST_F(PostTransactionTest, ATranCodeIsCompiledOncePerVersion) {
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  const auto before = engine_->tran_codes().compilations();
  for (std::uint32_t i = 2; i < 10; ++i) ASSERT_EQ(PostTransfer(i, "1"), "ok");
  EXPECT_EQ(engine_->tran_codes().compilations(), before);
}

// The tran code through its index, the journal, and per entry the account and the balance.
TEST_F(PostTransactionTest, APostingOpensEightRecordsAndScansNothing) {
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  const auto before = store_->GetStats().records_read;
  ASSERT_EQ(PostTransfer(2, "1"), "ok");
  EXPECT_LE(store_->GetStats().records_read - before, 8U);
}

// A version that was rolled back may come again with another text.
TEST_F(PostTransactionTest, ARolledBackVersionIsNotRemembered) {
  const base::Uuid code = Id("53c7a411-9070-42c8-81cf-ea37ebe63182");
  const auto update = [&](std::uint32_t number, std::string_view text, bool fail) {
    return Write([&](WriteScope& scope) -> base::Status {
      STRONGROOM_TRY(UpdateTranCode(
          All(), scope, code,
          Json(R"({"transaction":{"description":"')" + std::string(text) + R"('"}})")));
      STRONGROOM_TRY(
          PostTransaction(All(), scope, Transfer(number, AccountId(1), AccountId(2), "1")));
      if (fail) return base::MakeError(base::ErrorCode::kBadRequest, "rolled back");
      return {};
    });
  };
  ASSERT_FALSE(update(1, "lost", true).ok());
  ASSERT_TRUE(update(1, "kept", false).ok());
  ASSERT_EQ(PostTransfer(2, "1"), "ok");
  const auto found = LoadOne(LedgerId::kTransaction, DocumentKey::Of(TransactionId(2)));
  EXPECT_EQ(found->At("description").Get<std::string>(), "kept");
}

TEST_F(PostTransactionTest, WordsOfTransactionsAndEntriesCanBeUpdated) {
  ASSERT_EQ(PostTransfer(1, "1"), "ok");
  const auto updated = Write([&](WriteScope& scope) {
    return UpdateTransaction(All(), scope, TransactionId(1),
                             Json(R"({"externalId":"e1","metadata":{"a":1}})"));
  });
  ASSERT_EQ(Outcome(updated), "ok");
  EXPECT_EQ(updated->Unjudged()->At("external_id").Get<std::string>(), "e1");
  EXPECT_EQ(updated->Unjudged()->version(), 2);
  const auto entry = EntriesOf(TransactionId(1))[0];
  const auto changed = Write([&](WriteScope& scope) {
    return UpdateEntry(All(), scope, entry->At("entry_id").Get<base::Uuid>(),
                       Json(R"({"description":"d"})"));
  });
  ASSERT_EQ(Outcome(changed), "ok");
  EXPECT_EQ(changed->Unjudged()->At("description").Get<std::string>(), "d");
  EXPECT_EQ(changed->Unjudged()->At("amount").Get<scalars::Money>().ToString(), "1 USD");
  const auto missing = Write([&](WriteScope& scope) {
    return UpdateTransaction(All(), scope, TransactionId(5), Json(R"({"externalId":"e1"})"));
  });
  EXPECT_EQ(Outcome(missing).substr(0, 9), "NOT_FOUND");
}

TEST_F(PostTransactionTest, PostingsOfOneOperationSeeEachOther) {
  const auto result = Write([&](WriteScope& scope) -> base::Status {
    for (std::uint32_t i = 1; i <= 3; ++i) {
      STRONGROOM_TRY(PostTransaction(All(), scope, Transfer(i, AccountId(1), AccountId(2), "1.1")));
    }
    return {};
  });
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "3.3/0/3.3");
  EXPECT_EQ(BalanceOf(AccountId(1))->version(), 3);
  std::set<std::int64_t> positions;
  for (const auto& entry : AllOf(LedgerId::kEntry)) {
    positions.insert(entry->At("position").Get<std::int64_t>());
  }
  EXPECT_EQ(positions.size(), 6U);
}

}  // namespace
}  // namespace strongroom::ledger
