// TokenCache: tokens that were verified, by the SHA-256 of the whole token (security 1.31). It
// holds successes only, so nobody without a good token can fill it.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "authn/claims.h"
#include "authn/key_cache.h"
#include "authn/verified_claims.h"
#include "crypto/hash.h"

namespace strongroom::authn {

// What has to hold still when a token comes again: its times, and the issuer's keys.
struct CachedToken {
  std::shared_ptr<const VerifiedClaims> claims;
  TimeClaims times;
  std::shared_ptr<const KeyEpoch> epoch;
  std::uint64_t epoch_number = 0;
  std::size_t bytes = 0;  // of memory that it holds, about
};

// Thread-safe. In shards, each of which forgets what was not used for longest. Bounded in entries
// and in bytes: a token that holds more than a shard may hold is not kept.
class TokenCache {
 public:
  TokenCache(std::size_t entries_max, std::size_t bytes_max);
  // Null if it isn't there.
  std::shared_ptr<const CachedToken> Find(const crypto::Sha256Digest& hash);
  void Insert(const crypto::Sha256Digest& hash, std::shared_ptr<const CachedToken> token);
  void Erase(const crypto::Sha256Digest& hash);
  std::size_t size() const;
  std::size_t bytes() const;

 private:
  struct HashOf {
    std::size_t operator()(const crypto::Sha256Digest& hash) const;
  };
  using Entry = std::pair<crypto::Sha256Digest, std::shared_ptr<const CachedToken>>;
  struct Shard {
    mutable std::mutex mutex;
    std::size_t bytes = 0;
    std::list<Entry> by_use;  // most recently used first
    std::unordered_map<crypto::Sha256Digest, std::list<Entry>::iterator, HashOf> index;
  };
  static constexpr std::size_t kShards = 16;

  using Place =
      std::unordered_map<crypto::Sha256Digest, std::list<Entry>::iterator, HashOf>::iterator;

  Shard& ShardOf(const crypto::Sha256Digest& hash) { return shards_[hash[0] % kShards]; }
  static void Remove(Shard& shard, Place place);
  std::size_t entries_per_shard_max_;
  std::size_t bytes_per_shard_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace strongroom::authn
