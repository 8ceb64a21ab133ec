// One space while the store is open: its turn, its writes in flight, its seal.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
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
// What the mark says: destroyed, or deleted with a key that is kept until then.
std::string DestroyedMark(std::optional<base::Timestamp> key_until);

// What the state record of a space says (docs/reference/storage-format.md).
struct SealState {
  SealBudget::Reservation reservation;
  std::uint64_t writes = 0;          // of the state record itself
  std::uint32_t rewritten_from = 0;  // no record is sealed under an earlier epoch
  std::uint32_t rewrite_from = 0;  // what it shall become; a rotation is under way while it is more
  base::Timestamp since;           // when the epoch of the reservation began
};

// Where a seal belongs.
struct SealPlace {
  base::Uuid store;
  SpaceId space;
  std::uint64_t limit = 0;  // seals per data key
  const base::Clock* clock = nullptr;
};

// Seals with a counted budget. Thread-safe.
class SpaceSeal {
 public:
  SpaceSeal(const SealPlace& place, base::SecretBytes key, const SealState& stored);
  // From the state record on disk.
  static base::Result<std::shared_ptr<SpaceSeal>> Load(const SealPlace& place,
                                                       base::SecretBytes key,
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
  SealState state() const;

  // Begins the next epoch, and says durably that all earlier seals are to be rewritten. To be
  // called by who has the turn of the space: what was sealed before is then handed over already.
  base::Status BeginRewriting(base::Random& random, CommitQueue& queue);
  // Says durably that no record is sealed under an epoch before `epoch` any more.
  base::Status EndRewriting(std::uint32_t epoch, base::Random& random, CommitQueue& queue);

 private:
  base::Status Reserve(base::Random& random, CommitQueue& queue);
  // Waits until no other reservation is on its way.
  base::Result<SealBudget::Reservation> TakeReservation(bool next_epoch, CommitQueue& queue);
  base::Status StoreReservation(const SealBudget::Reservation& reservation, base::Random& random,
                                CommitQueue& queue);

  const SealPlace place_;
  SpaceCipher cipher_;
  SealBudget budget_;
  bool fresh_ = false;  // of whoever has the turn
  mutable std::mutex mutex_;
  SealState state_;  // guarded by mutex_; changed by who has the reservation that is on its way
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
  // Of a space that is deleted, but whose key is kept for a time: when that time ends.
  std::optional<base::Timestamp> destroyed_at() const;
  void SetDestroyedAt(std::optional<base::Timestamp> at);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<SpaceSeal> durable_seal_;
  std::optional<base::Timestamp> destroyed_at_;
};

// All spaces that exist, and those that some transaction named. Thread-safe.
class SpaceTable {
 public:
  std::shared_ptr<Space> Find(SpaceId id) const;   // null when unknown
  std::shared_ptr<Space> FindOrName(SpaceId id);   // forgotten with its last user
  void Keep(const std::shared_ptr<Space>& space);  // because it exists, or did
  std::vector<std::shared_ptr<Space>> Kept() const;

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
