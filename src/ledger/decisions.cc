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
    stopped_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void DecisionLog::Keep(storage::SpaceId tenant, std::vector<authz::Decision> decisions) {
  if (decisions.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (authz::Decision& decision : decisions) {
      const auto id = base::ParseUuid(decision.id);
      const std::size_t traces = decision.policies.size();
      const std::size_t bytes = BytesQuoted(decision);
      if (!id.ok() || queue_.size() >= limits::kDecisionsWaitingMax ||
          traces_ + traces > limits::kDecisionTracesWaitingMax ||
          bytes_ + bytes > limits::kDecisionBytesWaitingMax) {
        ++dropped_;
        continue;
      }
      traces_ += traces;
      bytes_ += bytes;
      queue_.push_back(
          {tenant, *id, std::make_shared<const authz::Decision>(std::move(decision)), bytes});
    }
  }
  wake_.notify_one();
}

base::Result<std::shared_ptr<const authz::Decision>> DecisionLog::Find(storage::SpaceId tenant,
                                                                       const base::Uuid& id) const {
  {
    const std::lock_guard lock(mutex_);
    for (const Waiting& one : queue_)
      if (one.tenant == tenant && one.id == id) return one.decision;
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
  while (true) {
    std::vector<Waiting> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopped_ || !queue_.empty(); });
      if (queue_.empty()) return;
      batch = NextBatch();
    }
    const base::Status written = Write(batch);
    // A tenant that is gone took its decisions with it.
    if (!written.ok() && written.error().code != base::ErrorCode::kNotFound) {
      base::Log(base::LogLevel::kWarning, "decisions were not kept",
                {{"reason", written.error().message}});
    }
    Forget(batch, written.ok());
  }
}

std::vector<DecisionLog::Waiting> DecisionLog::NextBatch() const {
  std::vector<Waiting> batch;
  for (const Waiting& one : queue_) {
    if (one.tenant != queue_.front().tenant) continue;
    batch.push_back(one);
    if (batch.size() == limits::kDecisionsWrittenAtOnce) break;
  }
  return batch;
}

void DecisionLog::Forget(const std::vector<Waiting>& batch, bool written) {
  const std::lock_guard lock(mutex_);
  for (const Waiting& done : batch) {
    const auto at = std::ranges::find(queue_, done.decision, &Waiting::decision);
    traces_ -= at->decision->policies.size();
    bytes_ -= at->bytes;
    queue_.erase(at);
  }
  if (!written) dropped_ += batch.size();
}

base::Status DecisionLog::Write(const std::vector<Waiting>& batch) {
  const storage::SpaceId tenant = batch.front().tenant;
  STRONGROOM_ASSIGN(const auto transaction, store_.Begin({tenant}));
  STRONGROOM_ASSIGN(const auto kept, ReadNumber(*transaction, tenant, NumberKey()));
  std::uint64_t number = kept.value_or(0);
  for (const Waiting& one : batch) STRONGROOM_TRY(WriteOne(*transaction, one, number++));
  STRONGROOM_TRY(transaction->Put(tenant, NumberKey(), NumberText(number)));
  return storage::CommitAndWait(*transaction);
}

base::Status DecisionLog::WriteOne(storage::Transaction& transaction, const Waiting& one,
                                   std::uint64_t number) {
  const std::uint64_t place = number % limits::kDecisionsMax;
  STRONGROOM_ASSIGN(const auto oldest, transaction.Get(one.tenant, DecisionKey(place)));
  if (oldest && oldest->size() >= kIdBytes)
    STRONGROOM_TRY(transaction.Delete(one.tenant, PlaceKey(oldest->substr(0, kIdBytes))));
  std::string record(BytesOf(one.id));
  record += authz::DecisionText(*one.decision, limits::kDecisionBytesMax);
  STRONGROOM_TRY(transaction.Put(one.tenant, DecisionKey(place), record));
  return transaction.Put(one.tenant, PlaceKey(BytesOf(one.id)), NumberText(place));
}

}  // namespace strongroom::ledger
