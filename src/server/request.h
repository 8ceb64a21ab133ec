// The way of a request (SPEC 3), from bytes that the network has read to bytes that it sends.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/graphql_api.h"
#include "authn/iam/endpoint.h"
#include "net/body_budget.h"
#include "net/server.h"
#include "server/audit_log.h"
#include "server/door.h"
#include "server/metrics.h"
#include "server/tenant_shares.h"
#include "server/worker_pool.h"

namespace strongroom::server {

class RequestPath {
 public:
  // All of them outlive the path, and its requests.
  struct Parts {
    const Door& door;
    api::GraphqlApi& graphql;
    WorkerPool& workers;
    TenantShares& shares;
    AuditLog& audit;
    Metrics& metrics;
    const base::Clock& clock;
    // Whether the audit log takes what would be written: asked before tokens are vended.
    std::function<base::Status()> may_write;
    // The IAM exchange; may be null.
    authn::iam::Endpoint* iam = nullptr;
    // Of the bodies of requests that wait for keys or a worker, or run, in all; others get 503.
    std::size_t body_bytes_max = base::limits::kHttpBufferedBytesMax;
  };
  explicit RequestPath(Parts parts) : parts_(std::move(parts)), bodies_(parts_.body_bytes_max) {}

  // A net::Handler: called on a loop thread, never blocks.
  void Handle(net::Request request, net::Responder responder);

 private:
  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  void Open(const ExchangePtr& exchange);
  void Authenticate(const ExchangePtr& exchange);
  void Route(const ExchangePtr& exchange);
  enum class Thread { kMustNotBlock, kMayBlock };
  void Graphql(const ExchangePtr& exchange, Thread thread);
  void OnWorker(const ExchangePtr& exchange, std::function<void()> task);
  void Schema(const ExchangePtr& exchange);
  void TurnAway(const ExchangePtr& exchange, const TurnedAway& away);
  void Answer(const ExchangePtr& exchange, api::OperationAnswer answer);
  void Busy(const ExchangePtr& exchange);
  void Problem(const ExchangePtr& exchange, int status, const base::Error& error);
  void Send(const ExchangePtr& exchange, net::Response response);

  Parts parts_;
  net::BodyBudget bodies_;
};

}  // namespace strongroom::server
