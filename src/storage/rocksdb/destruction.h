// How a space ends: its mark, and then its key (security 7.13).
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

// The writes that mark a space as destroyed, and remove its records unless its key is kept.
base::Status SealDestroyed(Engine& engine, SpaceId space, std::optional<base::Timestamp> key_until,
                           std::vector<DiskWrite>& out);

// Destroys the keys of deleted spaces whose time has come.
base::Status DestroyDueKeys(Engine& engine);

}  // namespace strongroom::storage
