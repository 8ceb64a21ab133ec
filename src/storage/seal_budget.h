// Counts how often a data key seals, so that random 96-bit nonces stay under their limit
// (security 7.3). Seals are reserved in blocks, and a block may be used only after its reservation
// is durable: a crash can lose unused seals, but never forget used ones. When an epoch is used up
// the next one begins by itself.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace strongroom::storage {

// Thread-safe.
class SealBudget {
 public:
  // Up to `reserved` seals under `epoch` may have been used. This is what is stored.
  struct Reservation {
    std::uint32_t epoch = 0;
    std::uint64_t reserved = 0;
    bool operator==(const Reservation&) const = default;
  };

  // Continues after `stored`, all of which counts as used. `limit` is per epoch, at least 2.
  SealBudget(Reservation stored, std::uint64_t limit);

  // Takes one seal and answers its epoch; empty when a reservation has to be made first.
  std::optional<std::uint32_t> Take();

  // The next reservation to store, when less than half a block is left and none is on its way;
  // with `now` also when there is more left. To be answered with Granted() once it is durable, or
  // with Refused() when it can't be made so.
  std::optional<Reservation> Due(bool now = false);
  // The same, but of the next epoch, whatever is left of this one.
  std::optional<Reservation> DueOfNextEpoch();
  void Granted(const Reservation& reservation);
  void Refused();
  // Waits until no reservation is on its way.
  void AwaitAnswer();

  // What was granted last; its epoch is the newest that may have been used.
  Reservation granted() const;

 private:
  Reservation Next() const;
  Reservation NextEpoch() const;

  const std::uint64_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  Reservation granted_;
  std::uint64_t left_ = 0;  // seals of granted_.epoch that may be used
  bool on_its_way_ = false;
};

}  // namespace strongroom::storage
