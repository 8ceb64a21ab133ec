// Randomness comes from outside, so that tests can fix it.
#pragma once

#include <cstdint>
#include <span>

namespace strongroom::base {

// Thread-safe source of uniformly random bytes.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;
};

// The kernel's generator (getrandom); fit for keys and nonces. Aborts if the kernel refuses.
Random& SystemRandom();

}  // namespace strongroom::base
