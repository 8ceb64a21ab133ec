#include "ledger/audit/chain.h"

#include <gmock/gmock.h>

#include "base/encoding.h"
#include "ledger/administration.h"
#include "ledger/audit/testing.h"

namespace strongroom::ledger::audit {
namespace {

class ChainTest : public AuditTest {
 protected:
  // The records of a chain, as JSON.
  std::vector<boost::json::object> Records(storage::SpaceId space) {
    const auto snapshot = Must(store_->Read());
    const auto head = *Must(ReadHead(*snapshot, space));
    std::vector<boost::json::object> records;
    for (std::uint64_t i = head.floor + 1; i <= head.sequence; ++i)
      records.push_back(JsonObject(Must(ReadRecord(*snapshot, space, i))->text));
    return records;
  }
  static Source Somebody() {
    Source source;
    source.request_id = "r1";
    source.account_id = "Root";
    source.principal = std::string(kTestPrincipal);
    source.client = "ops";
    source.client_version = 3;
    source.jwt_id = "j1";
    source.operation = "mutation";
    return source;
  }
};

TEST_F(ChainTest, BeginsWithTheInstallationAndTellsWhatInitMade) {
  const auto installation = Records(storage::kInstallation);
  ASSERT_EQ(installation.size(), 3U);
  EXPECT_EQ(installation[0].at("kind"), "opened");
  EXPECT_EQ(installation[1].at("resource"), "tenancy.Organization");
  EXPECT_EQ(installation[1].at("operation"), "init");
  EXPECT_EQ(installation[1].at("principal"), "host");
  EXPECT_EQ(installation[2].at("after").at("account_id"), "Root");
  EXPECT_TRUE(installation[2].at("before").is_null());
  const auto tenant = Records(tenant_);
  ASSERT_EQ(tenant.size(), 2U);
  EXPECT_EQ(tenant[1].at("resource"), "system.Client");
  EXPECT_EQ(tenant[1].at("key"), boost::json::value(kTestPrincipal));
  EXPECT_EQ(tenant[1].at("after").at("policies").at(0).at("effect"), "ALLOW");
  EXPECT_EQ(Verify(), "whole");
}

TEST_F(ChainTest, IsOpenedOnce) {
  const auto transaction = storage::BeginOn(*store_, {tenant_});
  EXPECT_EQ(Outcome(OpenChain(*transaction, tenant_, base::SystemRandom(), now_)),
            "ALREADY_EXISTS: the audit log was opened before");
}

TEST_F(ChainTest, NothingIsAppendedWhereTheChainIsMissing) {
  const auto transaction = storage::BeginOn(*store_, {tenant_});
  ASSERT_TRUE(transaction->Delete(tenant_, HeadKey()).ok());
  const std::vector<std::string> texts{Record(1)};
  EXPECT_EQ(Outcome(AppendRecords(*transaction, tenant_, texts)),
            "INTERNAL_SERVER_ERROR: the audit log of the tenant is missing");
}

TEST_F(ChainTest, AWriteThatIsDroppedTakesItsRecordAlong) {
  {
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    const std::vector<std::string> texts{Record(1)};
    ASSERT_EQ(Outcome(AppendRecords(*transaction, tenant_, texts)), "ok");
  }
  EXPECT_EQ(Records(tenant_).size(), 2U);
}

TEST_F(ChainTest, RetentionRemovesTheOldestAndTheChainStaysWhole) {
  for (int day = 0; day < 10; ++day)
    Append(tenant_,
           {Record(1, now_ + std::chrono::days(day)), Record(2, now_ + std::chrono::days(day))});
  const auto before = Sign();
  const auto transaction = storage::BeginOn(*store_, {tenant_});
  EXPECT_EQ(Must(TrimChain(*transaction, tenant_, now_ + std::chrono::days(5),
                           now_ + std::chrono::days(10))),
            12U);
  EXPECT_EQ(Must(TrimChain(*transaction, tenant_, now_ + std::chrono::days(5),
                           now_ + std::chrono::days(10))),
            0U);
  ASSERT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
  const auto left = Records(tenant_);
  ASSERT_EQ(left.size(), 11U);
  EXPECT_EQ(left.back().at("kind"), "retention");
  EXPECT_EQ(left.back().at("removed_to"), 12);
  EXPECT_EQ(Verify({before}), "whole");
}

TEST_F(ChainTest, RetentionLeavesTheLastRecordAndWhatIsDamaged) {
  Grow(3);
  const auto transaction = storage::BeginOn(*store_, {tenant_});
  ASSERT_TRUE(transaction->Put(tenant_, RecordKey(3), std::string(40, 'x')).ok());
  EXPECT_EQ(Outcome(TrimChain(*transaction, tenant_, now_ + std::chrono::days(1), now_)),
            "INTERNAL_SERVER_ERROR: a stored record of the audit log is malformed");
  const auto other = storage::BeginOn(*store_, {storage::kInstallation});
  EXPECT_EQ(Must(TrimChain(*other, storage::kInstallation, now_ + std::chrono::days(1), now_)), 2U);
}

TEST_F(ChainTest, AWriteTellsItsDecisionsAndWhoeverChangesAClientIsToldInFull) {
  constexpr std::string_view kPolicies = R"([
    {"effect":"ALLOW","actions":["db:Select"],"resources":["*"]},
    {"effect":"ALLOW","actions":["*"],"resources":["system.Client"]},
    {"effect":"ALLOW","actions":["*"],"resources":["system"],"assertions":{"no":"context.auth.claims.x == 1"}},
    {"effect":"ALLOW","actions":["*"],"resources":["system.Client.document.name"],
     "assertions":{"named":"context.document.name == 'readers'"}}])";
  auto set = Must(authz::PolicySet::Compile(Must(authz::ParsePolicies(kPolicies)),
                                            engine_->catalog().rights()));
  authz::TokenContext token{std::make_shared<const boost::json::object>(JsonObject(R"({"x":2})")),
                            std::string(kTestPrincipal), "Root"};
  authz::Permit::Options options;
  options.notes = true;
  options.decision_id = [] { return std::string("an id"); };
  const auto permit = authz::Permit::Grant(
      Must(authz::FoldedPolicies::Fold(std::move(set), std::move(token))), now_, options);
  Work work = Begin();
  ASSERT_EQ(Outcome(CreateClient(permit, work.scope,
                                 JsonObject(R"({"name":"readers","principal":"https://other",
      "policies":[{"effect":"ALLOW","actions":["SELECT"],"resources":["financial"]}]})"))),
            "ok");
  const auto notes = permit.TakeNotes();
  const auto grown = Must(AppendOperation(work.scope, Somebody(), notes.granted));
  EXPECT_EQ(grown, std::vector{tenant_});
  ASSERT_EQ(work.Commit(), "ok");

  const auto records = Records(tenant_);
  ASSERT_EQ(records.size(), 4U);
  const auto& write = records[2];
  EXPECT_EQ(write.at("kind"), "write");
  EXPECT_EQ(write.at("request_id"), "r1");
  EXPECT_EQ(write.at("client"), JsonObject(R"({"name":"ops","version":3})"));
  EXPECT_EQ(write.at("jti"), "j1");
  ASSERT_EQ(write.at("decisions").as_array().size(), 1U) << "asked twice, told once";
  EXPECT_EQ(write.at("decisions").at(0), JsonObject(R"({"id":"an id","effect":"ALLOW",
      "action":"db:Insert","resource":"system.Client",
      "parts":["document.principal","document.name","document.policies"],
      "key":"https://other","reasons":[1,3]})"));
  const auto& change = records[3];
  EXPECT_EQ(change.at("kind"), "change");
  EXPECT_TRUE(change.at("before").is_null());
  EXPECT_EQ(change.at("after").at("name"), "readers");
  EXPECT_EQ(change.at("after").at("policies").at(0).at("actions"), boost::json::array({"SELECT"}));
  EXPECT_EQ(Verify(), "whole");
}

TEST_F(ChainTest, ANewTenantHasAChainFromItsFirstMoment) {
  const storage::SpaceId made{Id(7)};
  Work work = BeginIn(tenant_, {made});
  const auto permit = PermitOf(kAllRights);
  ASSERT_EQ(
      Outcome(CreateTenant(
          permit, work.scope,
          JsonObject(fmt::format(R"({{"id":"{}","accountId":"New","name":"new","description":""}})",
                                 made.id.ToString())))),
      "ok");
  ASSERT_EQ(Outcome(AppendOperation(work.scope, Somebody())), "ok");
  ASSERT_EQ(work.Commit(), "ok");
  EXPECT_EQ(Records(made).at(0).at("kind"), "opened");
  EXPECT_EQ(Records(storage::kInstallation).back().at("after").at("account_id"), "New");
  EXPECT_THAT(Must(Chains(*engine_, *Must(store_->Read()))),
              testing::UnorderedElementsAre(storage::kInstallation, tenant_, made));
}

TEST_F(ChainTest, RecoveryIsJournaledWithWhatItReplaced) {
  ASSERT_EQ(Outcome(Recover(*store_, *engine_, now_,
                            {.organization = "",
                             .account_id = "Root",
                             .tenant_name = "",
                             .principal = std::string(kTestPrincipal)})),
            "ok");
  const auto last = Records(tenant_).back();
  EXPECT_EQ(last.at("operation"), "recover");
  EXPECT_EQ(last.at("before").at("version"), 1);
  EXPECT_EQ(last.at("after").at("version"), 2);
}

TEST_F(ChainTest, AStoreFromBeforeGetsItsChainsOnce) {
  {
    const auto transaction = storage::BeginOn(*store_, {storage::kInstallation, tenant_});
    for (const storage::SpaceId space : {storage::kInstallation, tenant_})
      ASSERT_TRUE(transaction->Delete(space, HeadKey()).ok());
    const std::string id = keys_.Ids().at(0);
    ASSERT_TRUE(
        transaction->Delete(storage::kInstallation, storage::KeyWriter(0x31).Text(id).Take()).ok());
    ASSERT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
  }
  ASSERT_EQ(Outcome(PrepareStore(*store_, *engine_, now_)), "ok");
  EXPECT_EQ(Records(tenant_).at(0).at("kind"), "opened");
  {
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    ASSERT_TRUE(transaction->Delete(tenant_, HeadKey()).ok());
    ASSERT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
  }
  ASSERT_EQ(Outcome(PrepareStore(*store_, *engine_, now_)), "ok");
  keys_ = *Must(AuditKeys::Load(*Must(store_->Read())));
  EXPECT_EQ(Verify(), "0: the chain is missing") << "with a key there, none comes back by itself";
}

TEST(AuditRecord, DenialsAreCountedAndCarryNoValues) {
  authz::PermitNotes notes;
  notes.denied.push_back(
      {"an id", authz::Action::kSelect, "financial.Account.document.code", {1}, {2}, 3});
  notes.denied_more = 2;
  Source source;
  source.principal = "p\xff\"";
  source.token_hash = "abc";
  EXPECT_EQ(DenialsText(source, notes),
            R"({"kind":"denial","time":"1970-01-01T00:00:00.000000Z","principal":"p?\"",)"
            R"("token":"abc","decisions":[{"id":"an id","effect":"DENY","action":"db:Select",)"
            R"("resource":"financial.Account.document.code","reasons":[1],"errors":[2],)"
            R"("count":3}],"more":2})");
}

}  // namespace
}  // namespace strongroom::ledger::audit
