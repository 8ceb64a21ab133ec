// Door: the one way in, for GraphQL over HTTPS and for gRPC: credentials, token, addressed tenant
// (SPEC 3.2 to 3.4). What it finds goes to the audit record as it goes along.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "authn/verifier.h"
#include "base/random.h"
#include "server/audit_log.h"

namespace strongroom::server {

// Who is not let in, and what is answered: never why (security 1.29).
struct TurnedAway {
  int status = 401;
  base::Error error;
  std::chrono::seconds retry_after{0};  // at least 1 with 429 and 503
};

struct Entered {
  std::shared_ptr<const authn::VerifiedClaims> claims;
};

class Door {
 public:
  // All of them outlive the door.
  struct Parts {
    authn::TokenVerifier& verifier;
    base::Random& random;
    // Whose tokens name users of the organization by their verified e-mail; empty: nobody's.
    std::string console_issuer;
  };
  explicit Door(Parts parts) : parts_(std::move(parts)) {}

  // The record of a request that comes in.
  AuditRecord Record(const net::Request& request) const;

  // `head` and `audit` must live until `done` was called: once, now or later, on any thread.
  using Done = std::function<void(std::variant<TurnedAway, Entered>)>;
  void Enter(const net::Request& head, AuditRecord& audit, Done done) const;
  // The tenant of the one x-twisp-account-id; written into the record.
  std::optional<TurnedAway> Address(const net::Request& head, AuditRecord& audit) const;

  // Groups belong to users that the console's issuer vouches for (SPEC 3.4).
  std::string VerifiedEmail(const authn::VerifiedClaims& claims) const;

 private:
  Parts parts_;
};

}  // namespace strongroom::server
