// How RocksDB is set up. Its defaults are wrong for a ledger (DESIGN 3, security 7.10, 8.6), so
// what matters is also read back from the opened database.
#pragma once

#include <rocksdb/options.h>

#include <memory>

#include "base/result.h"

namespace rocksdb {
class DB;
class FileSystem;
}  // namespace rocksdb

namespace strongroom::storage {

// `env` must do its files through the encrypted file system, and outlive the database.
rocksdb::Options EngineOptions(rocksdb::Env* env, std::size_t cache_bytes);
// With sync; for every commit.
rocksdb::WriteOptions CommitWriteOptions();
// With checksums verified.
rocksdb::ReadOptions VerifiedReadOptions();

// Fails with kInternalServerError, naming the setting, when one that durability or integrity rests
// on is not in force.
base::Status CheckSettings(const rocksdb::DBOptions& options, const rocksdb::WriteOptions& write);

}  // namespace strongroom::storage
