// What a permit notes for the audit log.
#include <gmock/gmock.h>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kName = "financial.Account.document.name";

const TestDocument& Account() {
  static const TestDocument account(AccountType(), R"({"id":"1","name":"cash","balance":5})");
  return account;
}

std::vector<ResourceId> Ids(std::initializer_list<std::string_view> names) {
  std::vector<ResourceId> ids;
  for (const std::string_view name : names)
    ids.push_back(*TestCatalog()->Find(kAccount, ResourceKind::kDocument, name));
  return ids;
}

Permit Noting(const std::string& policies, std::uint64_t cost_max = 100000) {
  Permit::Options options;
  options.notes = true;
  options.decision_id = [] { return std::string("id"); };
  options.cost_max = cost_max;
  return Grant("[" + policies + "]", "{}", options);
}

TEST(Notes, NameThePoliciesThatAllowedAnyOfWhatWasWritten) {
  const Permit permit =
      Noting(PolicyText("ALLOW", "db:Insert", "financial.Account.document.id") + "," +
             PolicyText("ALLOW", "db:Update", "*") + "," +
             PolicyText("ALLOW", "*", "financial", "context.document.balance == 5") + "," +
             PolicyText("ALLOW", "*", "financial", "context.document.balance == 6") + "," +
             PolicyText("ALLOW", "*", "financial", "context.auth.claims.missing == 1") + "," +
             PolicyText("DENY", "*", "financial.Entry"));
  permit.NoteGranted(Action::kInsert, kAccount, "1", Ids({"id", "name"}), Account());
  permit.NoteGranted(Action::kInsert, kAccount, "2", Ids({"name"}), Account());
  permit.NoteGranted(Action::kInsert, kAccount, "3", {}, Account());
  const auto granted = permit.TakeNotes().granted;
  ASSERT_EQ(granted.size(), 3U);
  EXPECT_THAT(granted[0].reasons, ElementsAre(0, 2));
  EXPECT_THAT(granted[1].reasons, ElementsAre(2));
  EXPECT_THAT(granted[2].reasons, ElementsAre(0, 2));
  EXPECT_EQ(granted[0].id, "id");
  EXPECT_TRUE(granted[0].complete);
  EXPECT_THAT(permit.TakeNotes().granted, IsEmpty());
}

TEST(Notes, AWriteThatIsAskedForAheadIsNotedOnce) {
  const Permit permit = Noting(PolicyText("ALLOW", "*", "*"));
  for (int i = 0; i < 2; ++i) {
    permit.NoteGranted(Action::kInsert, kAccount, "1", Ids({"name"}), Account());
    permit.NoteGranted(Action::kUpdate, kAccount, "1", Ids({"name"}), Account());
    permit.NoteGranted(Action::kInsert, kAccount, "2", Ids({"name"}), Account());
  }
  EXPECT_EQ(permit.TakeNotes().granted.size(), 3U);
}

// Telling why takes nothing from what may still be decided.
TEST(Notes, HaveABudgetOfTheirOwn) {
  const Permit permit = Noting(PolicyText("ALLOW", "*", "*", "context.document.balance == 5"), 50);
  for (int i = 0; i < 100; ++i)
    permit.NoteGranted(Action::kInsert, kAccount, std::to_string(i), Ids({"name"}), Account());
  EXPECT_TRUE(permit.Judge(Action::kSelect, kAccount, Account()).ok());
}

TEST(Notes, CountDenialsByActionAndResource) {
  const Permit permit = Noting(PolicyText("DENY", "*", std::string(kName)));
  for (int i = 0; i < 3; ++i)
    permit.NoteDenied(Action::kSelect, kName, permit.Keep(Action::kSelect, kName, &Account()));
  permit.NoteDenied(Action::kInsert, kName, {});
  const auto notes = permit.TakeNotes();
  ASSERT_EQ(notes.denied.size(), 2U);
  EXPECT_EQ(notes.denied[0].count, 3U);
  EXPECT_EQ(notes.denied[0].id, "id");
  EXPECT_THAT(notes.denied[0].reasons, ElementsAre(0));
  EXPECT_EQ(notes.denied[1].count, 1U);
  EXPECT_THAT(notes.denied[1].reasons, IsEmpty());
}

TEST(Notes, BoundTheResourcesThatAreNamed) {
  const Permit permit = Noting("");
  for (int i = 0; i < 300; ++i)
    permit.NoteDenied(Action::kSelect, "financial.Account.indexes." + std::to_string(i), {});
  const auto notes = permit.TakeNotes();
  EXPECT_EQ(notes.denied.size(), 256U);
  EXPECT_EQ(notes.denied_more, 44U);
}

TEST(Notes, CountDocumentsThatAreJudgedForSelect) {
  const Permit permit = Noting(PolicyText("ALLOW", "*", "*"));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(permit.Judge(Action::kSelect, kAccount, Account()).ok());
  ASSERT_TRUE(permit.Judge(Action::kUpdate, kAccount, Account()).ok());
  EXPECT_THAT(permit.TakeNotes().selected, ElementsAre(2, 0, 0));
}

TEST(Notes, AreNotKeptUnlessAskedFor) {
  const Permit permit = Grant("[" + PolicyText("ALLOW", "*", "*") + "]");
  permit.NoteGranted(Action::kInsert, kAccount, "1", {}, Account());
  permit.NoteDenied(Action::kSelect, kName, {});
  const auto notes = permit.TakeNotes();
  EXPECT_THAT(notes.granted, IsEmpty());
  EXPECT_THAT(notes.denied, IsEmpty());
}

}  // namespace
}  // namespace strongroom::authz
