#include "storage/rocksdb/small_file.h"

#include "storage/rocksdb/status.h"

namespace strongroom::storage {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::uint64_t kBytesMax = std::uint64_t{64} << 20;

IOStatus WriteSynced(rocksdb::FileSystem& files, const std::string& path,
                     std::string_view content) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = files.NewWritableFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (status.ok())
    status = file->Append(rocksdb::Slice(content.data(), content.size()), IOOptions(), nullptr);
  if (status.ok()) status = file->Fsync(IOOptions(), nullptr);
  if (status.ok()) status = file->Close(IOOptions(), nullptr);
  return status;
}

// Best effort (security 7.13): the old content holds keys wrapped by the root key only.
void Overwrite(rocksdb::FSRandomRWFile& file, std::uint64_t size) {
  const std::string zeros(size, '\0');
  file.Write(0, zeros, IOOptions(), nullptr).PermitUncheckedError();
  file.Fsync(IOOptions(), nullptr).PermitUncheckedError();
}

}  // namespace

base::Result<bool> SmallFileExists(rocksdb::FileSystem& files, const std::string& directory,
                                   const std::string& name) {
  const IOStatus status = files.FileExists(directory + "/" + name, IOOptions(), nullptr);
  if (status.ok()) return true;
  if (status.IsNotFound() || status.IsPathNotFound()) return false;
  return EngineError(status);
}

base::Result<std::string> ReadSmallFile(rocksdb::FileSystem& files, const std::string& directory,
                                        const std::string& name) {
  const std::string path = directory + "/" + name;
  std::uint64_t size = 0;
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  IOStatus status = files.GetFileSize(path, IOOptions(), &size, nullptr);
  if (status.ok()) status = files.NewSequentialFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (!status.ok() || size > kBytesMax)
    return base::MakeError(base::ErrorCode::kDependencyError,
                           "the file `" + name + "` of the store can't be read");
  std::string content(size, '\0');
  rocksdb::Slice read;
  status = file->Read(size, IOOptions(), &read, content.data(), nullptr);
  if (!status.ok()) return EngineError(status);
  return read.ToString();
}

base::Status ReplaceSmallFile(rocksdb::FileSystem& files, const std::string& directory,
                              const std::string& name, std::string_view content) {
  const std::string path = directory + "/" + name;
  const std::string fresh = path + ".new";
  std::unique_ptr<rocksdb::FSRandomRWFile> old;
  std::uint64_t old_size = 0;
  const bool can_overwrite =
      files.GetFileSize(path, IOOptions(), &old_size, nullptr).ok() &&
      files.NewRandomRWFile(path, rocksdb::FileOptions(), &old, nullptr).ok();
  IOStatus status = WriteSynced(files, fresh, content);
  if (status.ok()) status = files.RenameFile(fresh, path, IOOptions(), nullptr);
  if (!status.ok()) return EngineError(status);
  STRONGROOM_TRY(SyncDirectory(files, directory));
  if (can_overwrite) Overwrite(*old, old_size);
  return {};
}

base::Status SyncDirectory(rocksdb::FileSystem& files, const std::string& directory) {
  std::unique_ptr<rocksdb::FSDirectory> opened;
  IOStatus status = files.NewDirectory(directory, IOOptions(), &opened, nullptr);
  if (status.ok()) status = opened->Fsync(IOOptions(), nullptr);
  if (!status.ok()) return EngineError(status);
  return {};
}

}  // namespace strongroom::storage
