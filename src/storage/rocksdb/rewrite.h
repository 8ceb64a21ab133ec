// Rewriting of records under the data key that seals now (security 7.12): finding those that older
// keys sealed, and putting them once more, in ordinary transactions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/key_control.h"
#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

struct OldRecords {
  std::vector<std::string> keys;  // within the space
  std::string next;               // where to go on; meaningless at the end
  bool end = false;
};

// The next records of a space, from key `from` on, that are sealed under an epoch before `epoch`.
// A bounded number of them, found by reading a bounded number of records.
base::Result<OldRecords> FindOldRecords(Engine& engine, SpaceId space, std::uint32_t epoch,
                                        const std::string& from);

// Puts them again with their values, in one transaction that is durable when this answers. Those
// that are gone by then stay so.
base::Status RewriteRecords(Engine& engine, SpaceId space, const std::vector<std::string>& keys);

// Counts through a whole space.
base::Result<OldSeals> CountSeals(Engine& engine, SpaceId space, std::uint32_t epoch);

}  // namespace strongroom::storage
