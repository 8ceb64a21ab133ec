#include "storage/rocksdb/open.h"

#include <rocksdb/convenience.h>

#include "base/check.h"
#include "base/log.h"
#include "storage/backup/backup.h"
#include "storage/rocksdb/checkpoint.h"
#include "storage/rocksdb/encrypted_file_system.h"
#include "storage/rocksdb/engine.h"
#include "storage/rocksdb/key_upkeep.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/start.h"
#include "storage/rocksdb/status.h"
#include "storage/rocksdb/transaction.h"

namespace strongroom::storage {
namespace {

class RocksStore : public Store {
 public:
  explicit RocksStore(std::unique_ptr<Engine> engine)
      : engine_(std::move(engine)), keys_(std::make_unique<KeyUpkeep>(*engine_)) {}

  base::Result<std::unique_ptr<Snapshot>> Read(Reach reach) override {
    return MakeSnapshot(*engine_, reach);
  }

  base::Result<std::unique_ptr<Transaction>> Begin(std::vector<SpaceId> spaces,
                                                   std::chrono::milliseconds wait_max) override {
    return RocksTransaction::Begin(*engine_, std::move(spaces),
                                   std::chrono::steady_clock::now() + wait_max);
  }

  Health GetHealth() const override {
    const auto failure = engine_->queue->failure();
    if (failure.has_value()) return {false, failure->message};
    return {};
  }

  KeyControl* keys() { return keys_.get(); }
  base::Status Checkpoint() { return MakeCheckpointOf(*engine_); }

  Stats GetStats() const override {
    Stats stats;
    stats.records_read = engine_->records_read;
    stats.records_sealed = engine_->records_sealed;
    stats.integrity_failures = engine_->integrity_failures;
    engine_->queue->AddStats(stats);
    return stats;
  }

 private:
  const std::unique_ptr<Engine> engine_;
  const std::unique_ptr<KeyUpkeep> keys_;
};

}  // namespace

KeyControl* KeysOf(Store& store) {
  auto* const own = dynamic_cast<RocksStore*>(&store);
  return own == nullptr ? nullptr : own->keys();
}

base::Status MakeCheckpoint(Store& store) {
  auto* const own = dynamic_cast<RocksStore*>(&store);
  if (own != nullptr) return own->Checkpoint();
  return base::MakeError(base::ErrorCode::kBadRequest, "this kind of store has no checkpoints");
}

base::Result<std::unique_ptr<Store>> OpenRocksDb(RocksDbOptions options) {
  STRONGROOM_CHECK(options.key_provider != nullptr && !options.directory.empty());
  auto engine = std::make_unique<Engine>();
  engine->random = options.random != nullptr ? options.random : &base::SystemRandom();
  engine->clock = options.clock != nullptr ? options.clock : &base::SystemClock();
  engine->files =
      options.file_system != nullptr ? options.file_system : rocksdb::FileSystem::Default();
  engine->options = std::move(options);
  STRONGROOM_TRY(LockDirectory(*engine));
  STRONGROOM_TRY(OpenKeyring(*engine));
  STRONGROOM_TRY(OpenDatabase(*engine));
  engine->queue = std::make_unique<CommitQueue>(*engine->db);
  STRONGROOM_TRY(LoadSpaces(*engine));
  return std::unique_ptr<Store>(std::make_unique<RocksStore>(std::move(engine)));
}

}  // namespace strongroom::storage
