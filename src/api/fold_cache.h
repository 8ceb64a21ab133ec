// What is left of a principal's policies under one token, kept between its requests (DESIGN 2.2).
// No verdict outlives its policies: an entry counts only for the very PolicySet it was made from,
// and whoever asks brings the set that this request has read.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "authn/verified_claims.h"
#include "authz/folded_policies.h"
#include "ledger/access.h"

namespace strongroom::api {

// Thread-safe. Bounded: the entry that was not used for longest goes first.
class FoldCache {
 public:
  explicit FoldCache(std::size_t entries_max) : entries_max_(entries_max) {}

  // Null when Fold would have to compute it.
  std::shared_ptr<const authz::FoldedPolicies> Known(const authn::VerifiedClaims& claims,
                                                     const ledger::Access& access);
  base::Result<std::shared_ptr<const authz::FoldedPolicies>> Fold(
      const authn::VerifiedClaims& claims, const ledger::Access& access);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const authz::FoldedPolicies> folded;
  };
  std::shared_ptr<const authz::FoldedPolicies> Find(const std::string& key);
  void Keep(std::string key, std::shared_ptr<const authz::FoldedPolicies> folded);

  const std::size_t entries_max_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

}  // namespace strongroom::api
