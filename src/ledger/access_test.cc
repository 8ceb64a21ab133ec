// Who comes in with which policies.
#include "ledger/access_testing.h"
#include "ledger/installation.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(AccessTest, TheFirstClientIsThereAfterTheBootstrap) {
  const auto snapshot = Must(store_->Read());
  EXPECT_TRUE(Must(IsBootstrapped(*snapshot)));
  EXPECT_EQ(ClientOf("Root", kTestPrincipal), "administrator");
  EXPECT_TRUE(directory_of_access_->IsRegisteredPrincipal(kTestPrincipal));
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  const auto again = Must(Bootstrap(*store_, *engine_, now_,
                                    {.organization = "x",
                                     .account_id = "Root",
                                     .tenant_name = "x",
                                     .principal = std::string(kOther)}));
  EXPECT_FALSE(again.made);
  EXPECT_EQ(again.tenant, tenant_);
  EXPECT_EQ(ClientOf("Root", kOther), kNobody);
}

TEST_F(AccessTest, Security33_AnUnknownTenantAndOneWithoutAClientAnswerAlike) {
  EXPECT_EQ(ClientOf("Root", kOther), kNobody);
  EXPECT_EQ(ClientOf("Nowhere", kTestPrincipal), kNobody);
  EXPECT_EQ(ClientOf("Nowhere", kOther), kNobody);
  EXPECT_EQ(ClientOf("", ""), kNobody);
}

TEST_F(AccessTest, ANewClientCountsFromTheCommitOn) {
  const std::uint64_t before = Must(Resolve("Root", kTestPrincipal))->epoch;
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  EXPECT_TRUE(directory_of_access_->IsRegisteredPrincipal(kOther));
  EXPECT_EQ(ClientOf("Root", kOther), kOther);
  EXPECT_GT(Must(Resolve("Root", kTestPrincipal))->epoch, before);
}

TEST_F(AccessTest, PoliciesAreCompiledOncePerVersionOfTheClient) {
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  const auto first = Must(Resolve("Root", kOther));
  EXPECT_EQ(first, Must(Resolve("Root", kOther))) << "of the same epoch";
  ASSERT_EQ(AddClient(tenant_, kRole), "ok");
  const auto second = Must(Resolve("Root", kOther));
  EXPECT_NE(first, second);
  EXPECT_EQ(first->policies, second->policies) << "another client changed";
  const boost::json::object input = JsonObject(R"({"policies":[]})");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return UpdateClient(all_, s, kOther, input); }),
            "ok");
  const auto third = Must(Resolve("Root", kOther));
  EXPECT_NE(first->policies, third->policies);
  EXPECT_EQ(third->client_version, 2);
  EXPECT_THAT(third->policies->policies(), IsEmpty());
}

TEST_F(AccessTest, AnOlderSnapshotHasTheOlderPolicies) {
  const auto snapshot = Must(store_->Read());
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  ASSERT_TRUE(Resolve("Root", kOther).ok());
  const auto then = directory_of_access_->Resolve(*snapshot, {"Root", kOther, ""});
  EXPECT_EQ(Outcome(then), kNobody);
  EXPECT_EQ(ClientOf("Root", kOther), kOther);
}

TEST_F(AccessTest, WhoIsRegisteredIsKnownWithoutTheStore) {
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  EXPECT_TRUE(directory_of_access_->IsRegisteredPrincipal(kOther));
  EXPECT_THAT(directory_of_access_->Principals(),
              ::testing::UnorderedElementsAre(kTestPrincipal, kOther));
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
}

TEST_F(AccessTest, AnotherProcessSeesChangesWithoutARefresh) {
  const auto elsewhere = Must(AccessDirectory::Open(*store_, *engine_));
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  const auto snapshot = Must(store_->Read());
  EXPECT_EQ(Outcome(elsewhere->Resolve(*snapshot, {"Root", kOther, ""})), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
  const auto later = Must(store_->Read());
  EXPECT_EQ(Outcome(elsewhere->Resolve(*later, {"Root", kOther, ""})), kNobody);
}

TEST_F(AccessTest, TheNearestClientOnTheWayUpWins) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  ASSERT_EQ(AddTenant({Id(1)}, 2, "Grandchild"), "ok");
  EXPECT_EQ(ClientOf("Grandchild", kTestPrincipal), "administrator");
  EXPECT_EQ(Must(Resolve("Grandchild", kTestPrincipal))->client_home, tenant_);
  EXPECT_EQ(Must(Resolve("Grandchild", kTestPrincipal))->tenant, storage::SpaceId{Id(2)});
  ASSERT_EQ(AddClient({Id(1)}, kRole, R"([{"effect":"ALLOW","actions":["UPDATE"],
                                            "resources":["*"]}])"),
            "ok");
  ASSERT_EQ(AddClient({Id(1)}, kTestPrincipal, "[]", "override"), "ok");
  EXPECT_EQ(ClientOf("Grandchild", kTestPrincipal), "override");
  EXPECT_EQ(ClientOf("Child", kTestPrincipal), "override");
  EXPECT_EQ(ClientOf("Root", kTestPrincipal), "administrator") << "never upwards";
}

// ---- Recovery, and policies that no longer compile.

TEST_F(AccessTest, RecoveryGivesAllRightsAgain) {
  ASSERT_EQ(AddClient(tenant_, kRole, kManages), "ok");
  const boost::json::object none = JsonObject(R"({"policies":[]})");
  ASSERT_EQ(
      Run(tenant_, [&](WriteScope& s) { return UpdateClient(all_, s, kTestPrincipal, none); }),
      "ok");
  const BootstrapRequest request{
      .organization = {},
      .account_id = "Root",
      .tenant_name = {},
      .principal = std::string(kTestPrincipal),
      .assertions = {{"email", "context.auth.claims.email == 'me@example.com'"}}};
  ASSERT_EQ(Outcome(Recover(*store_, *engine_, now_, request)), "ok");
  const auto access = Must(Resolve("Root", kTestPrincipal));
  ASSERT_EQ(access->policies->policies().size(), 1U);
  EXPECT_EQ(access->policies->policies()[0].assertions[0].name, "email");
  BootstrapRequest other = request;
  other.principal = std::string(kOther);
  ASSERT_EQ(Outcome(Recover(*store_, *engine_, now_, other)), "ok") << "the name is taken";
  EXPECT_THAT(ClientOf("Root", kOther), HasSubstr("administrator "));
  other.account_id = "Nowhere";
  EXPECT_EQ(Outcome(Recover(*store_, *engine_, now_, other)), "NOT_FOUND: no Tenant `Nowhere`");
  other.assertions = {{"bad", "1 +"}};
  other.account_id = "Root";
  EXPECT_THAT(Outcome(Recover(*store_, *engine_, now_, other)), HasSubstr("CEL_EVALUATION_ERROR"));
}

TEST_F(AccessTest, StoredPoliciesThatDoNotCompileDenyAndAreReported) {
  Work work = Begin();
  Document client(engine_->catalog().At(LedgerId::kClient));
  client.Set("principal", kOther);
  client.Set("name", "old");
  client.Set("policies",
             MakeList({MakeRecord({Value(0), MakeList({Value(0)}), MakeList({Value("*")}),
                                   MakeJson(boost::json::object{{"a", "gone.variable"}})})}));
  ASSERT_EQ(Outcome(InsertUnasked(work.scope, std::move(client))), "ok");
  ASSERT_EQ(Outcome(BumpPolicyEpoch(work.scope)), "ok");
  ASSERT_EQ(work.Commit(), "ok");
  work.transaction.reset();
  EXPECT_THAT(directory_of_access_->Defects(), IsEmpty());
  EXPECT_EQ(ClientOf("Root", kOther), "old");
  EXPECT_EQ(directory_of_access_->Defects().size(), 1U);
}

}  // namespace
}  // namespace strongroom::ledger
