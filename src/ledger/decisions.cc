#include "ledger/decisions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "ledger/limits.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

// docs/reference/ledger-records.md
constexpr std::uint8_t kNumberTag = 0x14;    // -> how many were kept so far
constexpr std::uint8_t kDecisionTag = 0x15;  // place in the ring -> id, text
constexpr std::uint8_t kPlaceTag = 0x16;     // id -> place

constexpr std::size_t kIdBytes = 16;
// How long the writer waits for one tenant's turn, and how long a stop may take in all.
constexpr std::chrono::milliseconds kTurnWait{200};
constexpr std::chrono::seconds kStopWait{5};

std::string NumberKey() { return storage::KeyWriter(kNumberTag).Take(); }
std::string DecisionKey(std::uint64_t place) {
  return storage::KeyWriter(kDecisionTag).Uint64(place).Take();
}
std::string PlaceKey(std::string_view id) { return storage::KeyWriter(kPlaceTag).Raw(id).Take(); }
std::string_view BytesOf(const base::Uuid& id) { return base::AsChars(id.bytes); }

std::string NumberText(std::uint64_t number) { return storage::KeyWriter().Uint64(number).Take(); }

base::Result<std::optional<std::uint64_t>> ReadNumber(storage::Reader& reader,
                                                      storage::SpaceId tenant,
                                                      std::string_view key) {
  STRONGROOM_ASSIGN(const auto text, reader.Get(tenant, key));
  if (!text) return std::optional<std::uint64_t>();
  STRONGROOM_ASSIGN(const std::uint64_t number, storage::KeyReader(*text).Uint64());
  return std::optional<std::uint64_t>(number);
}

std::size_t BytesQuoted(const authz::Decision& decision) {
  std::size_t bytes = decision.resource.size() + decision.principal.size();
  for (const authz::PolicyTrace& policy : decision.policies) {
    bytes += policy.origin.size();
    for (const authz::AssertionTrace& assertion : policy.assertions) {
      bytes += assertion.name.size() + assertion.expression.size() + assertion.error.size();
      for (const authz::SeenValue& seen : assertion.seen)
        bytes += seen.path.size() + seen.value.size();
    }
  }
  return bytes;
}

}  // namespace

DecisionLog::DecisionLog(storage::Store& store) : store_(store), writer_([this] { Run(); }) {}

DecisionLog::~DecisionLog() {
  {
    const std::lock_guard lock(mutex_);
    stop_by_ = Steady::now() + kStopWait;
  }
  wake_.notify_one();
  writer_.join();
}

void DecisionLog::Keep(storage::SpaceId tenant, std::vector<authz::Decision> decisions) {
  if (decisions.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (authz::Decision& decision : decisions) Add(tenant, std::move(decision));
  }
  wake_.notify_one();
}

void DecisionLog::Add(storage::SpaceId tenant, authz::Decision decision) {
  const auto id = base::ParseUuid(decision.id);
  const std::size_t traces = decision.policies.size();
  const std::size_t bytes = BytesQuoted(decision);
  if (!id.ok() || traces > limits::kDecisionTracesWaitingMax ||
      bytes > limits::kDecisionBytesWaitingMax) {
    ++dropped_;
    return;
  }
  const auto own = queues_.find(tenant);
  if (own != queues_.end() && own->second.size() >= limits::kDecisionsWaitingOfTenantMax)
    DropOldest(tenant);
  // What one tenant brings costs no other that waits with less.
  while (IsFull(traces, bytes)) DropOldest(Fullest());
  ++waiting_;
  traces_ += traces;
  bytes_ += bytes;
  queues_[tenant].push_back(
      {*id, std::make_shared<const authz::Decision>(std::move(decision)), bytes});
}

bool DecisionLog::IsFull(std::size_t traces, std::size_t bytes) const {
  return waiting_ >= limits::kDecisionsWaitingMax ||
         traces_ + traces > limits::kDecisionTracesWaitingMax ||
         bytes_ + bytes > limits::kDecisionBytesWaitingMax;
}

storage::SpaceId DecisionLog::Fullest() const {
  return std::ranges::max_element(queues_, {}, [](const auto& one) { return one.second.size(); })
      ->first;
}

void DecisionLog::DropOldest(storage::SpaceId tenant) {
  Remove(tenant, queues_.at(tenant).begin());
  ++dropped_;
}

void DecisionLog::Remove(storage::SpaceId tenant, Queue::iterator at) {
  --waiting_;
  traces_ -= at->decision->policies.size();
  bytes_ -= at->bytes;
  Queue& queue = queues_.at(tenant);
  queue.erase(at);
  if (queue.empty()) queues_.erase(tenant);
}

base::Result<std::shared_ptr<const authz::Decision>> DecisionLog::Find(storage::SpaceId tenant,
                                                                       const base::Uuid& id) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto own = queues_.find(tenant); own != queues_.end())
      for (const Waiting& one : own->second)
        if (one.id == id) return one.decision;
  }
  // What has left the queue is durable, so a snapshot taken after that has it.
  std::shared_ptr<const authz::Decision> none;
  STRONGROOM_ASSIGN(const auto snapshot, store_.Read());
  STRONGROOM_ASSIGN(const auto place, ReadNumber(*snapshot, tenant, PlaceKey(BytesOf(id))));
  if (!place) return none;
  STRONGROOM_ASSIGN(const auto record, snapshot->Get(tenant, DecisionKey(*place)));
  if (!record || !record->starts_with(BytesOf(id))) return none;
  STRONGROOM_ASSIGN(authz::Decision decision,
                    authz::DecisionFromText(std::string_view(*record).substr(kIdBytes)));
  return std::make_shared<const authz::Decision>(std::move(decision));
}

std::uint64_t DecisionLog::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

// ---- The writer.

void DecisionLog::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stop_by_ || waiting_ > 0; });
    if (waiting_ == 0) return;
    if (stop_by_ && Steady::now() >= *stop_by_) {
      dropped_ += waiting_;
      return;
    }
    served_ = Next();
    const Queue& queue = queues_.at(served_);
    const std::size_t count = std::min(queue.size(), limits::kDecisionsWrittenAtOnce);
    const std::vector<Waiting> batch(queue.begin(),
                                     queue.begin() + static_cast<std::ptrdiff_t>(count));
    const storage::SpaceId tenant = served_;
    lock.unlock();
    const base::Status written = Write(tenant, batch);
    // A tenant whose turn did not come is asked again, after the others.
    const bool busy = !written.ok() && written.error().retriable && store_.GetHealth().ready;
    // A tenant that is gone took its decisions with it.
    if (!written.ok() && !busy && written.error().code != base::ErrorCode::kNotFound) {
      base::Log(base::LogLevel::kWarning, "decisions were not kept",
                {{"reason", written.error().message}});
    }
    lock.lock();
    if (!busy) Forget(tenant, batch, written.ok());
  }
}

storage::SpaceId DecisionLog::Next() const {
  const auto after = queues_.upper_bound(served_);
  return (after == queues_.end() ? queues_.begin() : after)->first;
}

// Some may have been dropped meanwhile.
void DecisionLog::Forget(storage::SpaceId tenant, const std::vector<Waiting>& batch, bool written) {
  for (const Waiting& done : batch) {
    const auto own = queues_.find(tenant);
    if (own == queues_.end()) return;
    const auto at = std::ranges::find(own->second, done.decision, &Waiting::decision);
    if (at == own->second.end()) continue;
    Remove(tenant, at);
    if (!written) ++dropped_;
  }
}

base::Status DecisionLog::Write(storage::SpaceId tenant, const std::vector<Waiting>& batch) {
  // Before the turn is taken: requests wait for it.
  std::vector<Text> texts;
  texts.reserve(batch.size());
  for (const Waiting& one : batch)
    texts.push_back({one.id, authz::DecisionText(*one.decision, limits::kDecisionBytesMax)});
  STRONGROOM_ASSIGN(const auto transaction, store_.Begin({tenant}, kTurnWait));
  STRONGROOM_ASSIGN(const auto kept, ReadNumber(*transaction, tenant, NumberKey()));
  std::uint64_t number = kept.value_or(0);
  for (const Text& one : texts) STRONGROOM_TRY(WriteOne(*transaction, tenant, one, number++));
  STRONGROOM_TRY(transaction->Put(tenant, NumberKey(), NumberText(number)));
  return storage::CommitAndWait(*transaction);
}

base::Status DecisionLog::WriteOne(storage::Transaction& transaction, storage::SpaceId tenant,
                                   const Text& one, std::uint64_t number) {
  const std::uint64_t place = number % limits::kDecisionsMax;
  STRONGROOM_ASSIGN(const auto oldest, transaction.Get(tenant, DecisionKey(place)));
  if (oldest && oldest->size() >= kIdBytes)
    STRONGROOM_TRY(transaction.Delete(tenant, PlaceKey(oldest->substr(0, kIdBytes))));
  std::string record(BytesOf(one.id));
  record += one.text;
  STRONGROOM_TRY(transaction.Put(tenant, DecisionKey(place), record));
  return transaction.Put(tenant, PlaceKey(BytesOf(one.id)), NumberText(place));
}

}  // namespace strongroom::ledger
