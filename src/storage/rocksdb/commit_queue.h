// Group commit: one thread takes all that was handed over, writes it as one batch with one sync,
// and answers everyone who waited (DESIGN 3, security 8.6, 8.7).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "storage/store.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace strongroom::storage {

// One change on disk: full keys, sealed values.
struct DiskWrite {
  enum class Kind { kPut, kDelete, kDeleteRange };
  Kind kind = Kind::kPut;
  std::string key;
  std::string value;  // for kDeleteRange: the key behind the last one
};

// Thread-safe.
class CommitQueue {
 public:
  using Done = std::function<void(base::Status)>;

  explicit CommitQueue(rocksdb::DB& db);
  ~CommitQueue();  // writes what was handed over, then stops
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Hands writes over; they reach the disk in the order of their numbers, which are answered and
  // rise from 1. `done` runs on the committing thread, or on this one if the queue has failed.
  std::uint64_t Push(std::vector<DiskWrite> writes, Done done);
  // Writes and waits. Not from within a `Done`.
  base::Status PushAndWait(std::vector<DiskWrite> writes);

  // Runs `done` once commit `sequence` is durable: at once if it is.
  void WhenDurable(std::uint64_t sequence, Done done);
  std::uint64_t durable() const { return durable_.load(std::memory_order_acquire); }

  // What made the queue refuse everything; empty while it works.
  std::optional<base::Error> failure() const;
  std::size_t pending_bytes() const { return pending_bytes_.load(std::memory_order_relaxed); }
  void AddStats(Stats& stats) const;

 private:
  struct Handover {
    std::vector<DiskWrite> writes;
    std::size_t bytes = 0;
    Done done;
  };
  void Run();
  std::vector<Handover> TakeGroup(std::unique_lock<std::mutex>& lock);
  base::Status WriteGroup(const std::vector<Handover>& group);
  void Succeed(std::vector<Handover> group);
  void Fail(std::vector<Handover> group, const base::Error& error);

  rocksdb::DB& db_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Handover> pending_;
  std::multimap<std::uint64_t, Done> waiting_;  // for durability, by number
  std::uint64_t pushed_ = 0;
  std::optional<base::Error> failure_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> durable_ = 0;
  std::atomic<std::size_t> pending_bytes_ = 0;
  std::atomic<std::uint64_t> commits_ = 0;
  std::atomic<std::uint64_t> groups_ = 0;
  std::atomic<std::uint64_t> bytes_written_ = 0;
  std::thread thread_;  // last: it uses the others
};

}  // namespace strongroom::storage
