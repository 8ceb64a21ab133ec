// How a transaction ends: sealed, handed over, and concluded after the sync.
#include "base/check.h"
#include "base/log.h"
#include "storage/rocksdb/destruction.h"
#include "storage/rocksdb/transaction.h"

namespace strongroom::storage {

bool RocksTransaction::WroteNothing() const {
  for (const Held& held : held_)
    if (!held.writes.empty() || held.created || held.destroyed) return false;
  return true;
}

void RocksTransaction::Commit(Done done) {
  STRONGROOM_CHECK(!ended_);
  if (WroteNothing()) {
    Rollback(std::move(done));
    return;
  }
  auto aftermath = std::make_shared<Aftermath>();
  auto writes = SealWrites();
  base::Status prepared;
  if (!writes.ok()) prepared = std::move(writes).error();
  if (prepared.ok()) prepared = AddReservations(*writes, *aftermath);
  if (!prepared.ok()) {
    for (const Reserved& reserved : aftermath->reserved) reserved.seal->budget().Refused();
    ended_ = true;
    DropCreated();
    GiveTurns();
    done(std::move(prepared));
    return;
  }
  for (const Held& held : held_) {
    aftermath->touched.push_back(held.space);
    if (held.created) aftermath->created.emplace_back(held.space, held.seal);
    if (held.destroyed) aftermath->destroyed.push_back(held.space);
  }
  aftermath->key_until = key_until_;
  ended_ = true;
  auto conclude = [&engine = engine_, aftermath, done = std::move(done)](base::Status written) {
    done(Conclude(engine, *aftermath, std::move(written)));
  };
  Publish(engine_.queue->Push(*std::move(writes), std::move(conclude)));
  GiveTurns();
}

void RocksTransaction::Rollback(Done done) {
  STRONGROOM_CHECK(!ended_);
  ended_ = true;
  DropCreated();
  GiveTurns();
  engine_.queue->WhenDurable(seen_, std::move(done));
}

base::Result<std::vector<DiskWrite>> RocksTransaction::SealWrites() {
  std::vector<DiskWrite> out;
  for (Held& held : held_) STRONGROOM_TRY(SealSpace(held, out));
  return out;
}

base::Status RocksTransaction::SealSpace(Held& held, std::vector<DiskWrite>& out) {
  const SpaceId id = held.space->id;
  if (held.destroyed) return SealDestruction(id, out);
  for (const auto& [key, write] : held.writes) {
    std::string full = RecordKey(id, key);
    if (!write.value.has_value()) {
      out.push_back({DiskWrite::Kind::kDelete, std::move(full), {}});
      continue;
    }
    STRONGROOM_ASSIGN(std::string sealed,
                      held.seal->Seal(full, *write.value, *engine_.random, *engine_.queue));
    out.push_back({DiskWrite::Kind::kPut, std::move(full), std::move(sealed)});
  }
  if (held.created) {
    held.seal->EndFresh();
    const auto used = held.seal->budget().granted();
    STRONGROOM_ASSIGN(DiskWrite state, held.seal->StateWrite(used, *engine_.random));
    out.push_back(std::move(state));
  }
  engine_.records_sealed.fetch_add(held.writes.size(), std::memory_order_relaxed);
  return {};
}

// With a time to think it over, only the mark is written: state and records wait for the end of it.
base::Status RocksTransaction::SealDestruction(SpaceId space, std::vector<DiskWrite>& out) {
  if (engine_.options.destruction_grace.count() > 0)
    key_until_ = engine_.clock->Now() + engine_.options.destruction_grace;
  return SealDestroyed(engine_, space, key_until_, out);
}

// Spaces whose block of seals is running low get their next one with this commit, for no sync of
// its own. Last of all, since a seal may wait for a reservation that is on its way.
base::Status RocksTransaction::AddReservations(std::vector<DiskWrite>& out, Aftermath& aftermath) {
  for (const Held& held : held_) {
    // A space that is being made has its first reservation in this very commit.
    if (held.seal == nullptr || held.created || held.writes.empty()) continue;
    const auto due = held.seal->budget().Due();
    if (!due.has_value()) continue;
    aftermath.reserved.push_back({held.seal, *due});
    STRONGROOM_ASSIGN(DiskWrite state, held.seal->StateWrite(*due, *engine_.random));
    out.push_back(std::move(state));
  }
  return {};
}

// What the next transaction of these spaces sees.
void RocksTransaction::Publish(std::uint64_t sequence) {
  for (Held& held : held_) {
    held.space->seal = held.seal;
    if (held.destroyed) held.space->was_destroyed = true;
    if (held.created || held.destroyed) engine_.spaces.Keep(held.space);
    held.space->in_flight.Add(sequence, std::move(held.writes));
    // The sync may have been faster than this thread.
    held.space->in_flight.Prune(engine_.queue->durable());
  }
}

// On failure nothing is undone: whether the writes are on disk shows at the next start only.
base::Status RocksTransaction::Conclude(Engine& engine, const Aftermath& aftermath,
                                        base::Status written) {
  for (const Reserved& reserved : aftermath.reserved) {
    SealBudget& budget = reserved.seal->budget();
    written.ok() ? budget.Granted(reserved.reservation) : budget.Refused();
  }
  if (!written.ok()) return written;
  for (const auto& [space, seal] : aftermath.created) space->SetDurableSeal(seal);
  for (const auto& space : aftermath.destroyed) {
    space->SetDurableSeal(nullptr);
    space->SetDestroyedAt(aftermath.key_until);
    if (aftermath.key_until.has_value()) continue;
    // Marked as destroyed on disk, so the next start would finish this if we could not.
    STRONGROOM_TRY(engine.keyring->Remove(space->id));
  }
  // Plaintext does not stay in memory longer than needed when nobody comes next.
  for (const auto& space : aftermath.touched) {
    if (!space->turn.TryTake()) continue;
    space->in_flight.Prune(engine.queue->durable());
    space->turn.Give();
  }
  return {};
}

void RocksTransaction::DropCreated() {
  for (const Held& held : held_) {
    if (!held.created) continue;
    if (!engine_.keyring->Remove(held.space->id).ok())
      base::Log(base::LogLevel::kWarning, "the key of a space that was not made is still there");
  }
}

void RocksTransaction::GiveTurns() {
  at_.reset();
  for (const Held& held : held_) held.space->turn.Give();
}

}  // namespace strongroom::storage
