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
  // An operation was answered there, with a status of HTTP; 0 when none was. Who gets another
  // answer than that there is no access, or none now, was let in.
  void Answered(std::string_view account_id, int status) {
    if (status != 0 && status != 403 && status != 503) Served(account_id);
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
