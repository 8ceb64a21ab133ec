// The ordered, sealed, transactional key space that everything is kept in (DESIGN 3, SPEC 8).
//
// A store is divided into spaces: one per tenant and one for the installation. A space has a key
// of its own; destroying the space destroys that key. Inside a space, records are ordered by
// memcmp of their keys (key.h makes such keys from typed parts).
//
// Guarantees, for every engine behind this interface:
// - Transactions are serializable: those that share a space run one after another.
// - `Commit` answers ok only when the writes survive a power cut; a transaction is whole or absent.
// - No answer shows what a power cut could still take back: a snapshot sees durable data only, and
//   both ends of a transaction (`Commit` and `Rollback`) call back once all it saw is durable.
// - Values are sealed and bound to store, space and key: a record that was changed, moved or
//   swapped on disk fails to be read, and never yields another value (security 7.5).
// - After a failed write or sync nothing is acknowledged any more (security 8.7): transactions
//   answer kUnavailable, reads of snapshots go on, and `Health` says why.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/uuid.h"

namespace strongroom::storage {

// Names a space: a tenant's id, or nil for the installation.
struct SpaceId {
  base::Uuid id;
  auto operator<=>(const SpaceId&) const = default;
};
// Exists in every store and can't be destroyed.
inline constexpr SpaceId kInstallation{};

// Keys from `begin` on and before `end`; an empty `end` means up to the last key of the space.
struct KeyRange {
  std::string begin;
  std::string end;
};
// All keys that start with `prefix`.
KeyRange PrefixRange(std::string_view prefix);

struct ScanOptions {
  bool reverse = false;
  bool keys_only = false;  // values stay empty and sealed, which is cheaper
};

// Walks over records in key order. One thread at a time; must not outlive its reader.
//   while (true) {
//     STRONGROOM_ASSIGN(const bool found, cursor->Next());
//     if (!found) break;
//     use(cursor->key(), cursor->value());
//   }
class Cursor {
 public:
  virtual ~Cursor() = default;
  // Moves to the next record (at first: to the first one); false when there is none. A failure is
  // an error, so it never shortens a list.
  virtual base::Result<bool> Next() = 0;
  // Valid until the next call of Next(), and only after it answered true. Without the space.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
};

// What snapshots and transactions have in common. One thread at a time.
// Errors: kNotFound for a space that does not exist; kInternalServerError for a record that fails
// its integrity check; kUnavailable when the engine fails.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual base::Result<std::optional<std::string>> Get(SpaceId space, std::string_view key) = 0;
  virtual base::Result<std::unique_ptr<Cursor>> Scan(SpaceId space, const KeyRange& range,
                                                     ScanOptions options = {}) = 0;
};

// What is read without blocking: a few pages of a list.
inline constexpr std::size_t kMemoryReadsMax = 400;

// How far a snapshot goes for what is asked of it.
enum class Reach {
  kAll,
  // For threads that must not block: what is in memory, and no more than kMemoryReadsMax records.
  // Anything beyond fails with kUnavailable, and the snapshot has given up from then on: what was
  // made from its answers is thrown away, and made again with one that reaches all.
  kMemory,
};

// One consistent, durable state of all spaces; never waits. Cheap; must not outlive its store.
class Snapshot : public Reader {
 public:
  virtual bool has_given_up() const { return false; }
};

// A unit of work on the spaces it was begun with. It sees its own writes over everything that was
// handed over for commit in those spaces before it began, durable or not; other spaces are read as
// a snapshot taken at the beginning. It holds the turn of its spaces until Commit, Rollback or
// destruction, so keep it short and free of I/O. A cursor stays usable while records are written;
// whether it shows those writes is not said.
class Transaction : public Reader {
 public:
  // `ok`, or why nothing of the transaction is certain to have happened (kUnavailable, retriable:
  // as with any lost answer, it may still be there after a restart, whole). Runs exactly once, on
  // the caller's or the committing thread: it must not block or throw, and hands work on.
  using Done = std::function<void(base::Status)>;

  // Refuses keys and values over the limits of base/limits.h with kLimitExceeded, and spaces that
  // the transaction does not hold with kInternalServerError.
  virtual base::Status Put(SpaceId space, std::string_view key, std::string_view value) = 0;
  virtual base::Status Delete(SpaceId space, std::string_view key) = 0;

  // Makes a space with a fresh key (calls the key provider). kAlreadyExists if it is or was there.
  virtual base::Status CreateSpace(SpaceId space) = 0;
  // When committed: nobody can reach the space any more, and its key and records are destroyed, at
  // once or after the store's time of grace. Its id is never used again.
  virtual base::Status DestroySpace(SpaceId space) = 0;
  virtual base::Result<bool> SpaceExists(SpaceId space) = 0;

  // Hands the writes over and gives the turn on at once; `done` runs after the sync. The object
  // may be destroyed before that. A transaction that wrote nothing ends like Rollback.
  virtual void Commit(Done done) = 0;
  // Drops the writes and gives the turn on; `done` runs once everything this transaction may have
  // seen is durable, since its answer (an error, a dry run) may show it. Fails if that failed.
  virtual void Rollback(Done done) = 0;
  // A transaction that is destroyed without either is dropped without an answer.
};

struct Health {
  bool ready = true;
  std::string reason;  // one sentence, without paths; empty when ready
};

// Counted since the start.
struct Stats {
  std::uint64_t commits = 0;       // transactions made durable
  std::uint64_t groups = 0;        // syncs that were needed for them
  std::uint64_t records_read = 0;  // records opened
  std::uint64_t records_sealed = 0;
  std::uint64_t integrity_failures = 0;
  std::uint64_t bytes_written = 0;  // sealed bytes handed to the engine
};

// Thread-safe. Must outlive its snapshots and transactions.
class Store {
 public:
  virtual ~Store() = default;  // closes; waits for what was handed over

  virtual base::Result<std::unique_ptr<Snapshot>> Read(Reach reach = Reach::kAll) = 0;

  // Waits for the turn of all `spaces` (first come, first served, in one global order, so
  // transactions can't lock each other out). A thread that holds a transaction must not begin
  // another. kUnavailable, retriable, when `wait_max` has passed or the store has failed. Spaces
  // that don't exist may be named, to create them.
  virtual base::Result<std::unique_ptr<Transaction>> Begin(
      std::vector<SpaceId> spaces,
      std::chrono::milliseconds wait_max = base::limits::kStorageTurnWait) = 0;

  virtual Health GetHealth() const = 0;
  virtual Stats GetStats() const = 0;
};

// Commits and waits for the answer. For start-up, tools and tests; servers use the callback.
base::Status CommitAndWait(Transaction& transaction);

}  // namespace strongroom::storage

template <>
struct std::hash<strongroom::storage::SpaceId> {
  std::size_t operator()(const strongroom::storage::SpaceId& space) const noexcept {
    return std::hash<strongroom::base::Uuid>{}(space.id);
  }
};
