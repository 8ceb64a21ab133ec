// The way of a call of gRPC: the same door and the same audit log as of GraphQL (SPEC 3), then the
// services.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "grpc/call.h"
#include "grpc/health.h"
#include "server/door.h"
#include "server/metrics.h"
#include "server/tenant_shares.h"
#include "services/operation_runner.h"

namespace strongroom::server {

class GrpcPath {
 public:
  // All of them outlive the path, and its calls.
  struct Parts {
    const Door& door;
    api::GraphqlApi& graphql;
    services::OperationRunner::Submit submit;
    TenantShares& shares;
    AuditLog& audit;
    Metrics& metrics;
    const base::Clock& clock;
    bool reflection = false;
    std::chrono::seconds skew{0};  // by which tokens are taken after their end
  };
  explicit GrpcPath(Parts parts);

  // To be served by net::Server::StartStreams.
  net::StreamHandler handler();
  grpc::Health& health() { return health_; }

 private:
  void Enter(const grpc::CallPtr& call);
  using Outcome = std::variant<TurnedAway, Entered>;
  void Judged(const grpc::CallPtr& call, const AuditRecord& record, Outcome outcome);
  void Watch(const grpc::CallPtr& call);

  Parts parts_;
  services::OperationRunner runner_;
  grpc::Health health_;
  std::unordered_map<std::string_view, std::unique_ptr<const grpc::Method>> methods_;
};

}  // namespace strongroom::server
