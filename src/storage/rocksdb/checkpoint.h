// One state of an open store in a directory of its own (storage/backup/backup.h).
#pragma once

#include "base/result.h"

namespace strongroom::storage {

struct Engine;

// In the directory kCheckpointName: `db`, and KEYRING, which is written last.
base::Status MakeCheckpointOf(Engine& engine);

}  // namespace strongroom::storage
