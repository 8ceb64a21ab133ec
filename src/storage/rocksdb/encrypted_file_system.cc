#include "storage/rocksdb/encrypted_file_system.h"

#include "storage/rocksdb/block_file.h"
#include "storage/rocksdb/record_file.h"

namespace strongroom::storage {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// RocksDB's names say what a file is.
bool IsTable(std::string_view path) { return path.ends_with(".sst"); }

// CURRENT, IDENTITY and OPTIONS files are written under a temporary name; the others keep theirs.
std::string_view BoundName(std::string_view path) {
  const std::string_view name = BaseName(path);
  const bool stays = IsTable(name) || name.ends_with(".log") || name.starts_with("MANIFEST-");
  return stays ? name : std::string_view();
}

IOStatus NotSupported() { return IOStatus::NotSupported("not with encrypted files"); }

// What is not said here goes to the target: directories, deletions, locks (which have no content).
class EncryptedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  EncryptedFileSystem(const std::shared_ptr<rocksdb::FileSystem>& target,
                      const base::SecretBytes& file_key, base::Random& random)
      : FileSystemWrapper(target), file_key_(file_key.Clone()), random_(random) {}

  const char* Name() const override { return "StrongroomEncryptedFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* out,
                             IODebugContext*) override {
    return IsTable(path) ? NewSequentialBlockReader(Place(path), Buffered(options), out)
                         : NewRecordReader(Place(path), Buffered(options), out);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                               IODebugContext*) override {
    return IsTable(path) ? NewBlockReader(Place(path), Buffered(options), out)
                         : NewRandomRecordReader(Place(path), Buffered(options), out);
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* out,
                           IODebugContext*) override {
    return IsTable(path) ? NewBlockWriter(Place(path), Buffered(options), out)
                         : NewRecordWriter(Place(path), Buffered(options), out);
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* out,
                              IODebugContext*) override {
    return IsTable(path) ? NotSupported() : ReopenRecordWriter(Place(path), Buffered(options), out);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions& options, std::uint64_t* size,
                       IODebugContext* debug) override {
    if (!IsTable(path)) return RecordFileSize(Place(path), size);
    std::uint64_t physical = 0;
    const IOStatus status = target_->GetFileSize(path, options, &physical, debug);
    *size = BlockFileSize(physical);
    return status;
  }
  IOStatus GetChildrenFileAttributes(const std::string& directory, const IOOptions& options,
                                     std::vector<rocksdb::FileAttributes>* out,
                                     IODebugContext* debug) override {
    return FileSystem::GetChildrenFileAttributes(directory, options, out, debug);
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    if (!StaysReadable(from, to)) return NotSupported();
    return target_->RenameFile(from, to, options, debug);
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    if (!StaysReadable(from, to)) return NotSupported();
    return target_->LinkFile(from, to, options, debug);
  }

  // A log of RocksDB's own would be plaintext; the others would write into files in place.
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>*,
                     IODebugContext*) override {
    return NotSupported();
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return NotSupported();
  }
  IOStatus NewRandomRWFile(const std::string&, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*, IODebugContext*) override {
    return NotSupported();
  }
  IOStatus NewMemoryMappedFileBuffer(const std::string&,
                                     std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return NotSupported();
  }
  IOStatus Truncate(const std::string&, std::size_t, const IOOptions&, IODebugContext*) override {
    return NotSupported();
  }

 private:
  EncryptedPlace Place(const std::string& path) const {
    return {*target_, file_key_, random_, path, std::string(BoundName(path))};
  }
  // Sealed pieces are not aligned as direct I/O needs it, and a mapped page would bypass us.
  static FileOptions Buffered(FileOptions options) {
    options.use_direct_reads = options.use_direct_writes = false;
    options.use_mmap_reads = options.use_mmap_writes = false;
    return options;
  }
  static bool StaysReadable(const std::string& from, const std::string& to) {
    return IsTable(from) == IsTable(to) && BoundName(from) == BoundName(to);
  }

  const base::SecretBytes file_key_;
  base::Random& random_;
};

}  // namespace

base::Result<std::unique_ptr<rocksdb::Env>> MakeEncryptedEnv(
    std::shared_ptr<rocksdb::FileSystem> base, const base::SecretBytes& file_key,
    base::Random& random) {
  if (file_key.size() != crypto::Aead::kKeyBytes)
    return base::MakeError(base::ErrorCode::kInternalServerError,
                           "the key of the files must have 32 bytes");
  return rocksdb::NewCompositeEnv(std::make_shared<EncryptedFileSystem>(base, file_key, random));
}

}  // namespace strongroom::storage
