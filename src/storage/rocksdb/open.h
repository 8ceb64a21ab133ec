// The embedded engine: RocksDB in one directory, used by one process (DESIGN 3).
//
// Every file that RocksDB writes is encrypted and authenticated as a whole, and every value is
// sealed once more under the key of its space (docs/reference/storage-format.md). RocksDB's own
// log is not written.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/key_provider.h"
#include "storage/store.h"

namespace rocksdb {
class FileSystem;
}

namespace strongroom::storage {

struct RocksDbOptions {
  std::string directory;                      // made with mode 0700 when it is missing
  std::shared_ptr<KeyProvider> key_provider;  // required
  base::Random* random = nullptr;             // SystemRandom() when null
  bool create_if_missing = true;
  std::size_t cache_bytes = std::size_t{256} << 20;  // of opened blocks
  // How often one data key may seal before the next epoch begins by itself (security 7.3).
  std::uint64_t seals_per_key_max = 3'865'470'566;  // 0.9 x 2^32
  // How long the key of a destroyed space is kept: a copy of its records can be read until then.
  std::chrono::seconds destruction_grace{0};
  const base::Clock* clock = nullptr;  // SystemClock() when null
  // Where the files are; the machine's when null. For tests of faults.
  std::shared_ptr<rocksdb::FileSystem> file_system;
};

// Opens or makes the store. Refuses, before it writes anything, when the root key is wrong or
// missing, when a file belongs to another store or fails its integrity check, when the format is
// newer, and when another process uses the directory (security 7.16).
base::Result<std::unique_ptr<Store>> OpenRocksDb(RocksDbOptions options);

}  // namespace strongroom::storage
