#include "storage/rocksdb/key_upkeep.h"

#include "base/log.h"
#include "storage/rocksdb/at_once.h"
#include "storage/rocksdb/destruction.h"
#include "storage/rocksdb/disk_reader.h"
#include "storage/rocksdb/rewrite.h"

namespace strongroom::storage {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdle{60'000};
constexpr milliseconds kAfterProblem{1000};
// As long as a batch took, so that others have half of the disk at least.
constexpr milliseconds kBetweenBatchesMax{50};
constexpr std::chrono::minutes kAskProviderEvery{5};
constexpr std::chrono::seconds kTurnWait{5};
// Orders for many spaces share their syncs.
constexpr std::size_t kOrdersAtOnce = 32;

bool IsRotating(const SealState& state) { return state.rewritten_from < state.rewrite_from; }

// Before the new epoch is durable, what older ones seal may still be on its way to the disk.
bool CanRewrite(const SealState& state) {
  return IsRotating(state) && state.reservation.epoch >= state.rewrite_from;
}

}  // namespace

KeyUpkeep::KeyUpkeep(Engine& engine)
    : engine_(engine),
      provider_asked_(engine.clock->Now()),
      ask_again_(std::chrono::steady_clock::now() + kAskProviderEvery) {
  progress_.paused = engine.keyring->rotation_paused();
  thread_ = std::thread([this] { Run(); });
}

KeyUpkeep::~KeyUpkeep() {
  stopping_ = true;
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

KeyStatus KeyUpkeep::Status() {
  KeyStatus status;
  status.store = engine_.keyring->store();
  status.provider = engine_.keyring->provider()->Id();
  status.wrapped_at = engine_.keyring->wrapped_at();
  status.seals_per_key_max = engine_.options.seals_per_key_max;
  std::size_t rotating = 0;
  for (const auto& space : engine_.spaces.Kept()) {
    const auto seal = space->DurableSeal();
    const auto destroyed_at = space->destroyed_at();
    if (seal == nullptr && !destroyed_at.has_value()) continue;
    SpaceKeys& keys = status.spaces.emplace_back();
    keys.space = space->id;
    keys.made = engine_.keyring->MadeAt(space->id);
    keys.destroyed_at = destroyed_at;
    if (seal == nullptr) continue;
    const SealState state = seal->state();
    keys.epoch = state.reservation.epoch;
    keys.epoch_since = state.since;
    keys.seals_reserved = state.reservation.reserved;
    keys.rotating = IsRotating(state);
    if (keys.rotating) ++rotating;
  }
  const std::lock_guard lock(mutex_);
  status.rotation = progress_;
  status.rotation.spaces_left = rotating;
  status.provider_reachable = provider_reachable_;
  status.provider_asked = provider_asked_;
  return status;
}

base::Result<std::vector<std::shared_ptr<Space>>> KeyUpkeep::Chosen(
    std::optional<SpaceId> space) const {
  std::vector<std::shared_ptr<Space>> chosen;
  for (const auto& kept : engine_.spaces.Kept())
    if ((!space.has_value() || kept->id == *space) && kept->DurableSeal() != nullptr)
      chosen.push_back(kept);
  if (space.has_value() && chosen.empty()) return NoSuchSpace();
  return chosen;
}

base::Result<OldSeals> KeyUpkeep::CountOldSeals(std::optional<SpaceId> space) {
  STRONGROOM_ASSIGN(const auto chosen, Chosen(space));
  OldSeals sum;
  for (const auto& one : chosen) {
    const auto seal = one->DurableSeal();
    if (seal == nullptr) continue;
    STRONGROOM_ASSIGN(const OldSeals count,
                      CountSeals(engine_, one->id, seal->budget().granted().epoch));
    sum.records += count.records;
    sum.bytes += count.bytes;
    sum.all_records += count.all_records;
    sum.all_bytes += count.all_bytes;
  }
  return sum;
}

base::Status KeyUpkeep::BeginRotation(Space& space) {
  if (!space.turn.Take(std::chrono::steady_clock::now() + kTurnWait)) {
    base::Error error = base::MakeError(base::ErrorCode::kUnavailable,
                                        "a tenant is busy with other writes", "try again");
    error.retriable = true;
    return error;
  }
  base::Status begun;
  if (const auto seal = space.DurableSeal(); seal != nullptr)
    begun = seal->BeginRewriting(*engine_.random, *engine_.queue);
  space.turn.Give();
  return begun;
}

base::Status KeyUpkeep::RotateDataKeys(std::optional<SpaceId> space) {
  STRONGROOM_ASSIGN(const auto chosen, Chosen(space));
  STRONGROOM_TRY(ForAllAtOnce(chosen.size(), kOrdersAtOnce,
                              [&](std::size_t i) { return BeginRotation(*chosen[i]); }));
  const std::lock_guard lock(mutex_);
  woken_ = true;
  wake_.notify_all();
  return {};
}

base::Status KeyUpkeep::PauseRotation(bool paused) {
  STRONGROOM_TRY(engine_.keyring->PauseRotation(paused));
  const std::lock_guard lock(mutex_);
  progress_.paused = paused;
  woken_ = true;
  wake_.notify_all();
  return {};
}

base::Status KeyUpkeep::Rewrap(std::shared_ptr<KeyProvider> provider) {
  STRONGROOM_TRY(engine_.keyring->Rewrap(std::move(provider)));
  const std::lock_guard lock(mutex_);
  provider_reachable_ = true;
  provider_asked_ = engine_.clock->Now();
  return {};
}

base::Result<std::size_t> KeyUpkeep::Verify() { return engine_.keyring->Verify(); }

base::Status KeyUpkeep::DestroyDue() { return DestroyDueKeys(engine_); }

void KeyUpkeep::Run() {
  while (!stopping_) {
    if (const base::Status destroyed = DestroyDue(); !destroyed.ok())
      base::Log(base::LogLevel::kError, "the key of a deleted tenant was not destroyed",
                {{"reason", destroyed.error().message}});
    AskProvider();
    const std::shared_ptr<Space> space = NextToRewrite();
    const auto seal = space == nullptr ? nullptr : space->DurableSeal();
    if (seal == nullptr) {
      if (WaitFor(kIdle)) return;
      continue;
    }
    const Time began = std::chrono::steady_clock::now();
    const base::Status done = RewriteSome(*space, *seal);
    SetProblem(done.ok() ? std::string() : done.error().message);
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    if (WaitFor(done.ok() ? std::min(took, kBetweenBatchesMax) : kAfterProblem)) return;
  }
}

// So that an outage is seen before somebody needs a key (security 7.14).
void KeyUpkeep::AskProvider() {
  if (std::chrono::steady_clock::now() < ask_again_) return;
  std::uint8_t drawn = 0;
  engine_.random->Fill({&drawn, 1});
  ask_again_ =
      std::chrono::steady_clock::now() + kAskProviderEvery + std::chrono::seconds(drawn % 60);
  const base::Status asked = engine_.keyring->provider()->Check();
  const std::lock_guard lock(mutex_);
  provider_reachable_ = asked.ok();
  provider_asked_ = engine_.clock->Now();
}

std::shared_ptr<Space> KeyUpkeep::NextToRewrite() const {
  {
    const std::lock_guard lock(mutex_);
    if (progress_.paused) return nullptr;
  }
  std::shared_ptr<Space> next;
  for (const auto& space : engine_.spaces.Kept()) {
    const auto seal = space->DurableSeal();
    if (seal == nullptr || !CanRewrite(seal->state())) continue;
    if (current_.has_value() && space->id == *current_) return space;
    next = space;
  }
  return next;
}

base::Status KeyUpkeep::RewriteSome(Space& space, SpaceSeal& seal) {
  if (current_ != space.id) {
    const std::uint32_t epoch = seal.state().rewrite_from;
    STRONGROOM_ASSIGN(const OldSeals count, CountSeals(engine_, space.id, epoch));
    current_ = space.id;
    epoch_ = epoch;
    position_.clear();
    const std::lock_guard lock(mutex_);
    progress_.records_left = count.records;
  }
  STRONGROOM_ASSIGN(const OldRecords found, FindOldRecords(engine_, space.id, epoch_, position_));
  STRONGROOM_TRY(RewriteRecords(engine_, space.id, found.keys));
  position_ = found.next;
  {
    const std::lock_guard lock(mutex_);
    progress_.records_rewritten += found.keys.size();
    progress_.records_left -= std::min(progress_.records_left, std::uint64_t{found.keys.size()});
  }
  return found.end ? FinishSpace(space, seal) : base::Status();
}

// Another rotation may have been ordered meanwhile: then the next pass begins at once.
base::Status KeyUpkeep::FinishSpace(Space& space, SpaceSeal& seal) {
  current_.reset();
  STRONGROOM_TRY(seal.EndRewriting(epoch_, *engine_.random, *engine_.queue));
  Compact(space.id);
  base::Log(base::LogLevel::kInfo,
            "the records of a tenant were rewritten under its newest data key",
            {{"tenant", space.id.id.ToString()}, {"epoch", std::to_string(epoch_)}});
  return {};
}

// What the old keys sealed leaves the files, too.
void KeyUpkeep::Compact(SpaceId space) {
  const std::string begin = RecordKey(space, {});
  const std::string end = RecordsEnd(space);
  const rocksdb::Slice from(begin);
  const rocksdb::Slice to(end);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.canceled = &stopping_;
  const auto compacted = engine_.db->CompactRange(options, &from, &to);
  if (!compacted.ok() && !stopping_)
    base::Log(base::LogLevel::kWarning, "old sealed values stay in the files until later");
}

bool KeyUpkeep::WaitFor(milliseconds time) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, time, [this] { return woken_; });
  woken_ = false;
  return stopping_;
}

void KeyUpkeep::SetProblem(std::string problem) {
  const std::lock_guard lock(mutex_);
  progress_.problem = std::move(problem);
}

}  // namespace strongroom::storage
