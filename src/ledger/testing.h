// What tests of the ledger, and of what stands on it, share: a real store in a temporary directory,
// bootstrapped, and permits from policies.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authz/policy_set.h"
#include "base/json.h"
#include "ledger/bootstrap.h"
#include "ledger/engine.h"
#include "ledger/posting/tran_code_cache.h"
#include "ledger/read.h"
#include "storage/testing.h"

namespace strongroom::ledger {

inline constexpr std::string_view kAllRights =
    R"([{"effect":"ALLOW","actions":["*"],"resources":["*"]}])";
inline constexpr std::string_view kTestPrincipal = "https://issuer.example";

// "CODE: message", or "ok".
template <typename T>
std::string Outcome(const base::Result<T>& result) {
  if (result.ok()) return "ok";
  return std::string(base::ErrorCodeName(result.error().code)) + ": " + result.error().message;
}

// The value, or a failure of the test and the end of the program.
template <typename T>
T Must(base::Result<T> result) {
  if (!result.ok()) ADD_FAILURE() << Outcome(result);
  return std::move(result).value();
}

inline boost::json::object JsonObject(std::string_view text) {
  return Must(base::ParseJson(text)).as_object();
}

inline base::Uuid Id(std::uint8_t number) {
  base::Uuid id;
  id.bytes.fill(0xAA);
  id.bytes[15] = number;
  return id;
}

class BootstrappedTest : public testing::Test {
 protected:
  BootstrappedTest()
      : store_(storage::OpenStore(storage::TestOptions(directory_))),
        engine_(Must(Engine::Open(*store_, base::SystemRandom(), {.own_issuer = "https://own"}))),
        tenant_(Must(Bootstrap(*store_, *engine_, now_,
                               {.organization = "acme",
                                .account_id = "Root",
                                .tenant_name = "root",
                                .principal = std::string(kTestPrincipal)}))
                    .tenant) {}

  // Policies as a group holds them.
  authz::Permit PermitOf(std::string_view policies, std::string_view claims = "{}") const {
    auto set = Must(authz::PolicySet::Compile(Must(authz::ParsePolicies(policies)),
                                              engine_->catalog().rights()));
    authz::TokenContext token{std::make_shared<const boost::json::object>(JsonObject(claims)),
                              std::string(kTestPrincipal), "Root"};
    return authz::Permit::Grant(Must(authz::FoldedPolicies::Fold(std::move(set), std::move(token))),
                                now_);
  }

  // A transaction with its scope. Dropped unless it is committed.
  struct Work {
    std::unique_ptr<storage::Transaction> transaction;
    WriteScope scope;
    std::string Commit() { return Outcome(storage::CommitAndWait(*transaction)); }
  };
  Work Begin() { return BeginIn(tenant_); }
  Work BeginIn(storage::SpaceId tenant, std::vector<storage::SpaceId> more = {}) {
    more.push_back(tenant);
    more.push_back(storage::kInstallation);
    auto transaction = storage::BeginOn(*store_, std::move(more));
    WriteScope scope(*engine_, *transaction, tenant, now_);
    return Work{std::move(transaction), std::move(scope)};
  }

  storage::TemporaryDirectory directory_;
  base::Timestamp now_{std::chrono::seconds(1769581445)};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<Engine> engine_;
  storage::SpaceId tenant_;
};

}  // namespace strongroom::ledger
