#include "authn/token_cache.h"

#include <cstring>

namespace strongroom::authn {

std::size_t TokenCache::HashOf::operator()(const crypto::Sha256Digest& hash) const {
  std::size_t value = 0;  // byte 0 chose the shard
  std::memcpy(&value, hash.data() + 8, sizeof value);
  return value;
}

TokenCache::TokenCache(std::size_t entries_max, std::size_t bytes_max)
    : entries_per_shard_max_((entries_max + kShards - 1) / kShards),
      bytes_per_shard_max_(bytes_max / kShards) {}

void TokenCache::Remove(Shard& shard, Place place) {
  shard.bytes -= place->second->second->bytes;
  shard.by_use.erase(place->second);
  shard.index.erase(place);
}

std::shared_ptr<const CachedToken> TokenCache::Find(const crypto::Sha256Digest& hash) {
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  const auto at = shard.index.find(hash);
  if (at == shard.index.end()) return nullptr;
  shard.by_use.splice(shard.by_use.begin(), shard.by_use, at->second);
  return at->second->second;
}

void TokenCache::Insert(const crypto::Sha256Digest& hash,
                        std::shared_ptr<const CachedToken> token) {
  if (entries_per_shard_max_ == 0 || token->bytes > bytes_per_shard_max_) return;
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  if (const auto at = shard.index.find(hash); at != shard.index.end()) Remove(shard, at);
  while (shard.index.size() >= entries_per_shard_max_ ||
         shard.bytes + token->bytes > bytes_per_shard_max_)
    Remove(shard, shard.index.find(shard.by_use.back().first));
  shard.bytes += token->bytes;
  shard.by_use.emplace_front(hash, std::move(token));
  shard.index.emplace(hash, shard.by_use.begin());
}

void TokenCache::Erase(const crypto::Sha256Digest& hash) {
  Shard& shard = ShardOf(hash);
  const std::lock_guard lock(shard.mutex);
  if (const auto at = shard.index.find(hash); at != shard.index.end()) Remove(shard, at);
}

std::size_t TokenCache::size() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.index.size();
  }
  return sum;
}

std::size_t TokenCache::bytes() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum += shard.bytes;
  }
  return sum;
}

}  // namespace strongroom::authn
