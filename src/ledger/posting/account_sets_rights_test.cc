// Account sets under policies (SPEC 4), and their lists.
#include "ledger/posting/account_sets_testing.h"

namespace strongroom::ledger {
namespace {

class AccountSetRights : public AccountSetTest {
 protected:
  // Set 1 with the accounts 1 and 2 and the set 2; two postings between the accounts.
  void SetUp() override {
    AccountSetTest::SetUp();
    for (std::uint32_t i = 1; i <= 2; ++i) {
      ASSERT_EQ(MakeSet(SetInput(SetId(i))), "ok");
      MakeAccount(AccountId(i));
      ASSERT_EQ(AddTo(SetId(1), Member(AccountId(i))), "ok");
    }
    ASSERT_EQ(AddTo(SetId(1), Member(SetId(2))), "ok");
    for (std::uint32_t i = 1; i <= 2; ++i)
      ASSERT_EQ(Outcome(Post(All(), TransferIn({}, i, AccountId(1), AccountId(2), "2"))), "ok");
  }
  std::string Members(const authz::Permit& permit, JoinRequest request = {}) {
    return Follow(permit, LedgerId::kAccountSet, DocumentKey::Of(SetId(1)), "members", request);
  }
  std::string SetsOfAccount(const authz::Permit& permit, JoinRequest request = {}) {
    return Follow(permit, LedgerId::kAccount, DocumentKey::Of(AccountId(1)), "sets", request);
  }
  static std::string A(std::uint32_t number) { return AccountId(number).ToString(); }
  static std::string S(std::uint32_t number) { return SetId(number).ToString(); }
  // Everything in `financial` but a resource, or what of it fulfils `assertion`.
  static std::string AllBut(const std::string& resource, const std::string& assertion = "true") {
    return R"([{"effect":"ALLOW","actions":["*"],"resources":["financial"]},
               {"effect":"DENY","actions":["*"],"resources":[")" +
           resource + R"("],"assertions":{"a":")" + assertion + R"("}}])";
  }
  static std::string IsId(std::string_view property, const std::string& id) {
    return "context.document." + std::string(property) + " == uuid('" + id + "')";
  }
};

TEST_F(AccountSetRights, CreatingASetNeedsNoRightOnAccount) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Insert","db:Select"],
           "resources":["financial.AccountSet"]}])");
  EXPECT_EQ(MakeSet(permit, SetInput(SetId(3))), "ok");
  auto in_another = SetInput(SetId(4));
  in_another["accountSetIds"] = {S(1)};
  EXPECT_EQ(MakeSet(permit, in_another),
            "ACCESS_DENIED: access denied: db:Insert on "
            "financial.AccountSetMember.document.account_set_id");
  const auto none =
      PermitOf(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.Account"]}])");
  EXPECT_EQ(MakeSet(none, SetInput(SetId(5))),
            "ACCESS_DENIED: access denied: db:Insert on "
            "financial.AccountSet.document.account_set_id");
}

TEST_F(AccountSetRights, MembersNeedInsertAndDeleteOnTheirMembership) {
  MakeAccount(AccountId(3));
  const auto no_references = PermitOf(AllBut("financial.AccountSetMember.references.member_id"));
  EXPECT_EQ(AddTo(no_references, SetId(1), Member(AccountId(3))),
            "ACCESS_DENIED: access denied: db:Insert on "
            "financial.AccountSetMember.references.member_id");
  const auto not_this = PermitOf(AllBut("financial.AccountSetMember", IsId("member_id", A(3))));
  EXPECT_EQ(AddTo(not_this, SetId(1), Member(AccountId(3))).substr(0, 13), "ACCESS_DENIED");
  // What isn't there is not told either.
  const auto none = PermitOf(AllBut("financial.AccountSetMember"));
  EXPECT_EQ(AddTo(none, SetId(1), Member(AccountId(3))),
            AddTo(none, SetId(1), Member(AccountId(99))));
  ASSERT_EQ(AddTo(SetId(1), Member(AccountId(3))), "ok");
  const auto no_delete = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select","db:Insert"],"resources":["financial"]}])");
  EXPECT_EQ(Remove(no_delete, SetId(1), Member(AccountId(3))),
            "ACCESS_DENIED: access denied: db:Delete on financial.AccountSetMember.document");
  const auto invisible = PermitOf(AllBut("financial.AccountSet", "context.document.name == 'set'"));
  EXPECT_EQ(AddTo(invisible, SetId(1), Member(AccountId(3))),
            "NOT_FOUND: no AccountSet `" + S(1) + "`");
}

TEST_F(AccountSetRights, ListsGoByDescendingIdAndInPages) {
  EXPECT_EQ(Members(All()), A(2) + " " + A(1) + " " + S(2));
  EXPECT_EQ(Members(All(), {.page = {.first = 2}}), A(2) + " " + A(1) + " …");
  EXPECT_EQ(Members(All(), {.filters = {{"member_id", {FilterValue::Operator::kEq, A(1), {}}}}}),
            A(1));
  MakeSet(SetInput(SetId(7), Other()));
  ASSERT_EQ(AddTo(SetId(7), Member(AccountId(1))), "ok");
  EXPECT_EQ(SetsOfAccount(All()), S(7) + " " + S(1));
  EXPECT_EQ(
      SetsOfAccount(All(), {.filters = {{"journal_id",
                                         {FilterValue::Operator::kEq, Other().ToString(), {}}}}}),
      S(7));
}

TEST_F(AccountSetRights, EntriesOfASetGoNewestFirst) {
  std::string expected;
  for (const std::uint32_t transaction : {2U, 1U})
    for (const std::size_t entry : {1U, 0U})
      expected +=
          (expected.empty() ? "" : " ") +
          EntriesOf(TransactionId(transaction))[entry]->At("entry_id").Get<base::Uuid>().ToString();
  EXPECT_EQ(Follow(All(), LedgerId::kAccountSet, DocumentKey::Of(SetId(1)), "entries"), expected);
  EXPECT_EQ(
      Follow(All(), LedgerId::kBalance, DocumentKey::OfBalance(SetId(1), {}, "USD"), "entries"),
      expected);
  EXPECT_EQ(Follow(All(), LedgerId::kAccountSet, DocumentKey::Of(SetId(2)), "entries"), "");
}

TEST_F(AccountSetRights, InvisibleMembersAndMembershipsAreLeftOut) {
  const auto no_account_1 = PermitOf(AllBut("financial.Account", IsId("account_id", A(1))));
  EXPECT_EQ(Members(no_account_1), A(2) + " " + S(2));
  const auto no_set_2 = PermitOf(AllBut("financial.AccountSetMember.document.member_id",
                                        "context.document.member_type == ACCOUNT_SET"));
  EXPECT_EQ(Members(no_set_2), A(2) + " " + A(1));
  const auto no_memberships = PermitOf(AllBut("financial.AccountSetMember"));
  EXPECT_EQ(Members(no_memberships), "");
  EXPECT_EQ(SetsOfAccount(no_memberships), "");
  const auto no_join = PermitOf(AllBut("financial.AccountSet.joins.members"));
  EXPECT_EQ(Members(no_join),
            "ACCESS_DENIED: access denied: db:Select on financial.AccountSet.joins.members");
  // A filter on what may not be selected finds nothing.
  const auto no_name = PermitOf(AllBut("financial.AccountSet.document.name"));
  EXPECT_EQ(SetsOfAccount(no_name), S(1));
  EXPECT_EQ(
      SetsOfAccount(no_name, {.filters = {{"name", {FilterValue::Operator::kEq, "set", {}}}}}), "");
}

TEST_F(AccountSetRights, PoliciesSeeTheSetsThatAnEntryCountsFor) {
  MakeAccount(AccountId(3));
  const auto permit = PermitOf(
      AllBut("financial.Entry", "uuid('" + S(1) + "') in context.document.parent_account_ids"));
  MakeAccount(AccountId(4));
  EXPECT_EQ(Outcome(Post(permit, TransferIn({}, 10, AccountId(3), AccountId(4), "1"))), "ok");
  EXPECT_EQ(Outcome(Post(permit, TransferIn({}, 11, AccountId(3), AccountId(1), "1"))),
            "ACCESS_DENIED: access denied: db:Insert on financial.Entry.document.transaction_id");
  // Also when the account is locked: the denial tells no more.
  SetProperty(LedgerId::kAccount, AccountId(1), "status", 1);
  EXPECT_EQ(Outcome(Post(permit, TransferIn({}, 11, AccountId(3), AccountId(1), "1"))),
            "ACCESS_DENIED: access denied: db:Insert on financial.Entry.document.transaction_id");
}

}  // namespace
}  // namespace strongroom::ledger
