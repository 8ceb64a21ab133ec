#include "storage/rocksdb/destruction.h"

#include "base/log.h"

namespace strongroom::storage {

base::Status SealDestroyed(Engine& engine, SpaceId space, std::optional<base::Timestamp> key_until,
                           std::vector<DiskWrite>& out) {
  const auto installation = engine.spaces.Find(kInstallation)->DurableSeal();
  const std::string mark = DestroyedKey(space);
  STRONGROOM_ASSIGN(std::string sealed, installation->Seal(mark, DestroyedMark(key_until),
                                                           *engine.random, *engine.queue));
  out.push_back({DiskWrite::Kind::kPut, mark, std::move(sealed)});
  if (key_until.has_value()) return {};
  out.push_back({DiskWrite::Kind::kDelete, StateKey(space), {}});
  out.push_back({DiskWrite::Kind::kDeleteRange, RecordKey(space, {}), RecordsEnd(space)});
  return {};
}

base::Status DestroyDueKeys(Engine& engine) {
  const base::Timestamp now = engine.clock->Now();
  for (const auto& space : engine.spaces.Kept()) {
    const auto until = space->destroyed_at();
    if (!until.has_value() || *until > now) continue;
    std::vector<DiskWrite> writes;
    STRONGROOM_TRY(SealDestroyed(engine, space->id, std::nullopt, writes));
    STRONGROOM_TRY(engine.queue->PushAndWait(std::move(writes)));
    // Marked on disk by now, so the next start would finish this.
    STRONGROOM_TRY(engine.keyring->Remove(space->id));
    space->SetDestroyedAt(std::nullopt);
    base::Log(base::LogLevel::kInfo, "the key of a deleted tenant was destroyed",
              {{"tenant", space->id.id.ToString()}});
  }
  return {};
}

}  // namespace strongroom::storage
