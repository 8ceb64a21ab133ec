// Who may come in, and the mutations that decide it.
#include "ledger/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "ledger/administration.h"
#include "ledger/installation.h"
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

constexpr std::string_view kOther = "https://other.example";
constexpr std::string_view kRole = "arn:aws:iam::123456789012:role/Ops";

class AccessTest : public BootstrappedTest {
 protected:
  AccessTest() : directory_of_access_(Must(AccessDirectory::Open(*store_, *engine_))) {}

  // Runs a mutation in a transaction of its own, and commits it if it went well.
  template <typename Mutation>
  std::string Run(storage::SpaceId tenant, Mutation mutation,
                  std::vector<storage::SpaceId> more = {}) {
    Work work = BeginIn(tenant, std::move(more));
    const auto result = mutation(work.scope);
    if (!result.ok()) return Outcome(result);
    EXPECT_TRUE(work.scope.access_changed);
    const std::string outcome = work.Commit();
    work.transaction.reset();
    EXPECT_EQ(Outcome(directory_of_access_->Refresh()), "ok");
    return outcome;
  }
  std::string AddClient(storage::SpaceId tenant, std::string_view principal,
                        std::string_view policies = R"([{"effect":"ALLOW","actions":["SELECT"],
                                                         "resources":["financial.*"]}])",
                        std::string_view name = "") {
    boost::json::object input;
    input["principal"] = principal;
    input["name"] = name.empty() ? principal : name;
    input["policies"] = Must(base::ParseJson(policies));
    return Run(tenant, [&](WriteScope& scope) { return CreateClient(all_, scope, input); });
  }
  std::string AddTenant(storage::SpaceId parent, std::uint8_t number, std::string_view account_id) {
    boost::json::object input = JsonObject(R"({"name":"n","description":"d"})");
    input["id"] = Id(number).ToString();
    input["accountId"] = account_id;
    return Run(parent, [&](WriteScope& scope) { return CreateTenant(all_, scope, input); },
               {storage::SpaceId{Id(number)}});
  }
  std::string RemoveTenant(std::uint8_t number, std::string_view account_id) {
    return Run(tenant_, [&](WriteScope& scope) { return DeleteTenant(all_, scope, account_id); },
               {storage::SpaceId{Id(number)}});
  }
  base::Result<std::shared_ptr<const Access>> Resolve(std::string_view account_id,
                                                      std::string_view principal,
                                                      std::string_view email = "") {
    const auto snapshot = Must(store_->Read());
    return directory_of_access_->Resolve(*snapshot, {account_id, principal, email});
  }
  // The name of the client, or the outcome.
  std::string ClientOf(std::string_view account_id, std::string_view principal) {
    const auto access = Resolve(account_id, principal);
    return access.ok() ? (*access)->client : Outcome(access);
  }

  std::unique_ptr<AccessDirectory> directory_of_access_;
  authz::Permit all_ = PermitOf(kAllRights);
};

constexpr std::string_view kNobody =
    "ACCESS_DENIED: access denied: the token has no client in this account";

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

TEST_F(AccessTest, AnUnknownTenantAndOneWithoutAClientAnswerAlike) {
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

TEST_F(AccessTest, AnotherProcessSeesChangesWithoutARefresh) {
  const auto elsewhere = Must(AccessDirectory::Open(*store_, *engine_));
  ASSERT_EQ(AddClient(tenant_, kOther), "ok");
  EXPECT_TRUE(elsewhere->IsRegisteredPrincipal(kOther));
  const auto snapshot = Must(store_->Read());
  EXPECT_EQ(Outcome(elsewhere->Resolve(*snapshot, {"Root", kOther, ""})), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
  const auto later = Must(store_->Read());
  EXPECT_EQ(Outcome(elsewhere->Resolve(*later, {"Root", kOther, ""})), kNobody);
}

TEST_F(AccessTest, ADeletedClientIsGoneAndItsNameFree) {
  ASSERT_EQ(AddClient(tenant_, kOther, "[]", "ops"), "ok");
  EXPECT_THAT(AddClient(tenant_, kRole, "[]", "ops"), HasSubstr("Client.indexes.name unique"));
  EXPECT_THAT(AddClient(tenant_, kOther, "[]", "x"), HasSubstr("Client.indexes.principal unique"));
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
  EXPECT_EQ(ClientOf("Root", kOther), kNobody);
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  EXPECT_THAT(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }),
              HasSubstr("NOT_FOUND"));
  EXPECT_EQ(AddClient(tenant_, kRole, "[]", "ops"), "ok");
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

TEST_F(AccessTest, TenantsShareNothing) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  boost::json::object input = JsonObject(R"({"name":"n","code":"c"})");
  input["accountId"] = Id(9).ToString();
  Work work = Begin();
  ASSERT_EQ(Outcome(CreateAccount(all_, work.scope, input)), "ok");
  ASSERT_EQ(work.Commit(), "ok");
  work.transaction.reset();
  Work child = BeginIn({Id(1)});
  EXPECT_FALSE(
      Must(Get(all_, child.scope, LedgerId::kAccount, DocumentKey::Of(Id(9)))).has_value());
  const auto page = List(all_, child.scope,
                         {.ledger = LedgerId::kAccount, .index = "name", .page = {.first = 10}});
  EXPECT_THAT(Must(std::move(page)).edges, IsEmpty());
  EXPECT_EQ(Outcome(CreateAccount(all_, child.scope, input)), "ok") << "the id is free there";
  EXPECT_TRUE(
      Must(Get(all_, child.scope, LedgerId::kJournal, DocumentKey::Of(base::Uuid()))).has_value());
}

TEST_F(AccessTest, ADeletedTenantIsDestroyedWithItsClients) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  ASSERT_EQ(AddTenant({Id(1)}, 2, "Grandchild"), "ok");
  ASSERT_EQ(AddClient({Id(1)}, kOther), "ok");
  EXPECT_THAT(RemoveTenant(1, "Child"), HasSubstr("other tenants were created from this tenant"));
  EXPECT_THAT(RemoveTenant(1, "Root"), HasSubstr("can't delete itself"));
  ASSERT_EQ(RemoveTenant(2, "Grandchild"), "ok");
  ASSERT_EQ(RemoveTenant(1, "Child"), "ok");
  EXPECT_EQ(ClientOf("Child", kTestPrincipal), kNobody);
  EXPECT_FALSE(directory_of_access_->IsRegisteredPrincipal(kOther));
  const auto snapshot = Must(store_->Read());
  EXPECT_EQ(storage::ScanText(*snapshot, {Id(1)}), "<NOT_FOUND>");
  EXPECT_FALSE(Must(directory_of_access_->FindTenant(*snapshot, "Child")).has_value());
  EXPECT_THAT(RemoveTenant(1, "Child"), HasSubstr("NOT_FOUND"));
  EXPECT_THAT(AddTenant(tenant_, 1, "Again"), HasSubstr("ALREADY_EXISTS"))
      << "its key is gone for good";
}

TEST_F(AccessTest, TenantsAreUniqueAndAddressable) {
  EXPECT_THAT(AddTenant(tenant_, 1, "Root"), HasSubstr("Tenant.indexes.account_id unique"));
  EXPECT_THAT(AddTenant(tenant_, 1, "with space"), HasSubstr("visible ASCII"));
  EXPECT_THAT(AddTenant(tenant_, 1, ""), HasSubstr("visible ASCII"));
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  const boost::json::object input =
      JsonObject(R"({"accountId":"Child","description":"This is the sandbox tenant."})");
  Work work = Begin();
  const auto updated = Must(UpdateTenant(all_, work.scope, input));
  EXPECT_EQ(updated.document.Unjudged()->version(), 2);
  EXPECT_EQ(updated.document.Unjudged()->At("name").Get<std::string>(), "n");
}

TEST_F(AccessTest, TenantsAreCreatedSoDeepAndNoDeeper) {
  storage::SpaceId parent = tenant_;
  for (std::uint8_t i = 2; i <= limits::kTenantDepthMax; ++i) {
    ASSERT_EQ(AddTenant(parent, i, "T" + std::to_string(i)), "ok");
    parent = {Id(i)};
  }
  EXPECT_EQ(ClientOf("T16", kTestPrincipal), "administrator");
  EXPECT_THAT(AddTenant(parent, 99, "Deeper"), HasSubstr("LIMIT_EXCEEDED"));
}

TEST_F(AccessTest, ABadPolicyIsRefusedWithItsPlaceAndNothingIsStored) {
  Work work = Begin();
  boost::json::object input{{"principal", kOther}, {"name", "x"}};
  const auto error_of = [&](std::string_view policies) {
    input["policies"] = Must(base::ParseJson(policies));
    const auto result = CreateClient(all_, work.scope, input);
    EXPECT_FALSE(result.ok());
    return result.ok() ? base::Error{} : result.error();
  };
  const base::Error empty = error_of(R"([{"effect":"ALLOW","actions":[],"resources":["*"]}])");
  EXPECT_EQ(empty.code, base::ErrorCode::kBadRequest);
  EXPECT_THAT(empty.argument_path, ElementsAre("input", "policies", "0", "actions"));
  const base::Error syntax = error_of(
      R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["*"],"assertions":{"a":"1 +"}}])");
  EXPECT_EQ(syntax.code, base::ErrorCode::kCelEvaluationError);
  EXPECT_THAT(syntax.argument_path, ElementsAre("input", "policies", "0", "assertions", "a"));
  EXPECT_EQ(error_of(R"([{"effect":"MAYBE","actions":["SELECT"],"resources":["*"]}])").code,
            base::ErrorCode::kEnumParseError);
  error_of(R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["*"],
               "assertions":{"a":"context.document.status == 'ACTIVE'"}}])");
  EXPECT_EQ(Must(Load(work.scope, LedgerId::kClient, DocumentKey::Of(kOther))), nullptr);
}

TEST_F(AccessTest, APatternThatMatchesNothingIsAWarning) {
  Work work = Begin();
  boost::json::object input{{"principal", kRole}, {"name", "x"}};
  input["policies"] = Must(base::ParseJson(
      R"([{"effect":"ALLOW","actions":["SELECT"],"resources":["financial.Acount.*"]}])"));
  const auto created = Must(CreateClient(all_, work.scope, input));
  ASSERT_EQ(created.warnings.size(), 1U);
  EXPECT_EQ(created.warnings[0].code, authz::Warning::Code::kPatternMatchesNothing);
}

TEST_F(AccessTest, OurOwnIssuerIsNoPrincipal) {
  EXPECT_THAT(AddClient(tenant_, "https://own"), HasSubstr("own issuer"));
  EXPECT_THAT(AddClient(tenant_, "", "[]", "x"), HasSubstr("`principal` has to be"));
}

TEST_F(AccessTest, WritingClientsNeedsTheRightsOnThem) {
  Work work = Begin();
  const auto permit =
      PermitOf(R"([{"effect":"ALLOW","actions":["*"],"resources":["financial.*"]}])");
  const boost::json::object input = JsonObject(R"({"principal":"p","name":"n","policies":[]})");
  EXPECT_EQ(Outcome(CreateClient(permit, work.scope, input)),
            "ACCESS_DENIED: access denied: db:Insert on system.Client.document.principal");
  EXPECT_EQ(Outcome(DeleteClient(permit, work.scope, kTestPrincipal)),
            "ACCESS_DENIED: access denied: db:Select on system.Client");
  EXPECT_EQ(Outcome(DeleteTenant(permit, work.scope, "Root")),
            "ACCESS_DENIED: access denied: db:Select on tenancy.Tenant");
}

// ---- Groups and users.

class GroupTest : public AccessTest {
 protected:
  std::string AddGroup(std::uint8_t number, std::string_view name, std::string_view policy) {
    boost::json::object input{{"id", Id(number).ToString()}, {"description", "d"}};
    input["name"] = name;
    input["policy"] = policy;
    return Run(tenant_, [&](WriteScope& scope) { return CreateGroup(all_, scope, input); });
  }
  std::string AddUser(std::uint8_t number, std::string_view email, boost::json::array groups) {
    boost::json::object input{{"id", Id(number).ToString()}, {"groupIds", std::move(groups)}};
    input["email"] = email;
    return Run(tenant_, [&](WriteScope& scope) { return CreateUser(all_, scope, input); });
  }
};

constexpr std::string_view kReaders =
    R"([{"effect":"ALLOW","actions":["db:Select"],"resources":["financial.*"]}])";

TEST_F(GroupTest, AUserHasThePoliciesOfAllGroups) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddGroup(2, "empty", "[]"), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {Id(1).ToString(), Id(2).ToString()}), "ok");
  const auto access = Must(Resolve("Root", kOther, "a@example.com"));
  EXPECT_EQ(access->client, "");
  EXPECT_THAT(access->groups, ElementsAre("readers", "empty"));
  EXPECT_EQ(access->policies->policies().size(), 1U);
  const auto both = Must(Resolve("Root", kTestPrincipal, "a@example.com"));
  EXPECT_EQ(both->client, "administrator");
  EXPECT_EQ(both->policies->policies().size(), 2U) << "decided together";
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "b@example.com")), kNobody);
  EXPECT_EQ(Outcome(Resolve("Nowhere", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, AUserWithoutGroupsHasNoAccess) {
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, NobodyIsInAGroupThatIsGone) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {Id(1).ToString()}), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteGroup(all_, s, "readers"); }), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
  ASSERT_EQ(AddGroup(1, "writers", kReaders), "ok") << "the same id again";
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, AUserMovesBetweenGroups) {
  ASSERT_EQ(AddGroup(1, "readers", kReaders), "ok");
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  boost::json::object input{{"email", "a@example.com"},
                            {"groupIds", boost::json::array{Id(1).ToString()}}};
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return UpdateUser(all_, s, input); }), "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), "ok");
  ASSERT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteUser(all_, s, "a@example.com"); }),
            "ok");
  EXPECT_EQ(Outcome(Resolve("Root", kOther, "a@example.com")), kNobody);
}

TEST_F(GroupTest, GroupsAndUsersAreChecked) {
  EXPECT_THAT(AddGroup(1, "g", "no json"), HasSubstr("JSON_PARSE_ERROR"));
  EXPECT_THAT(AddGroup(1, "g", R"([{"effect":"ALLOW"}])"), HasSubstr("BAD_REQUEST: policies[0]"));
  EXPECT_THAT(AddUser(3, "a@example.com", {Id(9).ToString()}),
              HasSubstr("User.references.group_ids foreign key violation"));
  EXPECT_THAT(AddUser(3, "nobody", {}), HasSubstr("`email` has to be an e-mail address"));
  ASSERT_EQ(AddUser(3, "a@example.com", {}), "ok");
  EXPECT_THAT(AddUser(4, "a@example.com", {}), HasSubstr("User.indexes.email unique"));
}

// ---- Recovery, and policies that no longer compile.

constexpr std::string_view kManages =
    R"([{"effect":"ALLOW","actions":["UPDATE"],"resources":["system.Client"]}])";

TEST_F(AccessTest, NobodyLocksEverybodyOut) {
  const boost::json::object none = JsonObject(R"({"policies":[]})");
  const auto update = [&](WriteScope& s) { return UpdateClient(all_, s, kTestPrincipal, none); };
  const auto remove = [&](WriteScope& s) { return DeleteClient(all_, s, kTestPrincipal); };
  constexpr std::string_view kRefused =
      "BAD_REQUEST: nobody could write the clients of this tenant any more";
  EXPECT_EQ(Run(tenant_, update), kRefused);
  EXPECT_EQ(Run(tenant_, remove), kRefused);
  ASSERT_EQ(AddClient(tenant_, kOther, kManages), "ok");
  EXPECT_EQ(Run(tenant_, update), "ok");
  EXPECT_EQ(Run(tenant_, remove), "ok");
  EXPECT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), kRefused);
}

TEST_F(AccessTest, AnInheritedManagerIsNotHiddenWithoutAnother) {
  ASSERT_EQ(AddTenant(tenant_, 1, "Child"), "ok");
  EXPECT_THAT(AddClient({Id(1)}, kTestPrincipal, "[]", "mine"), HasSubstr("nobody could write"));
  ASSERT_EQ(AddClient({Id(1)}, kOther, kManages), "ok");
  EXPECT_EQ(AddClient({Id(1)}, kTestPrincipal, "[]", "mine"), "ok");
  EXPECT_THAT(Run({Id(1)}, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }),
              HasSubstr("nobody could write"));
}

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
