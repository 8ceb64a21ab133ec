// The fixture of tests about who may come in.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/access.h"
#include "ledger/administration.h"
#include "ledger/testing.h"

namespace strongroom::ledger {

inline constexpr std::string_view kOther = "https://other.example";
inline constexpr std::string_view kRole = "arn:aws:iam::123456789012:role/Ops";
inline constexpr std::string_view kNobody =
    "ACCESS_DENIED: access denied: the token has no client in this account";
// Policies of a client that may write clients.
inline constexpr std::string_view kManages =
    R"([{"effect":"ALLOW","actions":["UPDATE"],"resources":["system.Client"]}])";

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

}  // namespace strongroom::ledger
