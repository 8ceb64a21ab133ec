// What is answered on a thread that must not block (GraphqlApi::TryRun).
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <future>

#include "api/graphql_api.h"
#include "authn/testing.h"
#include "authn/verifier.h"
#include "ledger/access_testing.h"

namespace strongroom::api {
namespace {

using storage::Reach;

// Has whatever is read in memory, or nothing of it.
class ReachedStore : public storage::Store {
 public:
  explicit ReachedStore(storage::Store& store) : store_(store) {}
  base::Result<std::unique_ptr<storage::Snapshot>> Read(Reach reach) override {
    STRONGROOM_ASSIGN(auto snapshot, store_.Read(reach));
    if (reach == Reach::kMemory && cold) {
      for (std::size_t i = 0; i <= storage::kMemoryReadsMax; ++i)
        (void)snapshot->Get(storage::kInstallation, "nothing");
    }
    return snapshot;
  }
  base::Result<std::unique_ptr<storage::Transaction>> Begin(
      std::vector<storage::SpaceId> spaces, std::chrono::milliseconds wait_max) override {
    return store_.Begin(std::move(spaces), wait_max);
  }
  storage::Health GetHealth() const override { return store_.GetHealth(); }
  storage::Stats GetStats() const override { return store_.GetStats(); }

  bool cold = false;

 private:
  storage::Store& store_;
};

class AttemptTest : public ledger::AccessTest {
 protected:
  AttemptTest() {
    EXPECT_EQ(AddClient(tenant_, ledger::kOther), "ok");
    auto made =
        GraphqlApi::Make({store_of_api_, *engine_, *directory_of_access_, base::SystemClock()}, {},
                         [](const std::function<void()>& task) { task(); });
    api_ = std::move(made).value();
    const authn::DevIssuer issuer = authn::MakeIssuer(std::string(ledger::kOther));
    authn::FakeFetcher fetcher;
    authn::VerifierOptions options;
    options.local_issuers.push_back({issuer.issuer(), issuer.Keys(), false});
    options.is_registered = [](std::string_view) { return true; };
    authn::TokenVerifier verifier(std::move(options), fetcher, base::SystemClock());
    verifier.Verify(issuer.Sign({}, base::SystemClock(), base::SystemRandom()).value(), "test",
                    [&](authn::Verification verified) { claims_ = std::move(verified.claims); });
  }
  ~AttemptTest() override { api_->WaitIdle(); }

  OperationRequest Asking(std::string_view document) {
    OperationRequest request;
    request.claims = claims_;
    request.account_id = "Root";
    request.graphql.query = document;
    return request;
  }
  std::string Run(std::string_view document) {
    std::promise<OperationAnswer> answer;
    api_->Run(Asking(document), [&](OperationAnswer made) { answer.set_value(std::move(made)); });
    return answer.get_future().get().body;
  }
  // The answer; nothing when it has to be run elsewhere, with the request as it was.
  std::optional<std::string> Try(std::string_view document) {
    std::optional<std::string> body;
    OperationRequest request = Asking(document);
    if (api_->TryRun(request, [&](OperationAnswer made) { body = std::move(made.body); }))
      return body.value();
    EXPECT_FALSE(body.has_value());
    EXPECT_EQ(request.claims, claims_);
    EXPECT_EQ(request.account_id, "Root");
    EXPECT_EQ(request.graphql.query, document);
    return std::nullopt;
  }

  ReachedStore store_of_api_{*store_};
  std::unique_ptr<GraphqlApi> api_;
  std::shared_ptr<const authn::VerifiedClaims> claims_;
};

constexpr std::string_view kQuery =
    R"({ account(id: "00000000-0000-0000-0000-000000000001") { code } })";

TEST_F(AttemptTest, AQueryThatIsKnownIsAnsweredAsItWouldBeElsewhere) {
  EXPECT_EQ(Try(kQuery), std::nullopt) << "its text was never seen";
  const std::string answer = Run(kQuery);
  EXPECT_EQ(Try(kQuery), answer);
}

TEST_F(AttemptTest, WhatIsNotInMemoryIsReadElsewhere) {
  const std::string answer = Run(kQuery);
  store_of_api_.cold = true;
  EXPECT_EQ(Try(kQuery), std::nullopt);
  store_of_api_.cold = false;
  EXPECT_EQ(Try(kQuery), answer);
}

TEST_F(AttemptTest, PoliciesThatHaveChangedAreReadElsewhere) {
  Run(kQuery);
  EXPECT_NE(Try(kQuery), std::nullopt);
  ASSERT_EQ(AddTenant(tenant_, 7, "Seven"), "ok");
  EXPECT_EQ(Try(kQuery), std::nullopt);
  Run(kQuery);
  EXPECT_NE(Try(kQuery), std::nullopt);
}

TEST_F(AttemptTest, NothingIsEverWritten) {
  constexpr std::string_view kMutation = R"(mutation { createAccount(input: {
      accountId: "00000000-0000-0000-0000-000000000009", name: "n", code: "c"}) { code } })";
  EXPECT_EQ(Run("{ __typename }").substr(0, 8), R"({"data":)");
  Run(kMutation);
  const auto commits = store_->GetStats().commits;
  EXPECT_EQ(Try(kMutation), std::nullopt);
  EXPECT_EQ(store_->GetStats().commits, commits);
}

TEST_F(AttemptTest, AdministrationIsAlwaysReadElsewhere) {
  constexpr std::string_view kWho = "{ auth { whoami { principal } } }";
  Run(kWho);
  EXPECT_EQ(Try(kWho), std::nullopt);
}

}  // namespace
}  // namespace strongroom::api
