// One operation on its way through GraphqlApi.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api/graphql_api.h"
#include "api/operation_context.h"

namespace strongroom::api {

// The answer to an operation that could not be begun: 403 for access, 503 for what may work later.
OperationAnswer RefusalOf(const base::Error& error);

// Kept alive by whoever has the next step to do.
class RunningOperation : public std::enable_shared_from_this<RunningOperation> {
 public:
  static void Run(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done);

 private:
  using Steady = std::chrono::steady_clock::time_point;
  // What a permit is made from; all of it is read through one reader.
  struct Entry {
    std::shared_ptr<const ledger::Access> access;
    std::optional<authz::Permit> permit;
  };

  RunningOperation(GraphqlApi& api, OperationRequest request, GraphqlApi::Done done);

  // Each of these answers, or goes on to the next.
  void Begin();
  void Query();
  void Mutate();
  void ExecuteMutation(std::unique_ptr<storage::Transaction> transaction);

  base::Result<Entry> Enter(storage::Reader& reader);
  base::Status CheckDeadline() const;
  graphql::Response Execute(OperationContext& context);
  base::Result<std::vector<storage::SpaceId>> PlanSpaces();
  base::Result<std::unique_ptr<storage::Transaction>> BeginTransaction(
      const std::vector<storage::SpaceId>& spaces);
  // After the transaction has ended: `status` is of its commit or roll-back.
  void Ended(graphql::Response response, base::Status status, bool access_changed);
  void Finish(graphql::Response response);
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
  OperationAnswer answer_;
  base::Timestamp now_;
  Steady deadline_;
  std::unique_ptr<storage::Snapshot> snapshot_;
  std::optional<ledger::ReadScope> scope_;
  Entry entry_;
  OperationContext context_;
  std::optional<graphql::Operation> operation_;
  std::optional<graphql::Variables> variables_;
};

}  // namespace strongroom::api
