#include "storage/rocksdb/checkpoint.h"

#include <rocksdb/utilities/checkpoint.h>
#include <sys/stat.h>

#include <algorithm>

#include "storage/backup/backup.h"
#include "storage/rocksdb/engine.h"
#include "storage/rocksdb/small_file.h"
#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

using rocksdb::IOOptions;

constexpr int kTriesMax = 10;

void Remove(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  if (!files.GetChildren(directory, IOOptions(), &names, nullptr).ok()) return;
  for (const std::string& name : names) {
    if (name == "." || name == "..") continue;
    const std::string path = directory + "/" + name;
    if (!files.DeleteFile(path, IOOptions(), nullptr).ok()) Remove(files, path);
  }
  files.DeleteDir(directory, IOOptions(), nullptr).PermitUncheckedError();
}

base::Status CheckpointDatabase(Engine& engine, const std::string& directory) {
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(engine.db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory + "/db");
  if (!status.ok()) return EngineError(status);
  return {};
}

}  // namespace

base::Status MakeCheckpointOf(Engine& engine) {
  rocksdb::FileSystem& files = *engine.files;
  const std::string directory = engine.options.directory + "/" + kCheckpointName;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    Remove(files, directory);
    if (engine.options.file_system == nullptr) mkdir(directory.c_str(), 0700);
    if (const auto made = files.CreateDirIfMissing(directory, IOOptions(), nullptr); !made.ok())
      return EngineError(made);
    const std::vector<SpaceId> before = engine.keyring->Spaces();
    STRONGROOM_TRY(CheckpointDatabase(engine, directory));
    STRONGROOM_ASSIGN(const std::string keyring,
                      ReadSmallFile(files, engine.options.directory, "KEYRING"));
    // A key is kept before its space is committed and removed after: so this keyring has the keys
    // of all spaces of the checkpoint, unless one was removed meanwhile.
    const std::vector<SpaceId> after = engine.keyring->Spaces();
    if (std::includes(after.begin(), after.end(), before.begin(), before.end()))
      return ReplaceSmallFile(files, directory, "KEYRING", keyring);
  }
  Remove(files, directory);
  return base::MakeError(base::ErrorCode::kUnavailable,
                         "tenants are being deleted faster than a checkpoint can be made",
                         "try again when that is done");
}

}  // namespace strongroom::storage
