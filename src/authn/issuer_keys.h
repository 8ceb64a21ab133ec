// IssuerKeys: what is known of one issuer's keys, and what to do about it at a given time. Pure
// bookkeeping: no lock, no network, no clock of its own. KeyCache drives it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "authn/key_cache.h"
#include "authn/key_fetch.h"

namespace strongroom::authn {

class IssuerKeys {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // What a lookup has to do next.
  enum class Step : std::uint8_t {
    kAnswer,          // take `lookup`
    kAnswerAndFetch,  // take `lookup`, and start a fetch behind it
    kWait,            // a fetch is needed or under way: ask again when it is done
  };
  struct Plan {
    Step step;
    KeyLookup lookup;
  };

  IssuerKeys(std::string issuer, const KeyCacheOptions& options);

  // The way of one lookup (security 2.43-2.50).
  Plan Look(const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm,
            TimePoint now);
  // The answer when a lookup waited as long as it may, or its fetch is done: never waits.
  KeyLookup Settle(const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm,
                   TimePoint now);

  // Whether a background fetch is due: at 80 % of the fresh time, and between tries after a
  // failure.
  bool IsFetchDue(TimePoint now) const;
  // A fetch was asked for: until Finish(), lookups that need it wait for it. Answers where the keys
  // are, or "" when discovery has to tell.
  std::string BeginFetch(TimePoint now);
  // Its outcome. Answers true if the keys changed; `number` is then the new epoch.
  bool Finish(base::Result<FetchedKeys> outcome, TimePoint now, std::uint64_t number);
  // Forgets the set: the next lookup must fetch.
  void Flush(TimePoint now);

  bool is_fetching() const { return fetching_; }
  bool is_failing() const { return failed_; }
  const std::string& issuer() const { return issuer_; }
  const std::shared_ptr<KeyEpoch>& epoch() const { return epoch_; }
  IssuerStatus Status(TimePoint now) const;

 private:
  bool IsUsable(TimePoint now) const { return set_ && now < fetched_at_ + options_.stale_max; }
  bool MayRetry(TimePoint now) const;
  std::chrono::seconds RetryTime(TimePoint now) const;
  std::chrono::seconds UntilRetry(TimePoint now) const;
  KeyLookup Unavailable(Refusal refusal, TimePoint now) const;
  Plan LookInUsable(const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm,
                    TimePoint now);
  // The answer of the set as it is.
  KeyLookup FromSet(const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm,
                    TimePoint now);
  std::chrono::seconds FreshTime(std::optional<std::chrono::seconds> max_age) const;

  const std::string issuer_;
  const KeyCacheOptions& options_;
  std::shared_ptr<KeyEpoch> epoch_ = std::make_shared<KeyEpoch>();

  std::shared_ptr<const KeySet> set_;  // the last good one
  TimePoint fetched_at_;
  TimePoint refresh_at_;
  TimePoint fresh_until_;
  std::string jwks_uri_;
  TimePoint discovered_at_;

  bool fetching_ = false;
  std::optional<TimePoint> tried_at_;  // start of the last fetch
  bool failed_ = false;                // its outcome
  bool discovering_ = false;           // the fetch under way includes discovery
  bool kid_missed_ = false;            // an unknown kid asked for the fetch under way
  std::uint64_t fetches_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t unknown_kids_ = 0;
  std::uint64_t stale_uses_ = 0;
  std::string last_error_;
};

}  // namespace strongroom::authn
