// One operation on its way through GraphqlApi.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api/graphql_api.h"
#include "api/operation_context.h"
#include "ledger/audit/record.h"

namespace strongroom::api {

// The answer to an operation that could not be begun: 403 for access, 503 for what may work later.
OperationAnswer RefusalOf(const base::Error& error);

// Kept alive by whoever has the next step to do.
class RunningOperation : public std::enable_shared_from_this<RunningOperation> {
 public:
  static void Run(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done);
  // See GraphqlApi::TryRun.
  static bool Attempt(GraphqlApi& api, OperationRequest& request, const GraphqlApi::Done& done);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  // What a permit is made from; all of it is read through one reader.
  struct Entry {
    std::shared_ptr<const ledger::Access> access;
    std::optional<authz::Permit> permit;
  };

  RunningOperation(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done,
                   storage::Reach reach);

  // Each of these answers, or goes on to the next, or gives up an attempt.
  void Begin();
  void BeginAttempt();
  void Operate();
  void Query();
  void Mutate();
  void ExecuteMutation(std::unique_ptr<storage::Transaction> transaction);

  base::Result<Entry> Enter(storage::Reader& reader);
  authz::Permit Permit(std::shared_ptr<const authz::FoldedPolicies> folded);
  bool HasGivenUp() const { return given_up_ || (snapshot_ && snapshot_->has_given_up()); }
  base::Status CheckDeadline() const;
  graphql::Response Execute(OperationContext& context);
  base::Result<std::vector<storage::SpaceId>> PlanSpaces();
  base::Result<std::unique_ptr<storage::Transaction>> BeginTransaction(
      const std::vector<storage::SpaceId>& spaces);
  // After the transaction has ended: `status` is of its commit or roll-back.
  void Ended(graphql::Response response, base::Status status, bool access_changed);
  void Finish(graphql::Response response);
  // The decisions of a mutation, in its own transaction.
  base::Status Audit(ledger::WriteScope& scope);
  // Denials, dry runs and reads, which no transaction carries. False: they can't be recorded, and
  // so not answered.
  bool Record();
  ledger::audit::Source Source() const;
  // Asked once: sampling counts.
  bool AuditsReads(const authz::PermitNotes& notes) const;
  // 503, whatever the answer would have been.
  void Close(const base::Error& error);
  void Refuse(const graphql::RequestErrors& errors);
  void Fail(const base::Error& error);
  void Answer(int status, std::string body);

  // The first member, so that it goes last: when none is counted, nothing of them is left.
  struct Counted {
    explicit Counted(std::atomic<std::size_t>& running_in) : running(running_in) { ++running; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --running; }
    std::atomic<std::size_t>& running;
  };

  Counted counted_;
  GraphqlApi& api_;
  OperationRequest request_;
  GraphqlApi::Done done_;
  const storage::Reach reach_;     // kMemory: this is an attempt
  mutable bool given_up_ = false;  // an attempt: whatever comes out of it is not answered
  OperationAnswer answer_;
  base::Timestamp now_;
  Steady deadline_;
  std::unique_ptr<storage::Snapshot> snapshot_;
  std::optional<ledger::ReadScope> scope_;
  Entry entry_;
  OperationContext context_;
  std::optional<graphql::Operation> operation_;
  std::optional<graphql::Variables> variables_;
  std::vector<storage::SpaceId> audited_;  // chains that this operation's transaction extends
  bool reads_told_ = false;                // by this operation's transaction
  std::vector<graphql::Variables> repeats_;
};

}  // namespace strongroom::api
