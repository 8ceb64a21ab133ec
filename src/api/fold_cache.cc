#include "api/fold_cache.h"

#include <boost/json/object.hpp>
#include <iterator>
#include <utility>

#include "authn/claims.h"
#include "authz/folded_memory.h"

namespace strongroom::api {

using Folded = std::shared_ptr<const authz::FoldedPolicies>;

namespace {

std::string KeyOf(const authn::VerifiedClaims& claims, const ledger::Access& access) {
  const auto& hash = claims.token_hash();
  std::string key(reinterpret_cast<const char*>(hash.data()), hash.size());
  key += access.account_id;
  return key;
}

}  // namespace

Folded FoldCache::Known(const authn::VerifiedClaims& claims, const ledger::Access& access) {
  Folded kept = Find(KeyOf(claims, access));
  if (kept != nullptr && &kept->policy_set() != access.policies.get()) return nullptr;
  return kept;
}

base::Result<Folded> FoldCache::Fold(const authn::VerifiedClaims& claims,
                                     const ledger::Access& access) {
  if (Folded known = Known(claims, access)) return known;
  authz::TokenContext token{claims.claims(), claims.principal(), access.account_id};
  STRONGROOM_ASSIGN(Folded made, authz::FoldedPolicies::Fold(access.policies, std::move(token)));
  std::string key = KeyOf(claims, access);
  const std::size_t bytes =
      sizeof(Entry) + key.size() + authz::MemoryOf(*made) + authn::MemoryOf(*claims.claims());
  Keep({std::move(key), bytes, made});
  return made;
}

Folded FoldCache::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->folded;
}

void FoldCache::Remove(std::list<Entry>::iterator entry) {
  bytes_ -= entry->bytes;
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

void FoldCache::Keep(Entry entry) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(entry.key); found != by_key_.end()) Remove(found->second);
  if (entry.bytes > bytes_max_ || entries_max_ == 0) return;
  while (entries_.size() >= entries_max_ || bytes_ + entry.bytes > bytes_max_)
    Remove(std::prev(entries_.end()));
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  by_key_[entries_.front().key] = entries_.begin();
}

std::size_t FoldCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::size_t FoldCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace strongroom::api
