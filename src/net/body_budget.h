// BodyBudget: how much of requests is held in memory in all: of the bodies of unfinished ones, and
// of heads of HTTP/2, which are small on the wire and large once they are unpacked; or, by whoever
// serves them, of the bodies of those that wait or run.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "base/limits.h"

namespace strongroom::net {

// Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t bytes_max = base::limits::kHttpBufferedBytesMax)
      : bytes_max_(bytes_max) {}
  bool Take(std::size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= bytes_max_) return true;
    Give(bytes);
    return false;
  }
  void Give(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> used_{0};
};

// The share of one request, given back with it. The first bytes are free, so that slow senders of
// large bodies never keep out small requests; these must arrive at the minimum rate anyway.
class BodyCharge {
 public:
  static constexpr std::size_t kFreeBytes = std::size_t{16} << 10;

  explicit BodyCharge(BodyBudget& budget, std::size_t free_bytes = kFreeBytes)
      : budget_(&budget), free_bytes_(free_bytes) {}
  BodyCharge(const BodyCharge&) = delete;
  BodyCharge& operator=(const BodyCharge&) = delete;
  ~BodyCharge() { Set(0); }

  // The request has this much so far. False, and unchanged, if the budget does not have that much.
  bool Set(std::size_t request_bytes) {
    const std::size_t bytes = request_bytes - std::min(request_bytes, free_bytes_);
    if (bytes > held_ && !budget_->Take(bytes - held_)) return false;
    if (bytes < held_) budget_->Give(held_ - bytes);
    held_ = bytes;
    return true;
  }

 private:
  BodyBudget* budget_;
  std::size_t free_bytes_;
  std::size_t held_ = 0;
};

}  // namespace strongroom::net
