// Reading by id and along joins.
#include "ledger/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "ledger/list.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/testing.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

scalars::Money Usd(std::string_view units) {
  return {scalars::ParseDecimal(units).value(), scalars::ParseCurrency("USD").value()};
}

class ReadTest : public BootstrappedTest {
 protected:
  const Ledger& Of(LedgerId id) const { return engine_->catalog().At(id); }

  void AddAccount(std::uint8_t number, std::string_view code) {
    Document account(Of(LedgerId::kAccount));
    account.Set("account_id", Id(number));
    account.Set("name", "n");
    account.Set("code", code);
    account.Set("external_id", "");
    account.Set("normal_balance_type", 1);
    account.Set("description", "");
    account.Set("status", 0);
    account.Set("config", MakeRecord({Value(false), Value(false)}));
    ASSERT_EQ(Outcome(InsertUnasked(work_.scope, std::move(account))), "ok");
  }
  void AddTransaction(std::uint8_t number, std::string_view correlation = "corr") {
    Document transaction(Of(LedgerId::kTransaction));
    transaction.Set("transaction_id", Id(number));
    transaction.Set("journal_id", base::Uuid());
    transaction.Set("correlation_id", correlation);
    transaction.Set("external_id", "");
    transaction.Set("effective", scalars::Date{1});
    ASSERT_EQ(Outcome(InsertUnasked(work_.scope, std::move(transaction))), "ok");
  }
  void AddEntry(std::uint8_t number, std::uint8_t transaction, std::uint8_t account,
                std::string_view currency = "USD", base::Uuid journal = {}) {
    Document entry(Of(LedgerId::kEntry));
    entry.Set("entry_id", Id(number));
    entry.Set("transaction_id", Id(transaction));
    entry.Set("account_id", Id(account));
    entry.Set("journal_id", journal);
    entry.Set("entry_type", "T");
    entry.Set("layer", 0);
    entry.Set("direction", 0);
    entry.Set("amount", Usd("1.00"));
    entry.Set("sequence", number);
    entry.Set("balance_record_version", 1);
    entry.Set("position", number);
    entry.Set("currency", currency);
    ASSERT_EQ(Outcome(InsertUnasked(work_.scope, std::move(entry), {.references = true})), "ok");
  }
  Value Layer(std::string_view dr, std::string_view cr, std::string_view normal, int modified) {
    return MakeRecord({Usd(dr), Usd(cr), Usd(normal), Id(static_cast<std::uint8_t>(modified)),
                       base::Timestamp(std::chrono::seconds(modified))});
  }
  SharedDocument AddBalance(std::uint8_t account) {
    Document balance(Of(LedgerId::kBalance));
    balance.Set("account_id", Id(account));
    balance.Set("journal_id", base::Uuid());
    balance.Set("currency", "USD");
    balance.Set("settled", Layer("118.45", "0", "118.45", 1));
    balance.Set("pending", Layer("20.50", "20.50", "0.00", 3));
    balance.Set("encumbrance", Layer("0", "0", "0", 2));
    return Must(InsertUnasked(work_.scope, std::move(balance)));
  }

  VisibleDocument Visible(LedgerId ledger, std::uint8_t number) {
    return Must(Get(all_, work_.scope, ledger, DocumentKey::Of(Id(number)))).value();
  }
  std::vector<int> Numbers(const base::Result<Page>& page) {
    std::vector<int> numbers;
    if (!page.ok()) ADD_FAILURE() << Outcome(page);
    if (page.ok())
      for (const Edge& edge : page->edges)
        numbers.push_back(
            edge.node.Unjudged()->At(edge.node.ledger().key()[0]).Get<base::Uuid>().bytes[15]);
    return numbers;
  }
  base::Result<Page> Follow(const authz::Permit& permit, const VisibleDocument& start,
                            std::string_view join, JoinRequest request = {}) {
    if (!request.page.first && !request.page.last) request.page.first = 10;
    return FollowMany(permit, work_.scope, start, *start.ledger().FindJoin(join), request);
  }

  Work work_ = Begin();
  authz::Permit all_ = PermitOf(kAllRights);
};

TEST_F(ReadTest, AnInvisibleDocumentAnswersAsAMissingOne) {
  AddAccount(1, "mine");
  AddAccount(2, "other");
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account"],
           "assertions":{"a":"context.document.code == 'mine'"}}])");
  const auto get = [&](std::uint8_t number) {
    return Must(Get(permit, work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(number))));
  };
  EXPECT_TRUE(get(1).has_value());
  EXPECT_FALSE(get(2).has_value());
  EXPECT_FALSE(get(3).has_value());
}

TEST_F(ReadTest, ALedgerThatCouldNeverBeReadIsDenied) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account"],
           "assertions":{"a":"context.auth.claims.role == 'ops'"}}])",
      R"({"role":"guest"})");
  EXPECT_EQ(Outcome(Get(permit, work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(1)))),
            "ACCESS_DENIED: access denied: db:Select on financial.Account");
}

TEST_F(ReadTest, APropertyIsSelectedBySelf) {
  AddAccount(1, "mine");
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["financial.Account.document.name"]}])");
  const auto account =
      Must(Get(permit, work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(1)))).value();
  EXPECT_EQ((*account.Property("name"))->Get<std::string>(), "n");
  EXPECT_EQ(Outcome(account.Property("code")),
            "ACCESS_DENIED: access denied: db:Select on financial.Account.document.code");
  EXPECT_THAT(Outcome(account.GlobalId()), HasSubstr("financial.Account.document.account_id"));
}

TEST_F(ReadTest, GlobalIdsNameTheDocumentTheyCameFrom) {
  AddAccount(1, "c");
  const std::string id = Must(Visible(LedgerId::kAccount, 1).GlobalId());
  EXPECT_THAT(id, testing::StartsWith("ac:"));
  const GlobalId parsed = Must(ParseGlobalId(engine_->catalog(), id));
  EXPECT_EQ(parsed.ledger, LedgerId::kAccount);
  EXPECT_EQ(parsed.key.bytes(), DocumentKey::Of(Id(1)).bytes());
  for (const std::string_view bad :
       {"", "ac", "ac:", "ac:%", "xx:e30=", "ac:e30=", "ac:eyIxIjoxfQ==", "ac:eyIxIjoieCJ9"})
    EXPECT_EQ(Outcome(ParseGlobalId(engine_->catalog(), bad)),
              "BAD_REQUEST: the id is not a global id")
        << bad;
}

TEST_F(ReadTest, GlobalIdsOfBalancesLeaveOutWhatIsDefault) {
  AddAccount(1, "c");
  const auto balance = Must(VisibleDocument::Judge(all_, AddBalance(1)));
  const std::string id = Must(balance.GlobalId());
  EXPECT_EQ(base::DecodeBase64(std::string_view(id).substr(3)).value(),
            R"({"1":")" + Id(1).ToString() + R"("})");
  EXPECT_EQ(Must(ParseGlobalId(engine_->catalog(), id)).key.bytes(),
            DocumentKey::OfBalance(Id(1), base::Uuid(), "USD").bytes());
}

TEST_F(ReadTest, AvailableAddsTheLayersAbove) {
  AddAccount(1, "c");
  const auto balance = Must(VisibleDocument::Judge(all_, AddBalance(1)));
  const auto sums = [&](std::string_view layer) {
    const Value sum = Must(Available(balance, layer));
    const Values& fields = *sum.Get<RecordValue>().fields;
    std::string text;
    for (std::size_t i = 0; i < 3; ++i) text += fields[i].Get<scalars::Money>().ToString() + "|";
    return text + std::to_string(fields[3].Get<base::Uuid>().bytes[15]);
  };
  EXPECT_EQ(sums("SETTLED"), "118.45 USD|0 USD|118.45 USD|1");
  EXPECT_EQ(sums("PENDING"), "138.95 USD|20.50 USD|118.45 USD|3") << "behaviour §11";
  EXPECT_EQ(sums("ENCUMBRANCE"), "138.95 USD|20.50 USD|118.45 USD|3");
  const auto partial = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.Balance"]},
          {"effect":"DENY","actions":["*"],"resources":["*.document.pending"]}])");
  const auto masked = Must(VisibleDocument::Judge(partial, balance.Unjudged()));
  EXPECT_EQ(Outcome(Available(masked, "SETTLED")), "ok");
  EXPECT_THAT(Outcome(Available(masked, "ENCUMBRANCE")), HasSubstr("document.pending"));
}

TEST_F(ReadTest, HistoryIsNewestFirstInPages) {
  AddAccount(1, "c");
  for (const std::string_view name : {"2", "3", "4"}) {
    boost::json::object input;
    input["name"] = name;
    ASSERT_EQ(Outcome(UpdateAccount(all_, work_.scope, Id(1), input)), "ok");
  }
  const auto versions = [&](const Page& page) {
    std::vector<std::int64_t> numbers;
    for (const Edge& edge : page.edges) numbers.push_back(edge.node.Unjudged()->version());
    return numbers;
  };
  const VisibleDocument account = Visible(LedgerId::kAccount, 1);
  const Page first = Must(Follow(all_, account, "history", {.page = {.first = 2}}));
  EXPECT_THAT(versions(first), ElementsAre(4, 3));
  EXPECT_TRUE(first.has_next_page);
  EXPECT_FALSE(first.has_previous_page);
  const std::string cursor = first.edges[1].cursor;
  const Page second =
      Must(Follow(all_, account, "history", {.page = {.first = 5, .after = cursor}}));
  EXPECT_THAT(versions(second), ElementsAre(2, 1));
  EXPECT_FALSE(second.has_next_page);
  EXPECT_TRUE(second.has_previous_page);
  const Page back = Must(Follow(all_, account, "history", {.page = {.last = 5, .before = cursor}}));
  EXPECT_THAT(versions(back), ElementsAre(4));
  EXPECT_TRUE(back.has_next_page);
}

TEST_F(ReadTest, AVersionIsShownWhenItAndTheCurrentOneAreVisible) {
  AddAccount(1, "secret");
  boost::json::object input{{"code", "open"}};
  ASSERT_EQ(Outcome(UpdateAccount(all_, work_.scope, Id(1), input)), "ok");
  input["code"] = "open too";
  ASSERT_EQ(Outcome(UpdateAccount(all_, work_.scope, Id(1), input)), "ok");
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"]},
          {"effect":"DENY","actions":["*"],"resources":["*"],
           "assertions":{"a":"context.document.code == 'secret'"}}])");
  const VisibleDocument account = Visible(LedgerId::kAccount, 1);
  const auto page = Must(Follow(permit, account, "history"));
  EXPECT_EQ(page.edges.size(), 2U);
  const auto version = [&](std::int64_t number) {
    return Must(GetVersion(permit, work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(1)), number))
        .has_value();
  };
  EXPECT_FALSE(version(1));
  EXPECT_TRUE(version(2));
  EXPECT_TRUE(version(3));
  input["code"] = "secret";
  ASSERT_EQ(Outcome(UpdateAccount(all_, work_.scope, Id(1), input)), "ok");
  EXPECT_FALSE(version(2)) << "the current one is hidden";
  EXPECT_THAT(Must(Follow(permit, account, "history")).edges, IsEmpty());
}

TEST_F(ReadTest, EntriesOfAnAccountAreNewestFirst) {
  AddAccount(1, "c");
  AddAccount(2, "c");
  AddTransaction(1);
  AddEntry(1, 1, 1);
  AddEntry(2, 1, 2);
  AddEntry(3, 1, 1);
  work_.scope.now += std::chrono::seconds(1);
  AddEntry(4, 1, 1);
  AddEntry(5, 1, 1, "EUR");
  AddEntry(6, 1, 1, "USD", Id(7));
  const VisibleDocument account = Visible(LedgerId::kAccount, 1);
  EXPECT_THAT(Numbers(Follow(all_, account, "entries")), ElementsAre(6, 4, 3, 1));
  using Op = FilterValue::Operator;
  EXPECT_THAT(
      Numbers(Follow(all_, account, "entries", {.filters = {{"currency", {Op::kEq, "EUR", {}}}}})),
      ElementsAre(5));
  EXPECT_THAT(Numbers(Follow(all_, account, "entries",
                             {.filters = {{"journal_id", {Op::kEq, Id(7).ToString(), {}}}}})),
              ElementsAre(6));
  EXPECT_THAT(Numbers(Follow(all_, Visible(LedgerId::kTransaction, 1), "entries")),
              ElementsAre(1, 2, 3, 4, 5, 6));
  const auto balance = Must(VisibleDocument::Judge(all_, AddBalance(1)));
  EXPECT_THAT(Numbers(Follow(all_, balance, "entries")), ElementsAre(4, 3, 1)) << "of its journal";
}

TEST_F(ReadTest, AFilterOnTheCurrencyNeedsTheAmount) {
  AddAccount(1, "c");
  AddTransaction(1);
  AddEntry(1, 1, 1);
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"]},
          {"effect":"DENY","actions":["*"],"resources":["financial.Entry.document.amount"]}])");
  const VisibleDocument account = Visible(LedgerId::kAccount, 1);
  const auto filtered =
      Follow(permit, account, "entries",
             {.filters = {{"currency", {FilterValue::Operator::kEq, "USD", {}}}}});
  EXPECT_THAT(Numbers(filtered), IsEmpty());
}

TEST_F(ReadTest, EntriesAreFoundByIdThoughTheyLieByAccount) {
  AddAccount(1, "c");
  AddTransaction(1);
  AddEntry(1, 1, 1);
  const VisibleDocument entry = Visible(LedgerId::kEntry, 1);
  const auto account =
      Must(FollowOne(all_, work_.scope, entry, *entry.ledger().FindJoin("account")));
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->Unjudged()->At("account_id").Get<base::Uuid>(), Id(1));
  ListRequest request{.ledger = LedgerId::kEntry, .index = "entry_id"};
  request.filters.push_back({"entry_id", {FilterValue::Operator::kEq, Id(1).ToString(), {}}});
  request.page.first = 10;
  EXPECT_THAT(Numbers(List(all_, work_.scope, request)), ElementsAre(1));
}

TEST_F(ReadTest, CorrelatedTransactionsAreOfOneJournal) {
  AddTransaction(1, "a");
  AddTransaction(2, "b");
  AddTransaction(3, "a");
  EXPECT_THAT(Numbers(Follow(all_, Visible(LedgerId::kTransaction, 1), "correlated")),
              ElementsAre(1, 3));
}

TEST_F(ReadTest, TransactionsAreFoundByIdInTheirJournalOnly) {
  AddTransaction(1);
  const auto find = [&](std::optional<std::string> journal) {
    ListRequest request{.ledger = LedgerId::kTransaction, .index = "transaction_id"};
    using Op = FilterValue::Operator;
    request.filters.push_back({"transaction_id", {Op::kEq, Id(1).ToString(), {}}});
    if (journal) request.filters.push_back({"journal_id", {Op::kEq, *journal, {}}});
    request.page.first = 10;
    return Numbers(List(all_, work_.scope, request));
  };
  EXPECT_THAT(find(std::nullopt), ElementsAre(1));
  EXPECT_THAT(find(base::Uuid().ToString()), ElementsAre(1));
  EXPECT_THAT(find(Id(9).ToString()), IsEmpty());
}

TEST_F(ReadTest, ADeniedJoinIsAnErrorAndAnInvisibleOtherIsNone) {
  AddAccount(1, "c");
  AddTransaction(1);
  AddEntry(1, 1, 1);
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.Entry"]},
          {"effect":"DENY","actions":["*"],"resources":["financial.Entry.joins.journal"]}])");
  const auto entry =
      Must(Get(permit, work_.scope, LedgerId::kEntry, DocumentKey::Of(Id(1)))).value();
  const auto follow = [&](std::string_view join) {
    return FollowOne(permit, work_.scope, entry, *entry.ledger().FindJoin(join));
  };
  EXPECT_EQ(Outcome(follow("journal")),
            "ACCESS_DENIED: access denied: db:Select on financial.Entry.joins.journal");
  EXPECT_FALSE(Must(follow("account")).has_value());
}

TEST_F(ReadTest, TheBalanceOfAnEntryIsAsItLeftIt) {
  AddAccount(1, "c");
  AddTransaction(1);
  AddEntry(1, 1, 1);
  const SharedDocument first = AddBalance(1);
  Document after = *first;
  after.Set("entry_id", Id(2));
  ASSERT_EQ(Outcome(UpdateUnasked(work_.scope, first, std::move(after))), "ok");
  const auto of_entry =
      Must(FollowBalance(all_, work_.scope, Visible(LedgerId::kEntry, 1), std::nullopt, ""));
  ASSERT_TRUE(of_entry.has_value());
  EXPECT_EQ(of_entry->Unjudged()->version(), 1);
  const VisibleDocument account = Visible(LedgerId::kAccount, 1);
  const auto of_account = Must(FollowBalance(all_, work_.scope, account, std::nullopt, "USD"));
  ASSERT_TRUE(of_account.has_value());
  EXPECT_EQ(of_account->Unjudged()->version(), 2);
  EXPECT_FALSE(Must(FollowBalance(all_, work_.scope, account, std::nullopt, "EUR")).has_value());
  EXPECT_EQ(Must(Follow(all_, account, "balances")).edges.size(), 1U);
}

}  // namespace
}  // namespace strongroom::ledger
