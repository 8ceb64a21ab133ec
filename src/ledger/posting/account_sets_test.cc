// behaviour §8: account sets, who may be in them, and what postings add to them.
#include "ledger/posting/account_sets_testing.h"

namespace strongroom::ledger {
namespace {

using AccountSets = AccountSetTest;

TEST_F(AccountSets, ComeWithAnAccountOfTheSameId) {
  EXPECT_EQ(MakeSet(Json(R"({"accountSetId":")" + SetId(1).ToString() +
                         R"(","name":"assets","normalBalanceType":"DEBIT"})")),
            "ok");
  const SharedDocument set = SetOf(SetId(1));
  EXPECT_EQ(set->At("code").Get<std::string>(), SetId(1).ToString());
  EXPECT_TRUE(set->At("journal_id").Get<base::Uuid>().IsNil());
  EXPECT_EQ(set->At("account_id").Get<base::Uuid>(), SetId(1));
  EXPECT_FALSE(set->At("has_members").Get<bool>());
  const SharedDocument account = LoadOne(LedgerId::kAccount, DocumentKey::Of(SetId(1)));
  ASSERT_NE(account, nullptr);
  EXPECT_EQ(account->At("name").Get<std::string>(), "assets");
  EXPECT_EQ(account->At("normal_balance_type").Get<std::int64_t>(), kDebit);
  EXPECT_TRUE((*account->At("config").Get<RecordValue>().fields)[1].Get<bool>());
}

TEST_F(AccountSets, TakeNoPostings) {
  MakeSet(SetInput(SetId(1)));
  MakeAccount(AccountId(1));
  EXPECT_EQ(
      Outcome(Post(All(), TransferIn({}, 1, SetId(1), AccountId(1), "1"))),
      "BAD_REQUEST: transaction posting not permitted on account sets: " + SetId(1).ToString());
}

TEST_F(AccountSets, HaveIdsAndCodesOfTheirOwn) {
  auto input = SetInput(SetId(1));
  input["code"] = "A";
  EXPECT_EQ(MakeSet(input), "ok");
  EXPECT_EQ(MakeSet(input),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "AccountSet.indexes.account_set_id unique constraint violation");
  auto other = SetInput(SetId(2), Other());
  other["code"] = "A";
  EXPECT_EQ(MakeSet(other),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "AccountSet.indexes.code_unique unique constraint violation");
  MakeAccount(AccountId(1));
  EXPECT_EQ(MakeSet(SetInput(AccountId(1))),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "Account.indexes.account_id unique constraint violation");
  EXPECT_EQ(MakeSet(SetInput(SetId(3), Id("99999999-9999-4999-8999-999999999999"))),
            "FOREIGN_KEY_VIOLATION: foreign key violation\n"
            "AccountSet.references.journal_id foreign key violation");
  input["config"] = {{"upsert", true}};
  input["name"] = "not taken over";
  EXPECT_EQ(MakeSet(input), "ok");
  EXPECT_EQ(SetOf(SetId(1))->At("name").Get<std::string>(), "set");
}

TEST_F(AccountSets, ChangeTogetherWithTheirAccount) {
  MakeSet(SetInput(SetId(1)));
  const auto update = [&](std::string_view input) {
    return Outcome(Write(
        [&](WriteScope& scope) { return UpdateAccountSet(All(), scope, SetId(1), Json(input)); }));
  };
  EXPECT_EQ(update(R"({"name":"new","normalBalanceType":"DEBIT","metadata":{"a":1}})"), "ok");
  const auto account = [&] { return LoadOne(LedgerId::kAccount, DocumentKey::Of(SetId(1))); };
  EXPECT_EQ(account()->At("name").Get<std::string>(), "new");
  EXPECT_EQ(account()->At("normal_balance_type").Get<std::int64_t>(), kDebit);
  const std::string refused =
      "BAD_REQUEST: the account stands under an account set and changes with it";
  EXPECT_EQ(Outcome(Write([&](WriteScope& scope) {
              return UpdateAccount(All(), scope, SetId(1), Json(R"({"name":"x"})"));
            })),
            refused);
  EXPECT_EQ(
      Outcome(Write([&](WriteScope& scope) { return DeleteAccount(All(), scope, SetId(1)); })),
      refused);
}

TEST_F(AccountSets, StayReadableAndCountWhenTheyAreDeleted) {
  MakeSet(SetInput(SetId(1)));
  for (std::uint32_t i = 1; i <= 3; ++i) MakeAccount(AccountId(i));
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(1))), "ok");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(
        Outcome(Write([&](WriteScope& scope) { return DeleteAccountSet(All(), scope, SetId(1)); })),
        "ok");
  EXPECT_EQ(
      LoadOne(LedgerId::kAccount, DocumentKey::Of(SetId(1)))->At("status").Get<std::int64_t>(), 1);
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(2))),
            "BAD_REQUEST: the account set is deleted: " + SetId(1).ToString());
  EXPECT_EQ(Outcome(Write([&](WriteScope& scope) {
              return UpdateAccountSet(All(), scope, SetId(1), Json(R"({"name":"x"})"));
            })),
            "BAD_REQUEST: cannot update a deleted account set");
  EXPECT_EQ(Outcome(Post(All(), TransferIn({}, 1, AccountId(1), AccountId(3), "2"))), "ok");
  EXPECT_EQ(Sums(BalanceOf(SetId(1))), "2/0/-2");
}

TEST_F(AccountSets, TakeWhatMayBeAMember) {
  for (std::uint32_t i = 1; i <= 4; ++i)
    MakeSet(SetInput(SetId(i), i == 4 ? Other() : base::Uuid()));
  MakeAccount(AccountId(1));
  EXPECT_EQ(AddTo(SetId(1), Member(SetId(1))),
            "BAD_REQUEST: an account set can't be a member of itself");
  EXPECT_EQ(AddTo(SetId(1), Member(SetId(4), "ACCOUNT_SET")),
            "BAD_REQUEST: an account set takes only sets of its own journal");
  EXPECT_EQ(AddTo(SetId(2), Member(SetId(3), "ACCOUNT_SET")), "ok");
  EXPECT_EQ(AddTo(SetId(1), Member(SetId(2), "ACCOUNT_SET")),
            "UNKNOWN_ERROR: sub account set must be empty");
  EXPECT_EQ(AddTo(SetId(3), Member(SetId(2))), "UNKNOWN_ERROR: sub account set must be empty");
  EXPECT_EQ(AddTo(SetId(1), Member(SetId(3))), "ok");  // in two sets
  const std::string missing =
      "FOREIGN_KEY_VIOLATION: foreign key violation\n"
      "AccountSetMember.references.member_id foreign key violation";
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(9))), missing);
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(1), "ACCOUNT_SET")), missing);
  EXPECT_EQ(AddTo(SetId(1), Member(SetId(2), "ACCOUNT")), missing);
  EXPECT_EQ(AddTo(SetId(9), Member(AccountId(1))),
            "NOT_FOUND: no AccountSet `" + SetId(9).ToString() + "`");
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(1), "ACCOUNT")), "ok");
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(1))),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "AccountSetMember.indexes.member_id unique constraint violation");
  EXPECT_EQ(AddTo(SetId(4), Member(AccountId(1))), "ok");  // accounts: of any journal
  EXPECT_TRUE(SetOf(SetId(1))->At("has_members").Get<bool>());
  EXPECT_EQ(LoadOne(LedgerId::kAccount, DocumentKey::Of(AccountId(1)))->version(), 1);
}

TEST_F(AccountSets, TakeAtMostAHundredAboveOneMember) {
  MakeAccount(AccountId(1));
  for (std::uint32_t i = 0; i <= limits::kAccountSetsMax; ++i) {
    ASSERT_EQ(MakeSet(SetInput(SetId(i))), "ok");
    if (i == 0) continue;
    EXPECT_EQ(AddTo(SetId(i - 1), Member(SetId(i))), "ok");
  }
  EXPECT_EQ(AddTo(SetId(limits::kAccountSetsMax), Member(AccountId(1))),
            "LIMIT_EXCEEDED: more than 100 account sets above one member");
  EXPECT_EQ(AddTo(SetId(limits::kAccountSetsMax - 1), Member(AccountId(1))), "ok");
}

TEST_F(AccountSets, AreJoinedOnCreation) {
  MakeSet(SetInput(SetId(1)));
  auto sub = SetInput(SetId(2));
  sub["accountSetIds"] = {SetId(1).ToString()};
  EXPECT_EQ(MakeSet(sub), "ok");
  const auto create = [&](std::uint32_t number, const base::Uuid& set) {
    return Outcome(Write([&](WriteScope& scope) {
      return CreateAccount(All(), scope,
                           {{"accountId", AccountId(number).ToString()},
                            {"code", "c"},
                            {"name", "n"},
                            {"accountSetIds", {set.ToString(), nullptr}}});
    }));
  };
  EXPECT_EQ(create(1, SetId(2)), "ok");
  EXPECT_EQ(create(2, SetId(7)),
            "FOREIGN_KEY_VIOLATION: foreign key violation\n"
            "AccountSetMember.references.account_set_id foreign key violation");
  EXPECT_EQ(LoadOne(LedgerId::kAccount, DocumentKey::Of(AccountId(2))), nullptr);
  EXPECT_EQ(Follow(All(), LedgerId::kAccount, DocumentKey::Of(AccountId(1)), "sets"),
            SetId(2).ToString());
  EXPECT_EQ(Follow(All(), LedgerId::kAccountSet, DocumentKey::Of(SetId(2)), "sets"),
            SetId(1).ToString());
}

TEST_F(AccountSets, CountEntriesOfTheirJournalFromMembershipOn) {
  // 1 above 2 and 3, both above 4: a diamond. 5 is of the other journal.
  for (std::uint32_t i = 1; i <= 5; ++i)
    MakeSet(SetInput(SetId(i), i == 5 ? Other() : base::Uuid(), i == 1 ? "DEBIT" : "CREDIT"));
  for (const auto& [set, member] : {std::pair(1U, 2U), {1U, 3U}, {2U, 4U}, {3U, 4U}})
    ASSERT_EQ(AddTo(SetId(set), Member(SetId(member))), "ok");
  for (std::uint32_t i = 1; i <= 2; ++i) MakeAccount(AccountId(i), "DEBIT");
  ASSERT_EQ(Outcome(Post(All(), TransferIn({}, 1, AccountId(1), AccountId(2), "5"))), "ok");
  for (const std::uint32_t set : {4U, 5U}) ASSERT_EQ(AddTo(SetId(set), Member(AccountId(1))), "ok");
  ASSERT_EQ(Outcome(Post(All(), TransferIn({}, 2, AccountId(1), AccountId(2), "1.50"))), "ok");
  ASSERT_EQ(Outcome(Post(All(), TransferIn(Other(), 3, AccountId(2), AccountId(1), "7"))), "ok");

  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "6.50/0/6.50");
  for (std::uint32_t i = 1; i <= 4; ++i)
    EXPECT_EQ(Sums(BalanceOf(SetId(i))), i == 1 ? "1.50/0/1.50" : "1.50/0/-1.50") << i;
  EXPECT_EQ(Sums(BalanceOf(SetId(5), "USD", Other())), "0/7/7");
  EXPECT_EQ(BalanceOf(SetId(5)), nullptr);
  const auto entries = EntriesOf(TransactionId(2));
  EXPECT_EQ(Parents(*entries[0]), (std::vector{SetId(4), SetId(2), SetId(3), SetId(1)}));
  EXPECT_TRUE(Parents(*entries[1]).empty());
  EXPECT_TRUE(Parents(*EntriesOf(TransactionId(1))[0]).empty());
}

TEST_F(AccountSets, AreGivenBackByAVoidWhatTheyCounted) {
  MakeSet(SetInput(SetId(1)));
  for (std::uint32_t i = 1; i <= 2; ++i) MakeAccount(AccountId(i));
  ASSERT_EQ(Outcome(Post(All(), TransferIn({}, 1, AccountId(1), AccountId(2), "5"))), "ok");
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(1))), "ok");
  ASSERT_EQ(Outcome(Post(All(), TransferIn({}, 2, AccountId(1), AccountId(2), "3"))), "ok");
  ASSERT_EQ(Outcome(Void(All(), TransactionId(1))), "ok");  // never counted
  EXPECT_EQ(Sums(BalanceOf(SetId(1))), "3/0/-3");
  ASSERT_EQ(Outcome(Void(All(), TransactionId(2))), "ok");
  EXPECT_EQ(Sums(BalanceOf(SetId(1))), "0/0/0");
}

TEST_F(AccountSets, LetGoOfMembersWithoutEntriesAlone) {
  for (std::uint32_t i = 1; i <= 2; ++i) MakeSet(SetInput(SetId(i)));
  for (std::uint32_t i = 1; i <= 3; ++i) MakeAccount(AccountId(i));
  for (std::uint32_t i = 1; i <= 2; ++i) ASSERT_EQ(AddTo(SetId(1), Member(AccountId(i))), "ok");
  ASSERT_EQ(AddTo(SetId(1), Member(SetId(2))), "ok");
  ASSERT_EQ(AddTo(SetId(2), Member(AccountId(2))), "ok");
  ASSERT_EQ(Outcome(Post(All(), TransferIn({}, 1, AccountId(2), AccountId(3), "5"))), "ok");
  for (const base::Uuid& member : {AccountId(2), SetId(2)})
    EXPECT_EQ(Remove(SetId(1), Member(member)), "NOT_SUPPORTED: unsupported");
  EXPECT_EQ(Remove(SetId(1), Member(AccountId(3))),
            "NOT_FOUND: no AccountSetMember `" + AccountId(3).ToString() + "`");
  EXPECT_EQ(Remove(SetId(1), Member(AccountId(1), "ACCOUNT_SET")),
            "NOT_FOUND: no AccountSetMember `" + AccountId(1).ToString() + "`");
  EXPECT_EQ(Remove(SetId(1), Member(AccountId(1), "ACCOUNT")), "ok");
  EXPECT_EQ(Follow(All(), LedgerId::kAccount, DocumentKey::Of(AccountId(1)), "sets"), "");
  EXPECT_TRUE(SetOf(SetId(1))->At("has_members").Get<bool>());
}

TEST_F(AccountSets, AreEmptyAgainWhenTheLastMemberLeaves) {
  for (std::uint32_t i = 1; i <= 2; ++i) MakeSet(SetInput(SetId(i)));
  MakeAccount(AccountId(1));
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(1))), "ok");
  ASSERT_EQ(Remove(SetId(1), Member(AccountId(1))), "ok");
  EXPECT_FALSE(SetOf(SetId(1))->At("has_members").Get<bool>());
  EXPECT_EQ(AddTo(SetId(2), Member(SetId(1))), "ok");
  EXPECT_EQ(AddTo(SetId(1), Member(AccountId(1))), "ok");
}

TEST_F(AccountSets, CostPostingsToAccountsInNoSetNothing) {
  for (std::uint32_t i = 1; i <= 3; ++i) MakeAccount(AccountId(i));
  const auto records_read = [&](std::uint32_t number) {
    const std::uint64_t before = store_->GetStats().records_read;
    EXPECT_EQ(Outcome(Post(All(), TransferIn({}, number, AccountId(1), AccountId(2), "1"))), "ok");
    return store_->GetStats().records_read - before;
  };
  records_read(1);
  const std::uint64_t without = records_read(2);
  MakeSet(SetInput(SetId(1)));
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(3))), "ok");
  EXPECT_EQ(records_read(3), without);
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(1))), "ok");
  records_read(4);
  EXPECT_EQ(records_read(5), without + 2);  // the set and its balance
}

}  // namespace
}  // namespace strongroom::ledger
