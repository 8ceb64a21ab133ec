#include "storage/rocksdb/settings.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <string>

namespace strongroom::storage {
namespace {

// RocksDB's own log names keys and paths, so it goes nowhere. Failures reach us as statuses.
class SilentLogger : public rocksdb::Logger {
 public:
  SilentLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

std::shared_ptr<rocksdb::TableFactory> Tables(std::size_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.format_version = 5;
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

}  // namespace

rocksdb::Options EngineOptions(rocksdb::Env* env, std::size_t cache_bytes) {
  rocksdb::Options options;
  options.env = env;
  options.info_log = std::make_shared<SilentLogger>();
  options.table_factory = Tables(cache_bytes);
  // Refuses to open on corruption inside the log; the default would silently end before it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  options.track_and_verify_wals_in_manifest = true;
  options.verify_sst_unique_id_in_manifest = true;
  options.recycle_log_file_num = 0;  // a recycled log would overwrite encrypted frames in place
  options.allow_mmap_reads = false;
  options.allow_mmap_writes = false;
  options.manual_wal_flush = false;
  options.unordered_write = false;
  options.enable_pipelined_write = false;
  options.best_efforts_recovery = false;
  options.compression = rocksdb::kNoCompression;  // sealed values don't compress
  options.write_buffer_size = std::size_t{64} << 20;
  options.max_background_jobs = 2;
  options.level_compaction_dynamic_level_bytes = true;
  options.dump_malloc_stats = false;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

rocksdb::WriteOptions CommitWriteOptions() {
  rocksdb::WriteOptions options;
  options.sync = true;
  options.disableWAL = false;
  return options;
}

rocksdb::ReadOptions VerifiedReadOptions() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.total_order_seek = true;
  return options;
}

base::Status CheckSettings(const rocksdb::DBOptions& options, const rocksdb::WriteOptions& write) {
  const auto require = [](bool holds, const std::string& name) -> base::Status {
    if (holds) return {};
    return base::MakeError(base::ErrorCode::kInternalServerError,
                           "the storage engine runs without `" + name + "`");
  };
  STRONGROOM_TRY(require(write.sync && !write.disableWAL, "sync"));
  STRONGROOM_TRY(
      require(options.wal_recovery_mode == rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords,
              "wal_recovery_mode"));
  STRONGROOM_TRY(require(options.paranoid_checks, "paranoid_checks"));
  STRONGROOM_TRY(
      require(options.track_and_verify_wals_in_manifest, "track_and_verify_wals_in_manifest"));
  STRONGROOM_TRY(
      require(options.verify_sst_unique_id_in_manifest, "verify_sst_unique_id_in_manifest"));
  STRONGROOM_TRY(require(!options.allow_mmap_reads && !options.allow_mmap_writes, "no mmap"));
  STRONGROOM_TRY(require(!options.unordered_write && !options.enable_pipelined_write &&
                             !options.two_write_queues && !options.manual_wal_flush,
                         "writes visible only after their sync"));
  STRONGROOM_TRY(require(options.recycle_log_file_num == 0, "no recycled logs"));
  STRONGROOM_TRY(require(!options.best_efforts_recovery, "strict recovery"));
  return {};
}

}  // namespace strongroom::storage
