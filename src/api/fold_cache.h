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

// Thread-safe. Bounded in entries and in bytes: the entry that was not used for longest goes first.
class FoldCache {
 public:
  // Of all entries: many assertions over large claims leave much.
  static constexpr std::size_t kBytesMax = std::size_t{128} << 20;

  explicit FoldCache(std::size_t entries_max, std::size_t bytes_max = kBytesMax)
      : entries_max_(entries_max), bytes_max_(bytes_max) {}

  // Null when Fold would have to compute it.
  std::shared_ptr<const authz::FoldedPolicies> Known(const authn::VerifiedClaims& claims,
                                                     const ledger::Access& access);
  base::Result<std::shared_ptr<const authz::FoldedPolicies>> Fold(
      const authn::VerifiedClaims& claims, const ledger::Access& access);
  std::size_t size() const;
  std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    std::size_t bytes;
    std::shared_ptr<const authz::FoldedPolicies> folded;
  };
  std::shared_ptr<const authz::FoldedPolicies> Find(const std::string& key);
  void Keep(Entry entry);
  void Remove(std::list<Entry>::iterator entry);

  const std::size_t entries_max_;
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

}  // namespace strongroom::api
