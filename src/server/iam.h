// Iam: the IAM exchange as the server runs it: its settings, its keys in the store, its endpoint.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "authn/iam/endpoint.h"
#include "authn/verifier.h"
#include "server/issuer_keys.h"
#include "server/settings.h"

namespace strongroom::server {

// The issuer's name; "" when there is no exchange.
std::string IssuerOf(const IamSettings& settings);

class Iam {
 public:
  using IsRegistered = std::function<bool(std::string_view principal)>;

  // Null when the settings name no auth URL. Fails with what the operator should do about it. The
  // references must outlive it.
  static base::Result<std::unique_ptr<Iam>> Open(const IamSettings& settings, storage::Store& store,
                                                 net::HttpFetcher& fetcher,
                                                 const base::Clock& clock, base::Random& random,
                                                 IsRegistered is_registered);

  // How our tokens are verified: with these keys, for this audience.
  void Configure(authn::VerifierOptions& options) const;
  // Rotates keys when that is due, and tells the verifier. May wait for a commit.
  void Tick(authn::TokenVerifier& verifier);
  // Makes the next key before its time, and tells the verifier; false if one waits already. Waits
  // for a commit. Thread-safe with Tick().
  base::Result<bool> RotateNow(authn::TokenVerifier& verifier);

  authn::iam::Endpoint& endpoint() { return *endpoint_; }

 private:
  Iam(const IamSettings& settings, storage::Store& store, const base::Clock& clock)
      : settings_(settings), keys_(store), clock_(clock) {}

  const IamSettings settings_;
  IssuerKeys keys_;
  const base::Clock& clock_;
  std::mutex telling_;  // so that the verifier never gets older keys after newer ones
  std::chrono::steady_clock::time_point looked_at_{};
  std::unique_ptr<authn::iam::Issuer> issuer_;
  std::unique_ptr<authn::iam::Exchange> exchange_;
  std::unique_ptr<authn::iam::Endpoint> endpoint_;
};

}  // namespace strongroom::server
