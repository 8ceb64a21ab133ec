// TokenVerifier: from the bytes of a bearer token to VerifiedClaims (SPEC 3, security §1).
//
// Checks, in this order: size, form, header, algorithm, payload, issuer registered, key, signature,
// claims. No network and no public-key operation happens for an issuer that is not registered.
// The verdict is the same with a cold and a warm cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authn/key_cache.h"
#include "authn/key_set.h"
#include "authn/limits.h"
#include "authn/refusal.h"
#include "authn/verified_claims.h"
#include "base/clock.h"
#include "base/limits.h"

namespace strongroom::authn {

// What the tokens of an issuer must say beyond being valid.
struct IssuerRules {
  // The token must name one of these in `aud`; nullopt is the explicit word `any` (SPEC 3).
  std::optional<std::vector<std::string>> audiences;
  // The longest accepted time from `iat` (now, without one) to `exp`.
  std::chrono::seconds lifetime_max = base::limits::kTokenLifetimeMax;
};

// An issuer whose keys are ours: the IAM exchange, or the development issuer. Never fetched.
struct LocalIssuer {
  std::string issuer;
  std::shared_ptr<const KeySet> keys;
  // True for the IAM exchange alone: the principal is `sub` (security 1.26), and the issuer needs
  // no client of its own to be accepted here.
  bool principal_is_subject = false;
};

struct VerifierOptions {
  IssuerRules rules;                                             // of every issuer
  std::unordered_map<std::string, IssuerRules> rules_of_issuer;  // instead of `rules`
  std::chrono::seconds skew = base::limits::kTokenSkew;  // 0 … 300 s, for exp, nbf and iat
  std::vector<crypto::SignatureAlgorithm> algorithms;    // empty: all
  std::size_t cache_entries_max = base::limits::kTokenCacheEntriesMax;  // 0: no cache
  std::size_t cache_bytes_max = kTokenCacheBytesMax;
  std::size_t failures_per_second_max = base::limits::kTokenFailuresPerSecondMax;  // per source
  std::vector<LocalIssuer> local_issuers;
  KeyCacheOptions keys;
  // Whether any client of the installation has this principal; asked with the `iss` of every token
  // that is not of the IAM exchange, before anything costly. Thread-safe, fast, never throws.
  std::function<bool(std::string_view principal)> is_registered;
};

// A verified token, or a refusal. For the audit log, `issuer` and `key_id` are what a refused token
// claimed, cut to 256 bytes; nothing else may be done with them.
struct Verification {
  std::shared_ptr<const VerifiedClaims> claims;  // null: refused
  Refusal refusal = Refusal::kTokenMissing;
  std::chrono::seconds retry_after{0};  // for 429 and 503
  std::string issuer;
  std::string key_id;

  bool ok() const { return claims != nullptr; }
};

// Thread-safe.
class TokenVerifier {
 public:
  using Done = std::function<void(Verification)>;

  // `fetcher` and `clock` must outlive the verifier.
  TokenVerifier(VerifierOptions options, net::HttpFetcher& fetcher, const base::Clock& clock);
  // Verifications that still wait end with kKeysUnavailable.
  ~TokenVerifier();
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;

  // Verifies `token` (what BearerToken() gave). `source` names who sent it, for the rate limit of
  // wrong signatures: the peer's address. `done` runs once: within the call when the keys are at
  // hand, otherwise later on another thread. Both views need to live during the call only.
  void Verify(std::string_view token, std::string_view source, Done done);

  // Replaces the keys of a local issuer; tokens verified with other keys are forgotten.
  void SetLocalKeys(std::string_view issuer, std::shared_ptr<const KeySet> keys);

  // Fetches the keys of a principal ahead, unless it is no issuer or its keys are ours.
  void Warm(std::string_view principal);

  // Forget(), Flush() and Status() concern the server; Tick() must be called periodically.
  KeyCache& keys();
  void Tick();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace strongroom::authn
