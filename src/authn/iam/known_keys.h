// KnownKeys: access keys that STS has confirmed for an identity which has a client here. Strangers,
// and whoever has an account with AWS, can't use up what the exchange keeps for these.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

namespace strongroom::authn::iam {

// Not thread-safe. Holds the ones that were added last.
class KnownKeys {
 public:
  explicit KnownKeys(std::size_t keys_max) : keys_max_(keys_max) {}

  bool Has(const std::string& access_key_id) const { return keys_.contains(access_key_id); }
  void Add(const std::string& access_key_id) {
    if (!keys_.insert(access_key_id).second) return;
    by_age_.push_back(access_key_id);
    if (by_age_.size() <= keys_max_) return;
    keys_.erase(by_age_.front());
    by_age_.pop_front();
  }

 private:
  const std::size_t keys_max_;
  std::unordered_set<std::string> keys_;
  std::deque<std::string> by_age_;  // oldest first
};

}  // namespace strongroom::authn::iam
