// SPEC 4.1.12: decisions that are kept, in a ring per tenant
#include "ledger/decisions.h"

#include "base/random.h"
#include "ledger/document_json.h"
#include "ledger/limits.h"
#include "ledger/testing.h"

namespace strongroom::ledger {
namespace {

class Decisions : public BootstrappedTest {
 protected:
  authz::Decision NewDecision(std::string resource = "financial.Account.document.name") {
    authz::Decision decision;
    decision.id = base::NewTimeOrderedUuid(base::SystemRandom(), now_).ToString();
    decision.resource = std::move(resource);
    decision.time = now_;
    return decision;
  }
  // Its resource; empty when it is not there.
  std::string Find(const DecisionLog& log, std::string_view id, storage::SpaceId tenant) {
    const auto found = Must(log.Find(tenant, Must(base::ParseUuid(id))));
    return found == nullptr ? "" : found->resource;
  }
};

TEST_F(Decisions, AreFoundBeforeAndAfterTheyAreWritten) {
  const authz::Decision decision = NewDecision();
  {
    DecisionLog log(*store_);
    log.Keep(tenant_, {decision});
    EXPECT_EQ(Find(log, decision.id, tenant_), decision.resource);
  }
  const DecisionLog later(*store_);
  EXPECT_EQ(Find(later, decision.id, tenant_), decision.resource);
  EXPECT_EQ(later.dropped(), 0U);
}

TEST_F(Decisions, OfAnotherTenantAreNotFound) {
  const authz::Decision decision = NewDecision();
  { DecisionLog(*store_).Keep(tenant_, {decision}); }
  DecisionLog log(*store_);
  EXPECT_EQ(Find(log, decision.id, storage::kInstallation), "");
  log.Keep(tenant_, {NewDecision()});
  EXPECT_EQ(Find(log, NewDecision().id, tenant_), "");
}

TEST_F(Decisions, TheOldestMakesRoom) {
  std::vector<authz::Decision> all;
  for (std::uint64_t i = 0; i < limits::kDecisionsMax + 2; ++i) all.push_back(NewDecision());
  for (std::size_t i = 0; i < all.size(); i += 500) {
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(i);
    const auto count = static_cast<std::ptrdiff_t>(std::min<std::size_t>(500, all.size() - i));
    DecisionLog(*store_).Keep(tenant_, {from, from + count});
  }
  const DecisionLog log(*store_);
  EXPECT_EQ(Find(log, all[0].id, tenant_), "");
  EXPECT_EQ(Find(log, all[1].id, tenant_), "");
  EXPECT_NE(Find(log, all[2].id, tenant_), "");
  EXPECT_NE(Find(log, all.back().id, tenant_), "");
}

TEST_F(Decisions, OfATenantThatIsGoneAreDropped) {
  DecisionLog log(*store_);
  log.Keep(storage::SpaceId{Id(9)}, {NewDecision()});
  while (log.dropped() == 0) std::this_thread::yield();
  EXPECT_EQ(log.dropped(), 1U);
}

TEST_F(Decisions, OfOneTenantMakeItsOwnOldestGo) {
  const storage::SpaceId quiet = storage::kInstallation;
  const authz::Decision of_quiet = NewDecision();
  std::vector<authz::Decision> flood;
  for (std::size_t i = 0; i < limits::kDecisionsWaitingOfTenantMax + 100; ++i)
    flood.push_back(NewDecision());
  DecisionLog log(*store_);
  const auto held = storage::BeginOn(*store_, {tenant_, quiet});  // nothing can be written
  log.Keep(quiet, {of_quiet});
  log.Keep(tenant_, flood);
  EXPECT_EQ(log.dropped(), 100U);
  EXPECT_EQ(Find(log, flood[99].id, tenant_), "");
  EXPECT_NE(Find(log, flood[100].id, tenant_), "");
  EXPECT_NE(Find(log, flood.back().id, tenant_), "");
  EXPECT_NE(Find(log, of_quiet.id, quiet), "");
}

TEST_F(Decisions, AStopIsBoundedHoweverManyTenantsWait) {
  std::vector<storage::SpaceId> tenants;
  for (std::uint8_t i = 1; i <= 40; ++i) {
    tenants.push_back({Id(i)});
    ASSERT_EQ(Outcome(storage::MakeSpace(*store_, tenants.back())), "ok");
  }
  const auto held = storage::BeginOn(*store_, tenants);
  const auto began = std::chrono::steady_clock::now();
  {
    DecisionLog log(*store_);
    for (const storage::SpaceId tenant : tenants) log.Keep(tenant, {NewDecision()});
  }
  // Five seconds for one tenant would be 200 for all.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(100));
}

TEST_F(Decisions, MoreThanMayWaitAreDropped) {
  DecisionLog log(*store_);
  authz::Decision large = NewDecision();
  large.policies.resize(limits::kDecisionTracesWaitingMax + 1);
  log.Keep(tenant_, {large, NewDecision()});
  EXPECT_EQ(log.dropped(), 1U);
  EXPECT_EQ(Find(log, large.id, tenant_), "");
}

TEST_F(Decisions, ADenialNamesItsDecisionAndTheDocumentIsTold) {
  auto set = Must(authz::PolicySet::Compile(
      Must(authz::ParsePolicies(R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],
          "assertions":{"named":"context.document.name == 'x'"}}])")),
      engine_->catalog().rights()));
  authz::TokenContext token{std::make_shared<const boost::json::object>(), "p", "Root"};
  authz::Permit::Options options;
  options.decision_id = [] { return std::string("an id"); };
  const auto permit = authz::Permit::Grant(
      Must(authz::FoldedPolicies::Fold(std::move(set), std::move(token))), now_, options);
  const Ledger& ledger = engine_->catalog().At(LedgerId::kAccount);
  const Document account = Must(DocumentFromJson(ledger, JsonObject(R"({"name":"cash"})")));
  const base::Error denied =
      AccessDenied(permit, authz::Action::kSelect, "financial.Account.document.code", &account);
  EXPECT_EQ(boost::json::serialize(*denied.details),
            R"({"action":"db:Select","resource":"financial.Account.document.code",)"
            R"("decisionId":"an id"})");
  const auto kept = permit.TakeKept();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].policies.at(0).assertions.at(0).seen.at(0).value, "\"cash\"");
}

TEST_F(Decisions, DocumentsByHandHaveStoredNamesAndTheLedgersTypes) {
  const Ledger& ledger = engine_->catalog().At(LedgerId::kAccount);
  const auto read = [&](std::string_view text) {
    return DocumentFromJson(ledger, JsonObject(text));
  };
  const Document account = Must(read(
      R"({"account_id":"8cd11607-1104-4270-9482-ae4b8053fd5a","status":"ACTIVE","metadata":{"a":1}})"));
  EXPECT_EQ(account.At("account_id").Get<base::Uuid>().ToString(),
            "8cd11607-1104-4270-9482-ae4b8053fd5a");
  EXPECT_TRUE(account.At("name").IsNull());
  EXPECT_EQ(Outcome(read(R"({"accountId":1})")),
            "BAD_REQUEST: financial.Account has no property `accountId`");
  EXPECT_EQ(Outcome(read(R"({"status":"FOO"})")).substr(0, 16), "ENUM_PARSE_ERROR");
}

}  // namespace
}  // namespace strongroom::ledger
