// TenantShares: in whose share of the workers a request waits. What a request writes in its header
// is not to be believed before it was let in, or made-up names would be shares of their own: all
// names that nobody was let in with share one.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace strongroom::server {

// Thread-safe.
class TenantShares {
 public:
  // The name of the share: the tenant's, or "".
  std::string Of(std::string_view account_id) const {
    std::string name(account_id);
    const std::lock_guard lock(mutex_);
    return served_.contains(name) ? name : std::string();
  }
  // A request was let in there.
  void Served(std::string_view account_id) {
    const std::lock_guard lock(mutex_);
    if (served_.size() >= kTenantsMax) served_.clear();  // they come again
    served_.emplace(account_id);
  }

 private:
  static constexpr std::size_t kTenantsMax = 10000;
  mutable std::mutex mutex_;
  std::unordered_set<std::string> served_;
};

}  // namespace strongroom::server
