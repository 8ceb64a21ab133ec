#include "ledger/audit/keeper.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.h"
#include "ledger/audit/append.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/limits.h"

namespace strongroom::ledger::audit {
namespace {

using storage::SpaceId;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{250};

bool IsGone(const base::Status& status) {
  return !status.ok() && status.error().code == base::ErrorCode::kNotFound;
}

class KeeperThread : public Keeper {
 public:
  KeeperThread(storage::Store& store, Engine& engine, const base::Clock& clock, Options options,
               AuditKeys keys)
      : store_(store),
        engine_(engine),
        clock_(clock),
        options_(std::move(options)),
        keys_(std::move(keys)) {}
  ~KeeperThread() override {
    {
      const std::lock_guard lock(mutex_);
      stop_by_ = Steady::now() + kStopWait;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  bool Offer(SpaceId space, std::string text) override {
    {
      const std::lock_guard lock(mutex_);
      Waiting& queue = queues_[space];
      const bool share =
          queue.texts.empty() || (queue.texts.size() < kWaitingOfTenantMax &&
                                  queue.bytes + text.size() <= kWaitingBytesOfTenantMax);
      if (!share || stats_.waiting >= kWaitingMax || bytes_ + text.size() > kWaitingBytesMax) {
        ++stats_.refused;
        return false;
      }
      ++stats_.waiting;
      bytes_ += text.size();
      queue.bytes += text.size();
      queue.texts.push_back(std::move(text));
    }
    wake_.notify_all();
    return true;
  }

  void Committed(const std::vector<SpaceId>& spaces) override {
    const std::lock_guard lock(mutex_);
    for (const SpaceId space : spaces) Touch(space, 1);
  }

  base::Status Ready() const override {
    const std::lock_guard lock(mutex_);
    if (!failure_) return {};
    base::Error error =
        base::MakeError(base::ErrorCode::kUnavailable, "the audit log can't be written",
                        "ask /readyz of the admin listener for the reason; reads go on");
    error.retriable = true;
    return error;
  }

  Stats GetStats() const override {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

  // Chains that grew since their last checkpoint, before this start.
  base::Status FindUnsigned() {
    STRONGROOM_ASSIGN(const auto snapshot, store_.Read());
    STRONGROOM_ASSIGN(const auto chains, Chains(engine_, *snapshot));
    for (const SpaceId chain : chains) {
      const auto head = ReadHead(*snapshot, chain);
      // What is damaged is for `verify` to tell; it must not stop the start.
      if (head.ok() && *head && (*head)->sequence != (*head)->checkpoint)
        Touch(chain, (*head)->sequence - (*head)->checkpoint);
    }
    return {};
  }

 private:
  struct Waiting {
    std::deque<std::string> texts;
    std::size_t bytes = 0;
  };
  struct Unsigned {
    std::uint64_t records = 0;
    Steady::time_point since;
  };

  // With the lock.
  void Touch(SpaceId space, std::uint64_t records) {
    const auto [at, fresh] = unsigned_.try_emplace(space);
    if (fresh) at->second.since = Steady::now();
    at->second.records += records;
  }

  bool Late() const { return stop_by_ && Steady::now() >= *stop_by_; }

  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait_for(lock, kTick, [this] { return stop_by_ || (stats_.waiting > 0 && !hold_); });
      hold_ = false;
      const bool stopping = stop_by_.has_value();
      lock.unlock();
      AppendWaiting();
      SignDue(stopping);
      if (!stopping) TrimDue();
      lock.lock();
      if (stopping && (stats_.waiting == 0 || failure_ || Late())) break;
    }
    stats_.lost += stats_.waiting;
    if (stats_.waiting > 0)
      base::Log(base::LogLevel::kError, "denials were not recorded before the stop",
                {{"records", std::to_string(stats_.waiting)}});
  }

  // ---- Denials and reads.

  void AppendWaiting() {
    std::vector<SpaceId> spaces;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [space, queue] : queues_) spaces.push_back(space);
    }
    for (const SpaceId space : spaces) AppendBatch(space);
  }

  void AppendBatch(SpaceId space) {
    std::vector<std::string> batch;
    {
      const std::lock_guard lock(mutex_);
      if (Late()) return;
      const auto found = queues_.find(space);
      if (found == queues_.end()) return;
      const auto& queue = found->second.texts;
      const std::size_t count = std::min(queue.size(), kRecordsWrittenAtOnce);
      batch.assign(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count));
    }
    const base::Status written = Append(space, batch);
    const std::lock_guard lock(mutex_);
    Judge(written);
    if (!written.ok() && !IsGone(written)) return;  // they wait on
    Waiting& queue = queues_[space];
    for (const std::string& text : batch) {
      bytes_ -= text.size();
      queue.bytes -= text.size();
      queue.texts.pop_front();
    }
    stats_.waiting -= batch.size();
    if (written.ok()) {
      stats_.appended += batch.size();
      Touch(space, batch.size());
    } else {
      stats_.lost += batch.size();  // the tenant took its log with it
    }
    if (queue.texts.empty()) queues_.erase(space);
  }

  base::Status Append(SpaceId space, const std::vector<std::string>& batch) {
    STRONGROOM_ASSIGN(const auto transaction, store_.Begin({space}, kTurnWait));
    STRONGROOM_TRY(AppendRecords(*transaction, space, batch));
    return storage::CommitAndWait(*transaction);
  }

  // A tenant that is busy, or whose own log is damaged, does not hold up the others. With the lock.
  void Judge(const base::Status& written) {
    if (written.ok() || IsGone(written)) {
      failure_ = false;
      return;
    }
    hold_ = true;
    const bool failure = !store_.GetHealth().ready;
    if ((failure && !failure_) || !written.error().retriable)
      base::Log(base::LogLevel::kError, "the audit log can't be written",
                {{"reason", written.error().message}});
    failure_ = failure;
  }

  // ---- Checkpoints.

  void SignDue(bool all) {
    std::vector<SpaceId> due;
    {
      const std::lock_guard lock(mutex_);
      const auto before = Steady::now() - options_.checkpoint_after;
      for (const auto& [space, grown] : unsigned_)
        if (all || grown.records >= kRecordsPerCheckpoint || grown.since <= before)
          due.push_back(space);
    }
    for (const SpaceId space : due) {
      {
        const std::lock_guard lock(mutex_);
        if (Late()) return;
        unsigned_.erase(space);
      }
      const base::Status signed_now = Sign(space);
      if (signed_now.ok() || IsGone(signed_now)) continue;
      const std::lock_guard lock(mutex_);
      Touch(space, 1);  // again in a while
    }
  }

  // The signature is of what is durable, and made before the tenant's turn is taken.
  base::Status Sign(SpaceId space) {
    Checkpoint checkpoint;
    {
      STRONGROOM_ASSIGN(const auto snapshot, store_.Read());
      STRONGROOM_ASSIGN(const auto head, ReadHead(*snapshot, space));
      if (!head || head->sequence == head->checkpoint) return {};
      checkpoint = {space, head->sequence, head->hash, head->checkpoint};
    }
    STRONGROOM_ASSIGN(const std::string jws, keys_.Sign(checkpoint, clock_.Now()));
    STRONGROOM_ASSIGN(const auto transaction, store_.Begin({space}, kTurnWait));
    STRONGROOM_ASSIGN(auto head, ReadHead(*transaction, space));
    if (!head) return {};
    STRONGROOM_TRY(transaction->Put(space, CheckpointKey(checkpoint.sequence), jws));
    head->checkpoint = checkpoint.sequence;
    STRONGROOM_TRY(WriteHead(*transaction, space, *head));
    STRONGROOM_TRY(storage::CommitAndWait(*transaction));
    {
      const std::lock_guard lock(mutex_);
      ++stats_.checkpoints;
    }
    if (options_.on_checkpoint) options_.on_checkpoint(jws);
    return {};
  }

  // ---- Retention.

  void TrimDue() {
    if (options_.retention.count() == 0 || Steady::now() < trim_at_) return;
    trim_at_ = Steady::now() + kTrimEvery;
    if (const base::Status trimmed = TrimAll(); !trimmed.ok()) WarnOfTrim(trimmed);
  }

  static void WarnOfTrim(const base::Status& status) {
    base::Log(base::LogLevel::kWarning, "old audit records were not removed",
              {{"reason", status.error().message}});
  }

  base::Status TrimAll() {
    std::vector<SpaceId> chains;
    {
      STRONGROOM_ASSIGN(const auto snapshot, store_.Read());
      STRONGROOM_ASSIGN(chains, Chains(engine_, *snapshot));
    }
    for (const SpaceId chain : chains) {
      // A tenant that is busy, or whose own log is damaged, does not hold up the others; nor does
      // what is old hold up what waits.
      while (!Stopping()) {
        const auto more = Trim(chain);
        if (!more.ok() && more.error().code != base::ErrorCode::kNotFound)
          WarnOfTrim(base::Status(more.error()));
        if (!more.ok() || !*more) break;
        AppendWaiting();
      }
    }
    return {};
  }

  bool Stopping() const {
    const std::lock_guard lock(mutex_);
    return stop_by_.has_value();
  }

  base::Result<bool> Trim(SpaceId chain) {
    const base::Timestamp now = clock_.Now();
    STRONGROOM_ASSIGN(const auto transaction, store_.Begin({chain}));
    STRONGROOM_ASSIGN(const std::uint64_t gone,
                      TrimChain(*transaction, chain, now - options_.retention, now));
    if (gone == 0) return false;
    STRONGROOM_TRY(storage::CommitAndWait(*transaction));
    const std::lock_guard lock(mutex_);
    stats_.trimmed += gone;
    Touch(chain, 1);
    return gone == kTrimmedAtOnce;
  }

  storage::Store& store_;
  Engine& engine_;
  const base::Clock& clock_;
  const Options options_;
  const AuditKeys keys_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // All below by `mutex_`, but for trim_at_, which is the thread's own.
  std::map<SpaceId, Waiting> queues_;
  std::map<SpaceId, Unsigned> unsigned_;
  std::size_t bytes_ = 0;
  Stats stats_;
  bool failure_ = false;
  bool hold_ = false;  // the last attempt failed: not at once again
  std::optional<Steady::time_point> stop_by_;
  Steady::time_point trim_at_{};
  std::thread thread_;
};

}  // namespace

base::Result<std::unique_ptr<Keeper>> Keeper::Open(storage::Store& store, Engine& engine,
                                                   const base::Clock& clock, Options options) {
  STRONGROOM_TRY(PrepareStore(store, engine, clock.Now()));
  STRONGROOM_ASSIGN(const auto snapshot, store.Read());
  STRONGROOM_ASSIGN(auto keys, AuditKeys::Load(*snapshot));
  if (!keys)
    return base::MakeError(base::ErrorCode::kInternalServerError,
                           "the key of the audit log is missing");
  auto keeper =
      std::make_unique<KeeperThread>(store, engine, clock, std::move(options), *std::move(keys));
  STRONGROOM_TRY(keeper->FindUnsigned());
  keeper->Start();
  return std::unique_ptr<Keeper>(std::move(keeper));
}

}  // namespace strongroom::ledger::audit
