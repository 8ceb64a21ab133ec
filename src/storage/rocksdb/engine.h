// What the parts of the embedded engine share while a store is open.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <memory>

#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/keyring.h"
#include "storage/rocksdb/open.h"
#include "storage/rocksdb/space.h"

namespace strongroom::storage {

// Released in the reverse order of its members: the queue before the database, the database before
// the files. All of it is thread-safe.
struct Engine {
  RocksDbOptions options;
  base::Random* random = nullptr;
  const base::Clock* clock = nullptr;
  std::shared_ptr<rocksdb::FileSystem> files;  // of the machine or of the test
  std::shared_ptr<void> directory_lock;
  std::unique_ptr<Keyring> keyring;
  std::unique_ptr<rocksdb::Env> env;  // encrypted
  std::unique_ptr<rocksdb::DB> db;
  SpaceTable spaces;
  std::unique_ptr<CommitQueue> queue;

  std::atomic<std::uint64_t> records_read = 0;
  std::atomic<std::uint64_t> records_sealed = 0;
  std::atomic<std::uint64_t> integrity_failures = 0;
};

inline SealPlace PlaceOf(const Engine& engine, SpaceId space) {
  return {engine.keyring->store(), space, engine.options.seals_per_key_max, engine.clock};
}

// One state of the database, released with it. One thread at a time.
class DiskSnapshot {
 public:
  explicit DiskSnapshot(rocksdb::DB& db, Reach reach = Reach::kAll)
      : db_(db), snapshot_(db.GetSnapshot()), reach_(reach) {}
  ~DiskSnapshot() { db_.ReleaseSnapshot(snapshot_); }
  DiskSnapshot(const DiskSnapshot&) = delete;
  DiskSnapshot& operator=(const DiskSnapshot&) = delete;
  const rocksdb::Snapshot* get() const { return snapshot_; }

  Reach reach() const { return reach_; }
  // To be asked before each record is read: false when it reaches no further.
  bool MayRead() const {
    if (reach_ == Reach::kAll) return true;
    if (reads_ == kMemoryReadsMax) has_given_up_ = true;
    if (!has_given_up_) ++reads_;
    return !has_given_up_;
  }
  void GiveUp() const { has_given_up_ = true; }
  bool has_given_up() const { return has_given_up_; }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* snapshot_;
  const Reach reach_;
  mutable std::size_t reads_ = 0;
  mutable bool has_given_up_ = false;
};

}  // namespace strongroom::storage
