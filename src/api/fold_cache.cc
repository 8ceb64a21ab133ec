#include "api/fold_cache.h"

#include <utility>

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
  Keep(KeyOf(claims, access), made);
  return made;
}

Folded FoldCache::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->folded;
}

void FoldCache::Keep(std::string key, Folded folded) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    found->second->folded = std::move(folded);
    return;
  }
  entries_.push_front({std::move(key), std::move(folded)});
  by_key_[entries_.front().key] = entries_.begin();
  if (entries_.size() <= entries_max_) return;
  by_key_.erase(entries_.back().key);
  entries_.pop_back();
}

}  // namespace strongroom::api
