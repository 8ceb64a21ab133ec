#include "authn/iam/replay_set.h"

#include "base/limits.h"

namespace strongroom::authn::iam {

ReplaySet::Key ReplaySet::KeyOf(const Proof& proof) {
  return crypto::Sha256(proof.access_key_id + '/' + proof.signature);
}

void ReplaySet::Expire(base::Timestamp now) {
  while (!by_time_.empty() && by_time_.begin()->first < now) {
    until_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
}

ReplaySet::Verdict ReplaySet::Use(const Proof& proof, base::Timestamp now) {
  const std::lock_guard lock(mutex_);
  Expire(now);
  const Key key = KeyOf(proof);
  if (until_.contains(key)) return Verdict::kUsed;
  if (until_.size() >= entries_max_) return Verdict::kFull;
  const base::Timestamp until = proof.signed_at + base::limits::kIamProofAgeMax;
  until_.emplace(key, until);
  by_time_.emplace(until, key);
  return Verdict::kNew;
}

void ReplaySet::Release(const Proof& proof) {
  const std::lock_guard lock(mutex_);
  const auto at = until_.find(KeyOf(proof));
  if (at == until_.end()) return;
  auto [entry, end] = by_time_.equal_range(at->second);
  while (entry != end && entry->second != at->first) ++entry;
  if (entry != end) by_time_.erase(entry);
  until_.erase(at);
}

std::size_t ReplaySet::size() const {
  const std::lock_guard lock(mutex_);
  return until_.size();
}

}  // namespace strongroom::authn::iam
