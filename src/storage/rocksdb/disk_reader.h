// Reads and opens records in one state of the database.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "storage/merged_cursor.h"
#include "storage/rocksdb/engine.h"

namespace strongroom::storage {

// `seal` belongs to `space`. Fail with kInternalServerError when a record is not authentic.
base::Result<std::optional<std::string>> GetFromDisk(Engine& engine, const DiskSnapshot& at,
                                                     const SpaceSeal& seal, SpaceId space,
                                                     std::string_view key);

// Must not outlive the snapshot.
std::unique_ptr<DiskCursor> ScanDisk(Engine& engine, const DiskSnapshot& at,
                                     std::shared_ptr<const SpaceSeal> seal, SpaceId space,
                                     const KeyRange& range, bool reverse);

base::Error NoSuchSpace();

// A snapshot of everything durable.
std::unique_ptr<Snapshot> MakeSnapshot(Engine& engine, Reach reach);

}  // namespace strongroom::storage
