// From RocksDB's statuses to our errors. RocksDB's texts name paths and keys: they stay inside.
#pragma once

#include <rocksdb/status.h>

#include "base/error.h"

namespace strongroom::storage {

// For a status that is not ok.
base::Error EngineError(const rocksdb::Status& status);

}  // namespace strongroom::storage
