// The steps of opening a store, in this order. Each may refuse; the first two write nothing into a
// store that exists, apart from the lock file.
#pragma once

#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

// Makes the directory if that is allowed. kUnavailable when another process uses it.
base::Status LockDirectory(Engine& engine);
// Reads the keyring, or makes a new store's.
base::Status OpenKeyring(Engine& engine);
// Opens RocksDB over the encrypted file system and checks its settings.
base::Status OpenDatabase(Engine& engine);
// Loads every space, compares them with the keyring, and finishes what a crash interrupted.
base::Status LoadSpaces(Engine& engine);

}  // namespace strongroom::storage
