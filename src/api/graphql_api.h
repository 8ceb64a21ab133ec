// GraphqlApi: the ledger as a GraphQL server, from a verified token and a GraphQL-over-HTTP request
// to an answer (SPEC 3.4 to 3.6). Knows HTTP's words (status, media type) and nothing of sockets.
//
// The way of an operation:
//   snapshot -> access (403) -> fold -> prepare -> bind -> [plan -> transaction -> access] ->
//   execute
//   -> commit or roll back -> answer
// Policies are read in the same snapshot or transaction as the data (security 6.25). A mutation is
// all or nothing: any error rolls it back (behaviour §2).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/fold_cache.h"
#include "authn/verified_claims.h"
#include "base/clock.h"
#include "graphql/engine.h"
#include "graphql/http_request.h"
#include "ledger/access.h"
#include "ledger/decisions.h"
#include "storage/store.h"

namespace strongroom::ledger::audit {
class Keeper;
}

namespace strongroom::api {

struct OperationRequest {
  std::shared_ptr<const authn::VerifiedClaims> claims;  // not null
  std::string account_id;
  std::string email;  // verified, of the console's issuer; mostly empty
  graphql::HttpGraphqlRequest graphql;
  // A mutation that names nothing but its tenant's own ledgers is executed once more for each of
  // these variables, in the same transaction: all of it happens, or nothing. The answer is that of
  // the last execution.
  std::vector<std::shared_ptr<const boost::json::object>> repeats;
  // When nobody waits for the answer any more; the api's own deadline holds besides.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  // Set when nobody waits already: the operation ends as soon as it looks, and nothing is stored.
  // May be null.
  std::shared_ptr<const std::atomic<bool>> cancelled;
  std::string request_id;  // for the audit log
};

// What is answered, and what the audit log wants to know of it.
struct OperationAnswer {
  int status = 200;
  graphql::MediaType media_type = graphql::MediaType::kJson;
  std::string_view allow;    // the `Allow` header of a 405
  bool retry_later = false;  // 503: with Retry-After
  std::string body;

  std::string client;     // name
  std::string operation;  // `query` or `mutation` and the operation's name
  std::vector<base::ErrorCode> codes;
  std::size_t executed = 0;  // repeats that were, the last one perhaps with an error
};

// Which queries the audit log tells of, besides their denials.
enum class AuditedReads { kNone, kSampled, kAll };

// Thread-safe.
class GraphqlApi {
 public:
  struct Options {
    graphql::Limits limits;
    bool introspection = true;
    std::size_t folded_tokens_max = base::limits::kTokenCacheEntriesMax;
    std::chrono::milliseconds deadline = base::limits::kRequestDeadline;
    // Told of every principal that got a client, after the commit: its keys are fetched ahead
    // (security 2.35). Must not block. May be empty.
    std::function<void(const std::string& principal)> on_principal;
    // Asked before a mutation begins; an error is its answer (503). May be empty.
    std::function<base::Status()> may_write;
    AuditedReads audited_reads = AuditedReads::kNone;
  };
  // All of them outlive the api.
  struct Parts {
    storage::Store& store;
    ledger::Engine& ledger;
    ledger::AccessDirectory& directory;
    const base::Clock& clock;
    // Null: nothing is audited, as in tests of other things.
    ledger::audit::Keeper* audit = nullptr;
  };
  using Done = std::function<void(OperationAnswer)>;
  // Runs work later, on a thread that may block.
  using Defer = std::function<void(std::function<void()>)>;

  // Fails only when the schema and its resolvers contradict each other, which is our mistake.
  static base::Result<std::unique_ptr<GraphqlApi>> Make(Parts parts, Options options, Defer defer);
  ~GraphqlApi();

  // Decisions that were not kept to be explained.
  std::uint64_t decisions_dropped() const { return decisions_.dropped(); }

  // The schema as text: for those who hold a token and a client.
  const std::string& sdl() const { return sdl_; }

  // Blocks while it reads; must run on a thread that may. `done` runs once, within the call or
  // later on the committing thread, and must not block.
  void Run(OperationRequest request, Done done);

  // For threads that must not block. True when the operation was answered within the call: a query
  // that is known, by a token that is, over records that are in memory, and not many of them.
  // Otherwise nothing has happened, and `request` is as it was, to be given to Run.
  bool TryRun(OperationRequest& request, const Done& done);

  // Goes on with what custom indexes left to do before the last stop.
  void ResumeIndexWork();
  // Background work ends after its current step.
  void BeginStop() { stopping_ = true; }
  // Returns when no operation runs any more; none may be begun meanwhile.
  void WaitIdle() const;

  // Whether the principal has a client in the tenant: nothing, or the refusal (403, 503). For
  // requests that are no operation.
  std::optional<OperationAnswer> Refuse(const authn::VerifiedClaims& claims,
                                        std::string_view account_id, std::string_view email);

 private:
  friend class RunningOperation;
  GraphqlApi(Parts parts, Options options, Defer defer);
  // A step of the tenant's index work, and then the next one.
  void WorkOnIndexes(storage::SpaceId tenant);

  Parts parts_;
  Options options_;
  Defer defer_;
  FoldCache folds_;
  ledger::DecisionLog decisions_;
  std::atomic<std::size_t> running_ = 0;
  std::atomic<std::uint64_t> queries_ = 0;
  std::atomic<bool> stopping_ = false;
  std::string sdl_;
  std::shared_ptr<const graphql::Engine> engine_;
};

// {"errors":[{"message":…,"extensions":{"code":…,"retriableError":…,"hint":…}}],"data":null}
std::string ErrorBody(const base::Error& error);

}  // namespace strongroom::api
