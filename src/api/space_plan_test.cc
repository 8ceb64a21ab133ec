// The spaces that a mutation is begun with.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <future>

#include "api/graphql_api.h"
#include "authn/testing.h"
#include "authn/verifier.h"
#include "ledger/access_testing.h"

namespace strongroom::api {
namespace {

using storage::SpaceId;

// Writes down what transactions are begun on.
class RecordingStore : public storage::Store {
 public:
  explicit RecordingStore(storage::Store& store) : store_(store) {}
  base::Result<std::unique_ptr<storage::Snapshot>> Read(storage::Reach reach) override {
    return store_.Read(reach);
  }
  base::Result<std::unique_ptr<storage::Transaction>> Begin(
      std::vector<SpaceId> spaces, std::chrono::milliseconds wait_max) override {
    begun = spaces;
    return store_.Begin(std::move(spaces), wait_max);
  }
  storage::Health GetHealth() const override { return store_.GetHealth(); }
  storage::Stats GetStats() const override { return store_.GetStats(); }

  std::vector<SpaceId> begun;

 private:
  storage::Store& store_;
};

class SpacePlanTest : public ledger::AccessTest {
 protected:
  // A verified token of kOther.
  std::shared_ptr<const authn::VerifiedClaims> Claims() {
    const authn::DevIssuer issuer = authn::MakeIssuer(std::string(ledger::kOther));
    authn::FakeFetcher fetcher;
    authn::VerifierOptions options;
    options.local_issuers.push_back({issuer.issuer(), issuer.Keys(), false});
    options.is_registered = [](std::string_view) { return true; };
    authn::TokenVerifier verifier(std::move(options), fetcher, base::SystemClock());
    std::shared_ptr<const authn::VerifiedClaims> claims;
    verifier.Verify(issuer.Sign({}, base::SystemClock(), base::SystemRandom()).value(), "test",
                    [&](authn::Verification verified) { claims = std::move(verified.claims); });
    return claims;
  }

  std::string Run(std::string_view document) {
    auto api = GraphqlApi::Make({recorded_, *engine_, *directory_of_access_, base::SystemClock()},
                                {}, [](const std::function<void()>& task) { task(); });
    OperationRequest request;
    request.claims = Claims();
    request.account_id = "Root";
    request.graphql.query = document;
    std::promise<OperationAnswer> answer;
    (*api)->Run(std::move(request), [&](OperationAnswer made) { answer.set_value(made); });
    std::string body = answer.get_future().get().body;
    (*api)->WaitIdle();
    return body;
  }

  RecordingStore recorded_{*store_};
};

constexpr std::string_view kTenants = R"(mutation {
  auth { deleteClient(principal: "https://nobody.example") { name } }
  admin {
    deleteTenant(accountId: "Seven") { accountId }
    createTenant(input: {id: "00000000-0000-0000-0000-000000000008", accountId: "Eight",
                         name: "n", description: "d"}) { accountId }
  }
})";

TEST_F(SpacePlanTest, AStrangerToTheOrganizationHoldsUpHisOwnTenantAlone) {
  ASSERT_EQ(AddTenant(tenant_, 7, "Seven"), "ok");
  ASSERT_EQ(AddClient(tenant_, ledger::kOther), "ok");
  EXPECT_THAT(Run(kTenants), testing::HasSubstr("ACCESS_DENIED"));
  EXPECT_THAT(recorded_.begun, testing::ElementsAre(tenant_));
}

}  // namespace
}  // namespace strongroom::api
