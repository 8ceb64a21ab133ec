// A whole installation in process: a real store, the ledger over it and the GraphQL that is served,
// everything random from one seed. Two of them that were told the same hold the same bytes.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>

#include "api/graphql_api.h"
#include "authn/testing.h"
#include "authn/verifier.h"
#include "ledger/access.h"
#include "ledger/administration.h"
#include "ledger/testing.h"

namespace strongroom::oracle {

inline const std::string kOperator = "https://operator.example";  // may do everything
inline const std::string kPrincipal = "https://issuer.example";   // whom the tests are about

class SeededRandom : public base::Random {
 public:
  void Seed(std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    engine_.seed(seed);
  }
  void Fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_{1};
};

using Claims = std::shared_ptr<const authn::VerifiedClaims>;

// What a verified token of this issuer says.
inline Claims ClaimsOf(const std::string& issuer_name, const boost::json::object& more = {}) {
  const authn::DevIssuer issuer = authn::MakeIssuer(issuer_name);
  authn::FakeFetcher fetcher;
  authn::VerifierOptions options;
  options.local_issuers.push_back({issuer.issuer(), issuer.Keys(), false});
  options.is_registered = [](std::string_view) { return true; };
  authn::TokenVerifier verifier(std::move(options), fetcher, base::SystemClock());
  Claims claims;
  verifier.Verify(issuer.Sign(more, base::SystemClock(), base::SystemRandom()).value(), "test",
                  [&](authn::Verification verified) { claims = std::move(verified.claims); });
  STRONGROOM_CHECK(claims != nullptr);
  return claims;
}

class Database {
 public:
  // Its clock stands still.
  explicit Database(base::Timestamp now)
      : clock(now),
        store(storage::OpenStore(storage::TestOptions(directory_))),
        engine(ledger::Must(ledger::Engine::Open(*store, random, {.own_issuer = "https://own"}))),
        root(ledger::Must(ledger::Bootstrap(*store, *engine, now,
                                            {.organization = "acme",
                                             .account_id = "Root",
                                             .tenant_name = "root",
                                             .principal = kOperator}))
                 .tenant),
        access(ledger::Must(ledger::AccessDirectory::Open(*store, *engine))),
        api_(
            ledger::Must(api::GraphqlApi::Make({*store, *engine, *access, clock}, {},
                                               [](const std::function<void()>& task) { task(); }))),
        all(authz::Permit::UnrestrictedForHost(engine->catalog().rights(), "Root", now)) {}
  ~Database() { api_->WaitIdle(); }

  api::OperationAnswer Run(const Claims& claims, const std::string& account_id,
                           const std::string& query) {
    api::OperationRequest request;
    request.claims = claims;
    request.account_id = account_id;
    request.graphql.query = query;
    std::promise<api::OperationAnswer> promise;
    auto answer = promise.get_future();
    api_->Run(std::move(request),
              [&promise](api::OperationAnswer made) { promise.set_value(std::move(made)); });
    return answer.get();
  }
  // Status and body.
  std::string Ask(const Claims& claims, const std::string& account_id, const std::string& query) {
    const api::OperationAnswer answer = Run(claims, account_id, query);
    return std::to_string(answer.status) + " " + answer.body;
  }

 private:
  storage::TemporaryDirectory directory_;

 public:
  SeededRandom random;
  base::ManualClock clock;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<ledger::Engine> engine;
  storage::SpaceId root;
  std::unique_ptr<ledger::AccessDirectory> access;

 private:
  std::unique_ptr<api::GraphqlApi> api_;

 public:
  authz::Permit all;
};

}  // namespace strongroom::oracle
