#include "storage/rocksdb/commit_queue.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <future>
#include <memory>

#include "base/check.h"
#include "base/log.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

// A group is bounded so that one sync never waits for gigabytes.
constexpr std::size_t kGroupBytesMax = std::size_t{32} << 20;

std::size_t BytesOf(const std::vector<DiskWrite>& writes) {
  std::size_t bytes = 0;
  for (const DiskWrite& write : writes) bytes += write.key.size() + write.value.size();
  return bytes;
}

rocksdb::Status AddTo(rocksdb::WriteBatch& batch, const DiskWrite& write) {
  switch (write.kind) {
    case DiskWrite::Kind::kPut: return batch.Put(write.key, write.value);
    case DiskWrite::Kind::kDelete: return batch.Delete(write.key);
    case DiskWrite::Kind::kDeleteRange: return batch.DeleteRange(write.key, write.value);
  }
  return rocksdb::Status::InvalidArgument();
}

}  // namespace

CommitQueue::CommitQueue(rocksdb::DB& db) : db_(db), thread_([this] { Run(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::uint64_t CommitQueue::Push(std::vector<DiskWrite> writes, Done done) {
  const std::size_t bytes = BytesOf(writes);
  std::unique_lock lock(mutex_);
  STRONGROOM_CHECK(!stopping_);
  const std::uint64_t sequence = ++pushed_;
  if (failure_.has_value()) {
    const base::Error error = *failure_;
    lock.unlock();
    done(error);
    return sequence;
  }
  pending_.push_back({std::move(writes), bytes, std::move(done)});
  pending_bytes_ += bytes;
  lock.unlock();
  wake_.notify_one();
  return sequence;
}

base::Status CommitQueue::PushAndWait(std::vector<DiskWrite> writes) {
  // Shared, since the committing thread may still be inside set_value when this one goes on.
  auto answer = std::make_shared<std::promise<base::Status>>();
  auto answered = answer->get_future();
  Push(std::move(writes), [answer](base::Status status) { answer->set_value(std::move(status)); });
  return answered.get();
}

void CommitQueue::WhenDurable(std::uint64_t sequence, Done done) {
  std::unique_lock lock(mutex_);
  if (sequence <= durable_) {
    lock.unlock();
    done({});
  } else if (failure_.has_value()) {
    const base::Error error = *failure_;
    lock.unlock();
    done(error);
  } else {
    STRONGROOM_CHECK(sequence <= pushed_);
    waiting_.emplace(sequence, std::move(done));
  }
}

std::optional<base::Error> CommitQueue::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void CommitQueue::AddStats(Stats& stats) const {
  stats.commits += commits_;
  stats.groups += groups_;
  stats.bytes_written += bytes_written_;
}

void CommitQueue::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
    if (pending_.empty()) return;
    std::vector<Handover> group = TakeGroup(lock);
    lock.unlock();
    const base::Status written = WriteGroup(group);
    if (written.ok()) {
      Succeed(std::move(group));
    } else {
      Fail(std::move(group), written.error());
    }
    lock.lock();
  }
}

std::vector<CommitQueue::Handover> CommitQueue::TakeGroup(std::unique_lock<std::mutex>& lock) {
  STRONGROOM_CHECK(lock.owns_lock());
  std::vector<Handover> group;
  std::size_t bytes = 0;
  while (!pending_.empty() && (group.empty() || bytes + pending_.front().bytes <= kGroupBytesMax)) {
    bytes += pending_.front().bytes;
    group.push_back(std::move(pending_.front()));
    pending_.pop_front();
  }
  pending_bytes_ -= bytes;
  return group;
}

base::Status CommitQueue::WriteGroup(const std::vector<Handover>& group) {
  rocksdb::WriteBatch batch;
  for (const Handover& handover : group)
    for (const DiskWrite& write : handover.writes)
      if (const auto status = AddTo(batch, write); !status.ok()) return EngineError(status);
  // RocksDB shows a batch to readers only after its sync, so snapshots are durable.
  if (const auto status = db_.Write(CommitWriteOptions(), &batch); !status.ok())
    return EngineError(status);
  bytes_written_ += batch.GetDataSize();
  ++groups_;
  return {};
}

void CommitQueue::Succeed(std::vector<Handover> group) {
  commits_ += group.size();
  std::vector<Done> reached;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t sequence = durable_ + group.size();
    durable_.store(sequence, std::memory_order_release);
    while (!waiting_.empty() && waiting_.begin()->first <= sequence)
      reached.push_back(std::move(waiting_.extract(waiting_.begin()).mapped()));
  }
  for (const Handover& handover : group) handover.done({});
  for (const Done& done : reached) done({});
}

// A failed sync may have dropped the very pages it was for, and the next one would report success
// (security 8.7): after the first failure nothing is written any more.
void CommitQueue::Fail(std::vector<Handover> group, const base::Error& error) {
  base::Log(base::LogLevel::kError, "the store can't write any more", {{"reason", error.message}});
  std::multimap<std::uint64_t, Done> waiting;
  {
    const std::lock_guard lock(mutex_);
    failure_ = base::MakeError(base::ErrorCode::kUnavailable, error.message, error.hint);
    failure_->retriable = true;
    while (!pending_.empty()) {
      group.push_back(std::move(pending_.front()));
      pending_.pop_front();
    }
    pending_bytes_ = 0;
    waiting.swap(waiting_);
  }
  const base::Error answer = *failure();
  for (const Handover& handover : group) handover.done(answer);
  for (const auto& [sequence, done] : waiting) done(answer);
}

}  // namespace strongroom::storage
