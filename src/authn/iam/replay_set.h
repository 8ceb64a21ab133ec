// ReplaySet: which proofs were used, so that each buys one token (security 5.29). It lives in
// memory: a restart empties it, and what a proof is worth after that is at most its 15 minutes.
#pragma once

#include <map>
#include <mutex>

#include "authn/iam/proof.h"
#include "crypto/hash.h"

namespace strongroom::authn::iam {

// Thread-safe; bounded.
class ReplaySet {
 public:
  explicit ReplaySet(std::size_t entries_max) : entries_max_(entries_max) {}

  enum class Verdict { kNew, kUsed, kFull };
  // Remembers a proof that is new, until no clock of ours takes its date any more. When the set is
  // full, nothing is forgotten and nothing taken.
  Verdict Use(const Proof& proof, base::Timestamp now);
  // A proof that bought nothing may be tried again.
  void Release(const Proof& proof);
  std::size_t size() const;

 private:
  using Key = crypto::Sha256Digest;  // of the access key and the signature
  static Key KeyOf(const Proof& proof);
  void Expire(base::Timestamp now);

  const std::size_t entries_max_;
  mutable std::mutex mutex_;
  std::map<Key, base::Timestamp> until_;
  std::multimap<base::Timestamp, Key> by_time_;
};

}  // namespace strongroom::authn::iam
