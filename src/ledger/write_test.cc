#include "ledger/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/input.h"
#include "ledger/list.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/testing.h"

namespace strongroom::ledger {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class WriteTest : public BootstrappedTest {
 protected:
  boost::json::object AccountInput(std::uint8_t number, std::string_view more = "{}") {
    boost::json::object input = JsonObject(R"({"name":"n","code":"c"})");
    input["accountId"] = Id(number).ToString();
    for (const auto& [name, value] : JsonObject(more)) input[name] = value;
    return input;
  }
  std::string Create(const authz::Permit& permit, std::uint8_t number,
                     std::string_view more = "{}") {
    return Outcome(CreateAccount(permit, work_.scope, AccountInput(number, more)));
  }
  std::string Change(const authz::Permit& permit, std::uint8_t number, std::string_view input) {
    return Outcome(UpdateAccount(permit, work_.scope, Id(number), JsonObject(input)));
  }
  SharedDocument Stored(std::uint8_t number) {
    return Must(Load(work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(number))));
  }

  Work work_ = Begin();
  authz::Permit all_ = PermitOf(kAllRights);
};

TEST_F(WriteTest, TheFirstVersionHasTheSystemsProperties) {
  ASSERT_EQ(Create(all_, 1), "ok");
  const SharedDocument account = Stored(1);
  EXPECT_EQ(account->version(), 1);
  EXPECT_EQ(account->created(), now_);
  EXPECT_EQ(account->modified(), now_);
  EXPECT_FALSE(account->record_id().IsNil());
}

TEST_F(WriteTest, AnUpdateKeepsTheRecordAndItsEarlierVersions) {
  ASSERT_EQ(Create(all_, 1), "ok");
  const SharedDocument first = Stored(1);
  work_.scope.now += std::chrono::seconds(5);
  ASSERT_EQ(Change(all_, 1, R"({"name":"second"})"), "ok");
  ASSERT_EQ(Change(all_, 1, R"({"name":"third"})"), "ok");
  const SharedDocument third = Stored(1);
  EXPECT_EQ(third->version(), 3);
  EXPECT_EQ(third->created(), first->created());
  EXPECT_EQ(third->record_id(), first->record_id());
  EXPECT_EQ(third->modified(), work_.scope.now);
  const auto version = [&](std::int64_t number) {
    const auto document =
        Must(LoadVersion(work_.scope, LedgerId::kAccount, DocumentKey::Of(Id(1)), number));
    return document == nullptr ? "none" : document->At("name").Get<std::string>();
  };
  EXPECT_EQ(version(1), "n");
  EXPECT_EQ(version(2), "second");
  EXPECT_EQ(version(3), "third");
  EXPECT_EQ(version(4), "none");
}

TEST_F(WriteTest, ATakenKeySaysTheIndexAndNoMore) {
  ASSERT_EQ(Create(all_, 1, R"({"externalId":"x"})"), "ok");
  EXPECT_EQ(Create(all_, 1),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "Account.indexes.account_id unique constraint violation");
  EXPECT_EQ(Create(all_, 2, R"({"externalId":"x"})"),
            "UNIQUE_CONSTRAINT_VIOLATION: unique constraint violation\n"
            "Account.indexes.external_id unique constraint violation");
  // The same for who can't see the other one.
  const auto blind = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],
           "assertions":{"a":"context.document.name != 'n'"}}])");
  EXPECT_EQ(Create(blind, 1, R"({"name":"mine"})"), Create(all_, 1));
}

TEST_F(WriteTest, AKeyIsFreeAgainWhenItsDocumentLeavesIt) {
  ASSERT_EQ(Create(all_, 1, R"({"externalId":"x"})"), "ok");
  ASSERT_EQ(Change(all_, 1, R"({"externalId":"y"})"), "ok");
  EXPECT_EQ(Create(all_, 2, R"({"externalId":"x"})"), "ok");
  EXPECT_THAT(Change(all_, 2, R"({"externalId":"y"})"), HasSubstr("external_id unique"));
  EXPECT_EQ(Change(all_, 1, R"({"externalId":null})"), "ok");
  EXPECT_EQ(Change(all_, 2, R"({"externalId":"y"})"), "ok");
}

TEST_F(WriteTest, DocumentsWithoutAnExternalIdDoNotConflict) {
  EXPECT_EQ(Create(all_, 1), "ok");
  EXPECT_EQ(Create(all_, 2, R"({"externalId":""})"), "ok");
}

TEST_F(WriteTest, ACreateNeedsInsertOnWhatIsSetAndNoMore) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Insert"],"resources":[
           "financial.Account.document.account_id","financial.Account.document.name",
           "financial.Account.document.code"]}])");
  EXPECT_EQ(Create(permit, 1), "ok") << "what is filled in is not set";
  EXPECT_EQ(Create(permit, 2, R"({"description":"d"})"),
            "ACCESS_DENIED: access denied: db:Insert on financial.Account.document.description");
  EXPECT_EQ(Stored(2), nullptr);
}

TEST_F(WriteTest, ACreateIsJudgedByTheNewDocument) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],
           "assertions":{"a":"context.document.code == 'mine'"}}])");
  EXPECT_EQ(Create(permit, 1, R"({"code":"mine"})"), "ok");
  EXPECT_THAT(Create(permit, 2), HasSubstr("ACCESS_DENIED"));
}

TEST_F(WriteTest, ANewDocumentIsJudgedWithWhatTheSystemFillsIn) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],"assertions":{
           "a":"context.document.version == 1 && context.document.created == context.now"}}])");
  EXPECT_EQ(Create(permit, 1), "ok");
  EXPECT_EQ(Outcome(CreateJournal(
                permit, work_.scope,
                JsonObject(R"({"journalId":"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaa1","name":"j"})"))),
            "ok");
}

TEST_F(WriteTest, AnUpdateIsJudgedByTheDocumentBeforeAndAfter) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*"]},
          {"effect":"ALLOW","actions":["db:Update"],"resources":["*"],
           "assertions":{"a":"context.document.code == 'mine'"}}])");
  ASSERT_EQ(Create(all_, 1, R"({"code":"mine"})"), "ok");
  ASSERT_EQ(Create(all_, 2, R"({"code":"other"})"), "ok");
  EXPECT_EQ(Change(permit, 1, R"({"name":"new"})"), "ok");
  EXPECT_THAT(Change(permit, 1, R"({"code":"other"})"), HasSubstr("ACCESS_DENIED")) << "out of it";
  EXPECT_THAT(Change(permit, 2, R"({"code":"mine"})"), HasSubstr("ACCESS_DENIED")) << "into it";
  EXPECT_EQ(Stored(1)->At("code").Get<std::string>(), "mine");
}

TEST_F(WriteTest, SettingAPropertyToTheValueItHasNeedsTheRightToo) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*"]},
          {"effect":"ALLOW","actions":["db:Update"],"resources":["*.document.name"]}])");
  ASSERT_EQ(Create(all_, 1), "ok");
  EXPECT_EQ(Change(permit, 1, R"({"name":"new"})"), "ok");
  EXPECT_EQ(Change(permit, 1, R"({"code":"c"})"),
            "ACCESS_DENIED: access denied: db:Update on financial.Account.document.code");
  EXPECT_EQ(Change(permit, 1, R"({"code":"guess"})"), Change(permit, 1, R"({"code":"c"})"));
}

TEST_F(WriteTest, WhatIsInvisibleCanNotBeChangedAndIsNotThere) {
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*"],
           "assertions":{"a":"context.document.code == 'mine'"}},
          {"effect":"ALLOW","actions":["db:Update","db:Delete"],"resources":["*"]}])");
  ASSERT_EQ(Create(all_, 1), "ok");
  const std::string missing = Change(permit, 9, R"({"name":"new"})");
  EXPECT_EQ(missing, "NOT_FOUND: no Account `" + Id(9).ToString() + "`");
  EXPECT_EQ(Change(permit, 1, R"({"name":"new"})"),
            "NOT_FOUND: no Account `" + Id(1).ToString() + "`");
}

TEST_F(WriteTest, ADeleteNeedsEveryProperty) {
  ASSERT_EQ(Create(all_, 1), "ok");
  const auto permit = PermitOf(
      R"([{"effect":"ALLOW","actions":["*"],"resources":["*"]},
          {"effect":"DENY","actions":["db:Delete"],"resources":["*.document.metadata"]}])");
  EXPECT_EQ(Outcome(DeleteAccount(permit, work_.scope, Id(1))),
            "ACCESS_DENIED: access denied: db:Delete on financial.Account.document");
  EXPECT_EQ(Outcome(DeleteAccount(all_, work_.scope, Id(1))), "ok");
}

TEST_F(WriteTest, IndexedTextIsBounded) {
  const std::string longest(limits::kIndexedTextBytesMax, 'x');
  boost::json::object input = AccountInput(1);
  input["name"] = longest;
  EXPECT_EQ(Outcome(CreateAccount(all_, work_.scope, input)), "ok");
  input = AccountInput(2);
  input["name"] = longest + "x";
  EXPECT_EQ(Outcome(CreateAccount(all_, work_.scope, input)),
            "LIMIT_EXCEEDED: `name` has 1025 bytes, the most are 1024");
}

TEST_F(WriteTest, AReferenceHasToLeadSomewhere) {
  Document entry(engine_->catalog().At(LedgerId::kEntry));
  entry.Set("entry_id", Id(1));
  entry.Set("transaction_id", Id(2));
  entry.Set("account_id", Id(3));
  entry.Set("journal_id", base::Uuid());
  entry.Set("currency", "USD");
  entry.Set("position", 1);
  entry.Set("sequence", 1);
  EXPECT_EQ(Outcome(InsertUnasked(work_.scope, entry)),
            "FOREIGN_KEY_VIOLATION: foreign key violation\n"
            "Entry.references.transaction_id foreign key violation");
  EXPECT_EQ(Outcome(InsertUnasked(work_.scope, entry, {.references = true})), "ok");
}

// ---- Journals and accounts.

TEST_F(WriteTest, TheDefaultJournalIsThereUntilSomebodyCreatesIt) {
  const auto journal = Must(Load(work_.scope, LedgerId::kJournal, DocumentKey::Of(base::Uuid())));
  ASSERT_NE(journal, nullptr);
  EXPECT_EQ(journal->At("code").Get<std::string>(), "DEFAULT");
  EXPECT_EQ(journal->At("name").Get<std::string>(), "Default Ledger");
  const boost::json::object input =
      JsonObject(R"({"journalId":"00000000-0000-0000-0000-000000000000","name":"GL","code":"GL"})");
  EXPECT_EQ(Outcome(CreateJournal(all_, work_.scope, input)), "ok");
  EXPECT_THAT(Outcome(CreateJournal(all_, work_.scope, input)),
              HasSubstr("Journal.indexes.journal_id unique constraint violation"));
  EXPECT_EQ(Must(LoadBy(work_.scope, LedgerId::kJournal, "code", {Value("DEFAULT")})), nullptr);
  const auto created = Must(LoadBy(work_.scope, LedgerId::kJournal, "code", {Value("GL")}));
  ASSERT_NE(created, nullptr);
  EXPECT_EQ(created->version(), 1);
}

TEST_F(WriteTest, JournalsAreLockedByDeleting) {
  EXPECT_EQ(Outcome(DeleteJournal(all_, work_.scope, base::Uuid())), "ok");
  EXPECT_EQ(Outcome(DeleteJournal(all_, work_.scope, base::Uuid())), "ok");
  const auto journal = Must(Load(work_.scope, LedgerId::kJournal, DocumentKey::Of(base::Uuid())));
  EXPECT_EQ(journal->version(), 2) << "the second one changes nothing";
}

TEST_F(WriteTest, SeveralJournalsMayBeWithoutACode) {
  for (const std::string_view id : {"1", "2"}) {
    boost::json::object input = JsonObject(R"({"name":"j"})");
    input["journalId"] = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaa" + std::string(id);
    EXPECT_EQ(Outcome(CreateJournal(all_, work_.scope, input)), "ok");
  }
}

TEST_F(WriteTest, ALockedAccountChangesOnlyByOpeningIt) {
  ASSERT_EQ(Create(all_, 1, R"({"metadata":{"foo":"bar"}})"), "ok");
  ASSERT_EQ(Outcome(DeleteAccount(all_, work_.scope, Id(1))), "ok");
  ASSERT_EQ(Outcome(DeleteAccount(all_, work_.scope, Id(1))), "ok") << "again is fine";
  EXPECT_EQ(Change(all_, 1, R"({"name":"changed"})"),
            "BAD_REQUEST: cannot update a locked account\naborted transaction");
  EXPECT_EQ(Change(all_, 1, R"({"name":"changed","status":"ACTIVE","metadata":{"baz":"biz"}})"),
            "ok");
  EXPECT_EQ(*Stored(1)->At("metadata").Get<JsonValue>().json,
            boost::json::parse(R"({"baz":"biz","foo":"bar"})"));
}

TEST_F(WriteTest, AnUpsertLeavesAnAccountThatCanBeSeen) {
  constexpr std::string_view kUpsert = R"({"name":"other","config":{"upsert":true}})";
  EXPECT_EQ(Create(all_, 1, kUpsert), "ok");
  EXPECT_EQ(Create(all_, 1, kUpsert), "ok");
  EXPECT_EQ(Stored(1)->version(), 1);
  const auto blind = PermitOf(R"([{"effect":"ALLOW","actions":["db:Insert"],"resources":["*"]}])");
  EXPECT_THAT(Create(blind, 1, kUpsert), HasSubstr("account_id unique constraint violation"));
}

TEST_F(WriteTest, AnUpdateOfNothingNeedsARightToo) {
  ASSERT_EQ(Create(all_, 1), "ok");
  const auto reader = PermitOf(R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*"]}])");
  EXPECT_EQ(Change(reader, 1, "{}"),
            "ACCESS_DENIED: access denied: db:Update on financial.Account.document");
  EXPECT_EQ(Stored(1)->version(), 1);
  const auto elsewhere = PermitOf(
      R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["*"]},
          {"effect":"ALLOW","actions":["db:Update"],"resources":["*"],
           "assertions":{"other":"context.document.name == 'other'"}}])");
  EXPECT_THAT(Change(elsewhere, 1, "{}"), HasSubstr("ACCESS_DENIED"));
  EXPECT_THAT(Outcome(UpdateJournal(reader, work_.scope, base::Uuid(), JsonObject("{}"))),
              HasSubstr("ACCESS_DENIED"));
  EXPECT_EQ(Change(all_, 1, "{}"), "ok");
}

TEST_F(WriteTest, AnUpsertTellsNothingToWhoMayNotInsert) {
  constexpr std::string_view kUpsert = R"({"config":{"upsert":true}})";
  ASSERT_EQ(Create(all_, 1), "ok");
  const auto nobody = PermitOf("[]");
  EXPECT_THAT(Create(nobody, 1, kUpsert), HasSubstr("ACCESS_DENIED"));
  EXPECT_EQ(Create(nobody, 1, kUpsert), Create(nobody, 2, kUpsert));
}

TEST_F(WriteTest, AnErrorAndARollbackLeaveNothing) {
  ASSERT_EQ(Create(all_, 1), "ok");
  work_.transaction.reset();
  Work again = Begin();
  EXPECT_EQ(Must(Load(again.scope, LedgerId::kAccount, DocumentKey::Of(Id(1)))), nullptr);
  EXPECT_EQ(Outcome(CreateAccount(all_, again.scope, AccountInput(1))), "ok");
  EXPECT_EQ(again.Commit(), "ok");
  const auto snapshot = Must(store_->Read());
  ReadScope scope{*engine_, *snapshot, tenant_};
  EXPECT_NE(Must(Load(scope, LedgerId::kAccount, DocumentKey::Of(Id(1)))), nullptr);
}

}  // namespace
}  // namespace strongroom::ledger
