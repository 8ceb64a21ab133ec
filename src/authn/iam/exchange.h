// Exchange: from a token that holds a presigned request to the identity behind it (SPEC 5,
// security §5).
//
// Checks, in this order: size, form, URL, host, parameters, date; the limits; the replay set; then
// STS is asked, once, with a request of our own making and our own x-twisp-aws-id. No packet leaves
// for a proof that was refused before that.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "authn/iam/identity.h"
#include "authn/iam/proof.h"
#include "authn/iam/sts_endpoints.h"
#include "authn/limits.h"
#include "base/limits.h"

namespace strongroom::authn::iam {

struct ExchangeOptions {
  std::string auth_url;  // what clients sign as x-twisp-aws-id; ends with a slash
  StsEndpoints endpoints;
  bool allow_root = false;
  bool allow_federated_users = false;  // their names are chosen by whoever federates them
  // Whether a client of the installation has this principal: its access keys are known then, and
  // strangers can't use up the limits for them. Thread-safe, fast. Empty: nobody's are.
  std::function<bool(std::string_view principal)> is_registered = nullptr;
  std::size_t per_second_max = base::limits::kIamExchangesPerSecondMax;
  std::size_t of_source_per_second_max = base::limits::kIamExchangesOfSourcePerSecondMax;
  std::size_t at_once_max = base::limits::kIamExchangesAtOnceMax;
  std::size_t strangers_per_second_max = kIamStrangersPerSecondMax;
  std::size_t strangers_at_once_max = kIamStrangersAtOnceMax;
  std::size_t replays_max = base::limits::kIamReplaysMax;
};

// Who it is, or why that is not known; and what the audit log gets either way.
struct Outcome {
  OrRefusal<Identity> identity = Refusal::kTokenMalformed;
  std::string access_key_id;
  std::string sts_host;
};

// Thread-safe.
class Exchange {
 public:
  using Done = std::function<void(Outcome)>;

  // `fetcher` and `clock` must outlive the exchange, and what it asked the fetcher for. `auth_url`
  // has to end with a slash.
  Exchange(ExchangeOptions options, net::HttpFetcher& fetcher, const base::Clock& clock);

  // `source` names who asks: the peer's address. `done` runs once: within the call, or on a thread
  // of the fetcher.
  void Identify(std::string_view token, std::string_view source, Done done);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace strongroom::authn::iam
