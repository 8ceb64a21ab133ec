// Backups of the embedded store: one file, sealed, made of a checkpoint while the store goes on
// (security 7.13, 7.21). How to: docs/howto/backup.md; format: docs/reference/storage-format.md.
//
// A backup has the files of the store as they lie on disk, so sealed twice more underneath, and the
// keys only as the root key wraps them: without that root key it opens to nobody.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "storage/key_provider.h"
#include "storage/store.h"

namespace strongroom::storage {

// The checkpoint's directory within that of the store.
inline constexpr const char* kCheckpointName = "BACKUP";

struct BackupReport {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;          // of their content
  std::uint64_t bytes_total = 0;    // known from the beginning when a backup is written
  std::uint64_t bytes_resumed = 0;  // written by an earlier run
};

// Called after each frame.
using BackupWatch = std::function<void(const BackupReport&)>;

// Makes the directory kCheckpointName of an open store: one state of it, with every commit that was
// answered before. What is there of an earlier one is removed. Tables are linked, not copied.
// Thread-safe against everything but itself. kBadRequest when the store is of another kind.
base::Status MakeCheckpoint(Store& store);

// Whether `path`.part was begun with the checkpoint that is in `directory`.
bool CanResume(const std::string& directory, const std::string& path,
               std::shared_ptr<KeyProvider> provider);

// Writes the checkpoint in `directory`, that of the store, to `path`: first to `path`.part, which
// an interrupted call leaves and the next one goes on with. Durable when it answers ok; the
// checkpoint is removed then. kAlreadyExists when `path` is there.
base::Result<BackupReport> WriteBackup(const std::string& directory, const std::string& path,
                                       std::shared_ptr<KeyProvider> provider, base::Random& random,
                                       const BackupWatch& watch);

// Reads all of it. kDependencyError unless each frame is there, in order and unchanged.
base::Result<BackupReport> VerifyBackup(const std::string& path,
                                        std::shared_ptr<KeyProvider> provider,
                                        const BackupWatch& watch);

// The same, and makes the store in `directory`, which must not exist: it appears as a whole when
// all was read, and durably. On an error there is nothing.
base::Result<BackupReport> RestoreBackup(const std::string& path, const std::string& directory,
                                         std::shared_ptr<KeyProvider> provider,
                                         const BackupWatch& watch);

}  // namespace strongroom::storage
