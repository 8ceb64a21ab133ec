// What one evaluation may spend. Going over it is a failure of the engine (a Status), never a
// value that an expression could absorb with `||`. The unit table: docs/reference/cel.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.h"

namespace strongroom::cel {

// Passed to Evaluate and Specialize; one Budget may serve several evaluations, which then share
// it. Not thread-safe.
class Budget {
 public:
  explicit Budget(std::uint64_t cost = base::limits::kCelCostMax,
                  std::size_t bytes = base::limits::kCelMemoryBytesMax)
      : cost_left_(cost), cost_given_(cost), bytes_max_(bytes) {}

  // Takes `units`; false, and nothing left, when there were fewer.
  bool Charge(std::uint64_t units) {
    if (units > cost_left_) {
      cost_left_ = 0;
      exhausted_ = true;
      return false;
    }
    cost_left_ -= units;
    return true;
  }
  // For work over `bytes` of text: one unit per started ten bytes.
  bool ChargeBytes(std::size_t bytes) { return Charge((bytes + 9) / 10); }

  bool exhausted() const { return exhausted_; }
  std::uint64_t left() const { return cost_left_; }
  std::uint64_t spent() const { return cost_given_ - cost_left_; }
  // What one evaluation may allocate in its arena.
  std::size_t bytes_max() const { return bytes_max_; }

 private:
  std::uint64_t cost_left_;
  std::uint64_t cost_given_;
  std::size_t bytes_max_;
  bool exhausted_ = false;
};

}  // namespace strongroom::cel
