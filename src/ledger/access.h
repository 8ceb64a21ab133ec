// Who may come in: principals, tenants, and the policies that a request brings. What the request
// path asks before any ledger call.
//
// Everything that decides is read from the store, in the request's own snapshot or transaction:
// one record, the policy epoch, changes with every change of a client, tenant, group or user,
// another with every change of the tenant's custom indexes, and what is cached counts only for the
// ones it was made in. So a change is in force for every
// request that starts after the mutation's reply, and one set of policies serves a whole request.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authz/policy_set.h"
#include "base/uuid.h"
#include "ledger/engine.h"
#include "storage/store.h"

namespace strongroom::ledger {

// What a principal brings to a tenant.
struct Access {
  storage::SpaceId tenant;
  std::string account_id;
  std::string client;            // name of the nearest client; empty when only groups count
  storage::SpaceId client_home;  // the tenant that the client is stored in
  std::int64_t client_version = 0;
  std::vector<std::string> groups;  // names
  // The client's policies and those of the groups, decided together. The same pointer for the same
  // epoch and principal: what is folded from it may be kept beside it.
  std::shared_ptr<const authz::PolicySet> policies;
  std::uint64_t epoch = 0;
  // The custom indexes that the policies were compiled with: indexes/index_set.h.
  base::Uuid index_set;
};

struct AccessRequest {
  std::string_view account_id;  // the header
  std::string_view principal;
  // The verified e-mail of a token from the configured console issuer; empty otherwise.
  std::string_view email;
};

// Thread-safe. Must not outlive engine and store.
class AccessDirectory {
 public:
  // Loads the registered principals.
  static base::Result<std::unique_ptr<AccessDirectory>> Open(storage::Store& store, Engine& engine);
  ~AccessDirectory();

  // Whether a client of any tenant has this principal: asked before any network call (SPEC 3.2).
  // In memory, as of the last Refresh(): callers may be threads that must not block, and strangers
  // may ask as often as they like.
  bool IsRegisteredPrincipal(std::string_view principal) const;
  // All of them, in no order.
  std::vector<std::string> Principals() const;

  // What Resolve would give, if it was asked for before under the same policies: else null. Reads
  // one record and computes nothing.
  std::shared_ptr<const Access> Known(storage::Reader& reader, const AccessRequest& request) const;

  // kAccessDenied, with one and the same text, for a tenant that isn't there and for one without a
  // client for the principal (403). Other errors are failures of the engine.
  base::Result<std::shared_ptr<const Access>> Resolve(storage::Reader& reader,
                                                      const AccessRequest& request) const;

  // The space of the tenant with this accountId, to begin transactions with; nothing if there is
  // none. Tells nothing to callers: not to be answered with.
  base::Result<std::optional<storage::SpaceId>> FindTenant(storage::Reader& reader,
                                                           std::string_view account_id) const;

  // After a commit with WriteScope::access_changed and before its reply. Forgets what is outdated,
  // and reads who is registered; who shares the store with other processes has to call it for their
  // commits too.
  base::Status Refresh();

  // What is wrong with stored policies that were loaded so far (they count as DENY): for readiness.
  std::vector<std::string> Defects() const;

 private:
  struct State;
  explicit AccessDirectory(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace strongroom::ledger
