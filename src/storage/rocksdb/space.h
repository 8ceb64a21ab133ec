// One space while the store is open: its turn, its writes in flight, its seal.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "storage/overlay.h"
#include "storage/rocksdb/commit_queue.h"
#include "storage/seal_budget.h"
#include "storage/space_cipher.h"
#include "storage/turn.h"

namespace strongroom::storage {

// Where a record of a space stands on disk: 'r', the space's 16 bytes, the key.
std::string RecordKey(SpaceId space, std::string_view key);
// Behind the last record of a space.
std::string RecordsEnd(SpaceId space);
inline constexpr std::size_t kRecordPrefixBytes = 17;
// The state of a living space ('m') and the mark of a destroyed one ('x').
std::string StateKey(SpaceId space);
std::string DestroyedKey(SpaceId space);

// Seals with a counted budget. Thread-safe.
class SpaceSeal {
 public:
  SpaceSeal(const base::Uuid& store, SpaceId space, base::SecretBytes key,
            SealBudget::Reservation stored, std::uint64_t limit, std::uint64_t state_writes);
  // From the state record on disk.
  static base::Result<std::shared_ptr<SpaceSeal>> Load(const base::Uuid& store, SpaceId space,
                                                       base::SecretBytes key, std::uint64_t limit,
                                                       std::string_view state);

  // Seals a record; `physical_key` is its whole key. Makes reservations through `queue` as needed.
  base::Result<std::string> Seal(std::string_view physical_key, std::string_view value,
                                 base::Random& random, CommitQueue& queue);
  base::Result<std::string> Open(std::string_view physical_key, std::string_view sealed) const;

  // For a key that no crash would leave behind (it was just made): its reservations need no sync
  // of their own until EndFresh() is called, before its first state record is handed over.
  void BeginFresh() { fresh_ = true; }
  void EndFresh() { fresh_ = false; }

  // The state record that stores `reservation`.
  base::Result<DiskWrite> StateWrite(const SealBudget::Reservation& reservation,
                                     base::Random& random);
  SealBudget& budget() { return budget_; }

 private:
  base::Status Reserve(base::Random& random, CommitQueue& queue);

  const SpaceId space_;
  const std::uint64_t limit_;
  SpaceCipher cipher_;
  SealBudget budget_;
  bool fresh_ = false;                       // of whoever has the turn
  std::atomic<std::uint64_t> state_writes_;  // seals under the key of the state record
};

struct Space {
  explicit Space(SpaceId which) : id(which) {}

  const SpaceId id;
  Turn turn;
  Overlay in_flight;                // of whoever has the turn
  std::shared_ptr<SpaceSeal> seal;  // likewise: as transactions see it; null when there is none
  bool was_destroyed = false;       // likewise

  std::shared_ptr<SpaceSeal> DurableSeal() const;  // as snapshots see it
  void SetDurableSeal(std::shared_ptr<SpaceSeal> made);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<SpaceSeal> durable_seal_;
};

// All spaces that exist, and those that some transaction named. Thread-safe.
class SpaceTable {
 public:
  std::shared_ptr<Space> Find(SpaceId id) const;   // null when unknown
  std::shared_ptr<Space> FindOrName(SpaceId id);   // forgotten with its last user
  void Keep(const std::shared_ptr<Space>& space);  // because it exists, or did

 private:
  struct Slot {
    std::weak_ptr<Space> named;
    std::shared_ptr<Space> kept;
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<SpaceId, Slot> slots_;
  std::size_t kept_ = 0;
};

}  // namespace strongroom::storage
