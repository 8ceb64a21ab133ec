#include "storage/rocksdb/space.h"

#include "base/check.h"
#include "base/encoding.h"
#include "storage/key.h"

namespace strongroom::storage {
namespace {

// The epoch of the key that seals state records: they have one of their own, counted in themselves.
constexpr std::uint32_t kStateEpoch = 0;

std::string Prefixed(char kind, SpaceId space) {
  std::string key(1, kind);
  key.append(base::AsChars(space.id.bytes));
  return key;
}

crypto::Aead::Nonce FreshNonce(base::Random& random) {
  crypto::Aead::Nonce nonce;
  random.Fill(nonce);
  return nonce;
}

}  // namespace

std::string RecordKey(SpaceId space, std::string_view key) {
  std::string full;
  full.reserve(kRecordPrefixBytes + key.size());
  full.push_back('r');
  full.append(base::AsChars(space.id.bytes));
  full.append(key);
  return full;
}

std::string RecordsEnd(SpaceId space) { return PrefixRange(RecordKey(space, {})).end; }
std::string StateKey(SpaceId space) { return Prefixed('m', space); }
std::string DestroyedKey(SpaceId space) { return Prefixed('x', space); }

std::string DestroyedMark(std::optional<base::Timestamp> key_until) {
  if (!key_until.has_value()) return "destroyed";
  return KeyWriter().Text("deleted").Timestamp(*key_until).Take();
}

SpaceSeal::SpaceSeal(const SealPlace& place, base::SecretBytes key, const SealState& stored)
    : place_(place),
      cipher_(place.store, place.space, std::move(key)),
      budget_(stored.reservation, place.limit),
      state_(stored) {}

base::Result<std::shared_ptr<SpaceSeal>> SpaceSeal::Load(const SealPlace& place,
                                                         base::SecretBytes key,
                                                         std::string_view state) {
  const SpaceCipher cipher(place.store, place.space, key.Clone());
  STRONGROOM_ASSIGN(const std::string opened,
                    cipher.Open(Purpose::kSpaceState, kStateEpoch, StateKey(place.space), state));
  KeyReader reader(opened);
  STRONGROOM_ASSIGN(const std::uint64_t epoch, reader.Uint64());
  SealState stored;
  STRONGROOM_ASSIGN(stored.reservation.reserved, reader.Uint64());
  STRONGROOM_ASSIGN(stored.writes, reader.Uint64());
  STRONGROOM_ASSIGN(const std::uint64_t rewritten_from, reader.Uint64());
  STRONGROOM_ASSIGN(const std::uint64_t rewrite_from, reader.Uint64());
  STRONGROOM_ASSIGN(stored.since, reader.Timestamp());
  stored.reservation.epoch = static_cast<std::uint32_t>(epoch);
  stored.rewritten_from = static_cast<std::uint32_t>(rewritten_from);
  stored.rewrite_from = static_cast<std::uint32_t>(rewrite_from);
  return std::make_shared<SpaceSeal>(place, std::move(key), stored);
}

base::Result<std::string> SpaceSeal::Seal(std::string_view physical_key, std::string_view value,
                                          base::Random& random, CommitQueue& queue) {
  std::optional<std::uint32_t> epoch;
  while (!(epoch = budget_.Take()).has_value()) STRONGROOM_TRY(Reserve(random, queue));
  return cipher_.Seal(Purpose::kRecords, *epoch, FreshNonce(random), physical_key, value);
}

base::Result<std::string> SpaceSeal::Open(std::string_view physical_key,
                                          std::string_view sealed) const {
  return cipher_.Open(Purpose::kRecords, budget_.granted().epoch, physical_key, sealed);
}

base::Status SpaceSeal::Reserve(base::Random& random, CommitQueue& queue) {
  if (auto failed = queue.failure(); failed.has_value()) return *std::move(failed);
  const auto due = budget_.Due(true);
  if (!due.has_value()) {
    budget_.AwaitAnswer();
    return {};
  }
  if (fresh_) {
    budget_.Granted(*due);
    return {};
  }
  return StoreReservation(*due, random, queue);
}

base::Result<SealBudget::Reservation> SpaceSeal::TakeReservation(bool next_epoch,
                                                                 CommitQueue& queue) {
  while (true) {
    if (auto failed = queue.failure(); failed.has_value()) return *std::move(failed);
    if (const auto due = next_epoch ? budget_.DueOfNextEpoch() : budget_.Due(true)) return *due;
    budget_.AwaitAnswer();
  }
}

base::Status SpaceSeal::StoreReservation(const SealBudget::Reservation& reservation,
                                         base::Random& random, CommitQueue& queue) {
  auto write = StateWrite(reservation, random);
  if (!write.ok()) {
    budget_.Refused();
    return std::move(write).error();
  }
  const base::Status stored = queue.PushAndWait({*std::move(write)});
  stored.ok() ? budget_.Granted(reservation) : budget_.Refused();
  return stored;
}

base::Status SpaceSeal::BeginRewriting(base::Random& random, CommitQueue& queue) {
  STRONGROOM_ASSIGN(const SealBudget::Reservation next, TakeReservation(true, queue));
  {
    const std::lock_guard lock(mutex_);
    state_.rewrite_from = next.epoch;
  }
  return StoreReservation(next, random, queue);
}

base::Status SpaceSeal::EndRewriting(std::uint32_t epoch, base::Random& random,
                                     CommitQueue& queue) {
  STRONGROOM_ASSIGN(const SealBudget::Reservation next, TakeReservation(false, queue));
  {
    const std::lock_guard lock(mutex_);
    state_.rewritten_from = epoch;
  }
  return StoreReservation(next, random, queue);
}

SealState SpaceSeal::state() const {
  const std::lock_guard lock(mutex_);
  SealState state = state_;
  state.reservation = budget_.granted();
  return state;
}

base::Result<DiskWrite> SpaceSeal::StateWrite(const SealBudget::Reservation& reservation,
                                              base::Random& random) {
  const std::lock_guard lock(mutex_);
  // A reservation is one of thousands of seals, so other limits end long before this one.
  if (++state_.writes > std::uint64_t{1} << 31)
    return base::MakeError(base::ErrorCode::kInternalServerError, "the key of a space is used up",
                           "copy the tenant into a new one");
  const bool begins = reservation.epoch != state_.reservation.epoch || state_.writes == 1;
  if (begins) state_.since = place_.clock->Now();
  state_.reservation = reservation;
  const std::string state = KeyWriter()
                                .Uint64(reservation.epoch)
                                .Uint64(reservation.reserved)
                                .Uint64(state_.writes)
                                .Uint64(state_.rewritten_from)
                                .Uint64(state_.rewrite_from)
                                .Timestamp(state_.since)
                                .Take();
  const std::string key = StateKey(place_.space);
  STRONGROOM_ASSIGN(std::string sealed, cipher_.Seal(Purpose::kSpaceState, kStateEpoch,
                                                     FreshNonce(random), key, state));
  return DiskWrite{DiskWrite::Kind::kPut, key, std::move(sealed)};
}

std::shared_ptr<SpaceSeal> Space::DurableSeal() const {
  const std::lock_guard lock(mutex_);
  return durable_seal_;
}

void Space::SetDurableSeal(std::shared_ptr<SpaceSeal> made) {
  const std::lock_guard lock(mutex_);
  durable_seal_ = std::move(made);
}

std::optional<base::Timestamp> Space::destroyed_at() const {
  const std::lock_guard lock(mutex_);
  return destroyed_at_;
}

void Space::SetDestroyedAt(std::optional<base::Timestamp> at) {
  const std::lock_guard lock(mutex_);
  destroyed_at_ = at;
}

std::shared_ptr<Space> SpaceTable::Find(SpaceId id) const {
  const std::shared_lock lock(mutex_);
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : found->second.named.lock();
}

std::shared_ptr<Space> SpaceTable::FindOrName(SpaceId id) {
  if (auto found = Find(id); found != nullptr) return found;
  const std::unique_lock lock(mutex_);
  if (slots_.size() > 2 * kept_ + 1024)
    std::erase_if(slots_, [](const auto& slot) { return slot.second.named.expired(); });
  Slot& slot = slots_[id];
  auto space = slot.named.lock();
  if (space == nullptr) slot.named = space = std::make_shared<Space>(id);
  return space;
}

void SpaceTable::Keep(const std::shared_ptr<Space>& space) {
  const std::unique_lock lock(mutex_);
  Slot& slot = slots_[space->id];
  STRONGROOM_CHECK(slot.kept == nullptr || slot.kept == space);
  if (slot.kept == nullptr) ++kept_;
  slot.named = slot.kept = space;
}

std::vector<std::shared_ptr<Space>> SpaceTable::Kept() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<Space>> kept;
  for (const auto& [id, slot] : slots_)
    if (slot.kept != nullptr) kept.push_back(slot.kept);
  return kept;
}

}  // namespace strongroom::storage
