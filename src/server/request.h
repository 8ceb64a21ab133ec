// The way of a request (SPEC 3), from bytes that the network has read to bytes that it sends.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "api/graphql_api.h"
#include "authn/iam/endpoint.h"
#include "authn/verifier.h"
#include "base/random.h"
#include "net/server.h"
#include "server/audit_log.h"
#include "server/metrics.h"
#include "server/worker_pool.h"

namespace strongroom::server {

class RequestPath {
 public:
  // All of them outlive the path, and its requests.
  struct Parts {
    authn::TokenVerifier& verifier;
    api::GraphqlApi& graphql;
    WorkerPool& workers;
    AuditLog& audit;
    Metrics& metrics;
    const base::Clock& clock;
    base::Random& random;
    // Whose tokens name users of the organization by their verified e-mail; empty: nobody's.
    std::string console_issuer;
    // The IAM exchange; may be null.
    authn::iam::Endpoint* iam = nullptr;
  };
  explicit RequestPath(Parts parts) : parts_(std::move(parts)) {}

  // A net::Handler: called on a loop thread, never blocks.
  void Handle(net::Request request, net::Responder responder);

 private:
  struct Exchange;
  using ExchangePtr = std::shared_ptr<Exchange>;

  void Open(const ExchangePtr& exchange);
  void Authenticate(const ExchangePtr& exchange);
  void Authenticated(const ExchangePtr& exchange, authn::Verification verification);
  void Route(const ExchangePtr& exchange);
  enum class Thread { kMustNotBlock, kMayBlock };
  void Graphql(const ExchangePtr& exchange, Thread thread);
  void OnWorker(const ExchangePtr& exchange, std::function<void()> task);
  void Schema(const ExchangePtr& exchange);
  void RefuseToken(const ExchangePtr& exchange, authn::Refusal refusal,
                   std::chrono::seconds retry_after);
  void Answer(const ExchangePtr& exchange, api::OperationAnswer answer);
  void Problem(const ExchangePtr& exchange, int status, const base::Error& error);
  void Send(const ExchangePtr& exchange, net::Response response);
  std::string VerifiedEmail(const authn::VerifiedClaims& claims) const;

  Parts parts_;
};

}  // namespace strongroom::server
