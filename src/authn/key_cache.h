// KeyCache: the key sets of outside issuers, fetched through discovery and kept (security §2).
//
// - A set is fresh for the max-age of its Cache-Control, clamped to 5 min … 24 h (10 min without
//   one). It is fetched anew in the background at 80 % of that time. A lookup after it waits for
//   the fetch, so a key that its issuer removed stops verifying within the fresh time (2.43, 2.50).
// - While an issuer fails, its last good set stays usable for up to 24 h (2.47), then fails closed;
//   there is no other key to fall back to, ever (2.48). An answer without usable keys is a failure
//   (2.51). Without any set, lookups fail at once with kKeysUnavailable between tries, every 10 s
//   (2.49).
// - An unknown kid causes a fetch, one at a time and at most one per issuer in 30 s, failures
//   counted; it never evicts good keys (2.44, 2.46).
// - All fetches together: 10 a second, 4 at once; further ones queue (2.44-45).
// - At most 256 lookups per issuer wait, at most 2 s each; Tick() ends the wait (2.44).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authn/key_set.h"
#include "authn/refusal.h"
#include "base/clock.h"
#include "net/fetch.h"

namespace strongroom::authn {

// How an issuer is reached; the fetcher enforces it.
struct IssuerAccess {
  std::string ca_pem;           // trusted besides the system's certificates
  bool allow_loopback = false;  // development only
  std::vector<net::Cidr> allowed_networks;
};

struct KeyCacheOptions {
  std::chrono::seconds fresh_min{300};
  std::chrono::seconds fresh_max{86400};
  std::chrono::seconds fresh_default{600};
  std::chrono::seconds stale_max{86400};
  std::chrono::seconds unknown_kid_cooldown{30};
  std::chrono::seconds retry{10};
  std::chrono::milliseconds wait_max{2000};
  std::size_t waiters_max = 256;  // per issuer
  std::size_t fetches_at_once_max = 4;
  std::size_t fetches_per_second_max = 10;
  // Patterns of the issuers that may be asked, with `*` for any run of characters; empty: any
  // (security 2.36).
  std::vector<std::string> issuer_patterns;
  IssuerAccess access;                                             // of every issuer
  std::unordered_map<std::string, IssuerAccess> access_of_issuer;  // instead of `access`
};

// Says, without a lock, whether the keys of an issuer are still those that a token was verified
// with. The cache writes it, the verifier reads it. Thread-safe.
class KeyEpoch {
 public:
  // Changes when the issuer's keys change.
  std::uint64_t number() const { return number_.load(std::memory_order_acquire); }
  // False when the keys have to be looked up again first.
  bool IsFresh(std::chrono::steady_clock::time_point now) const {
    return now.time_since_epoch().count() < fresh_until_.load(std::memory_order_acquire);
  }
  void Set(std::uint64_t number, std::chrono::steady_clock::time_point fresh_until) {
    number_.store(number, std::memory_order_release);
    fresh_until_.store(fresh_until.time_since_epoch().count(), std::memory_order_release);
  }

 private:
  std::atomic<std::uint64_t> number_{0};
  std::atomic<std::chrono::steady_clock::rep> fresh_until_{0};
};

// A key and the set it comes from.
struct FoundKey {
  std::shared_ptr<const KeySet> set;  // keeps `key` alive
  const crypto::VerificationKey* key = nullptr;
  std::shared_ptr<const KeyEpoch> epoch;
  std::uint64_t epoch_number = 0;
};

struct KeyLookup {
  OrRefusal<FoundKey> found;
  std::chrono::seconds retry_after{0};  // with kKeysUnavailable and kTooManyWaiting
};

// Figures of one issuer, for metrics and the administrator (security 2.54).
struct IssuerStatus {
  std::string issuer;
  std::uint64_t fetches = 0;
  std::uint64_t failures = 0;
  std::uint64_t unknown_kids = 0;
  std::uint64_t stale_uses = 0;
  std::optional<std::chrono::seconds> age;  // of the set; nullopt: there is none
  std::size_t keys = 0;
  bool failing = false;    // the last fetch failed: an alarm
  std::string last_error;  // "" when the last fetch succeeded
};

// Thread-safe.
class KeyCache {
 public:
  using Done = std::function<void(KeyLookup)>;

  // `fetcher` and `clock` must outlive the cache.
  KeyCache(KeyCacheOptions options, net::HttpFetcher& fetcher, const base::Clock& clock);
  ~KeyCache();  // Close()
  KeyCache(const KeyCache&) = delete;
  KeyCache& operator=(const KeyCache&) = delete;

  // Finds the key that has to verify a token of `issuer`, which must be known to be registered: the
  // cache asks whom it is told to. `done` runs once, within the call if no fetch is needed,
  // otherwise on the fetcher's thread or within Tick().
  void Find(std::string_view issuer, const std::optional<std::string>& kid,
            crypto::SignatureAlgorithm algorithm, Done done);

  // Fetches in the background unless the set is fresh: when a client is created, and for every
  // registered issuer at the start (security 2.35).
  void Warm(std::string_view issuer);
  // Drops what is kept of an issuer: when its last client goes.
  void Forget(std::string_view issuer);
  // Forgets every issuer that is not `wanted`: nobody is asked whom no client names (SPEC 3.2).
  // `wanted` is called without a lock.
  void ForgetUnless(const std::function<bool(std::string_view issuer)>& wanted);
  // Forgets every set, and with it what was verified with it; the next lookups fetch, or fail
  // closed: for keys that must not be used any longer, security 2.50.
  void Flush();
  // Lookups that still wait, and later ones, end with kKeysUnavailable.
  void Close();
  // Ends waits that took too long, starts queued and due fetches. To be called every 250 ms or so.
  void Tick();

  std::vector<IssuerStatus> Status() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace strongroom::authn
