#include "storage/rocksdb/block_file.h"

#include <algorithm>
#include <array>

#include "storage/rocksdb/sealed_writer.h"

namespace strongroom::storage {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Sealed blocks are pages of the disk; the header has the first one to itself.
constexpr std::size_t kSealedBytes = 4096;
constexpr std::size_t kDataBytes = kSealedBytes - FileCipher::kOverheadBytes;
static_assert(FileCipher::kHeaderBytes <= kSealedBytes);
constexpr std::size_t kBlocksPerRead = 64;

IOStatus Corrupt() { return IOStatus::Corruption("an encrypted block is not authentic"); }

std::uint64_t BlockCount(std::uint64_t physical) {
  return physical < kSealedBytes ? 0 : (physical - 1) / kSealedBytes;
}

// At least the seal of the last block is there.
bool IsFinished(std::uint64_t physical) {
  const std::uint64_t blocks = BlockCount(physical);
  return blocks > 0 && physical >= blocks * kSealedBytes + FileCipher::kOverheadBytes;
}

class BlockWriter : public SealedWriter {
 public:
  using SealedWriter::Append;
  using SealedWriter::SealedWriter;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (failed_) return Failed();
    if (data.empty()) return IOStatus::OK();
    if (finished_) return Keep(IOStatus::NotSupported("a finished table can't be appended to"));
    written_ += data.size();
    pending_.append(data.data(), data.size());
    sealed_.clear();
    std::string_view rest = pending_;
    // A full block is held back until it is known whether it is the last one.
    for (; rest.size() > kDataBytes; rest.remove_prefix(kDataBytes))
      if (!SealBlock(Piece::kBlock, rest.substr(0, kDataBytes))) return Unsealed();
    pending_.erase(0, pending_.size() - rest.size());
    return sealed_.empty() ? IOStatus::OK() : Write(sealed_, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = Finish(options, debug);
    return status.ok() ? SealedWriter::Sync(options, debug) : status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = Finish(options, debug);
    return status.ok() ? SealedWriter::Fsync(options, debug) : status;
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = Finish(options, debug);
    const IOStatus closed = SealedWriter::Close(options, debug);
    return status.ok() ? closed : status;
  }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return written_; }

 private:
  IOStatus Finish(const IOOptions& options, IODebugContext* debug) {
    if (failed_) return Failed();
    if (finished_) return IOStatus::OK();
    finished_ = true;
    sealed_.clear();
    if (!SealBlock(Piece::kLastBlock, pending_)) return Unsealed();
    pending_.clear();
    return Write(sealed_, options, debug);
  }
  bool SealBlock(Piece piece, std::string_view data) {
    return cipher_->Seal(piece, blocks_++, data, random_, sealed_).ok();
  }
  IOStatus Unsealed() { return Keep(IOStatus::IOError("a block can't be encrypted")); }

  std::uint64_t written_ = 0;
  std::uint64_t blocks_ = 0;
  bool finished_ = false;
  std::string pending_;
  std::string sealed_;
};

class BlockReader : public rocksdb::FSRandomAccessFile {
 public:
  BlockReader(std::unique_ptr<rocksdb::FSRandomAccessFile> target,
              std::unique_ptr<const FileCipher> cipher, std::uint64_t physical)
      : target_(std::move(target)), cipher_(std::move(cipher)), physical_(physical) {}

  IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* debug) const override {
    const std::uint64_t length = BlockFileSize(physical_);
    // What stands behind the end can only be told by the end itself.
    size = offset < length ? std::min<std::uint64_t>(size, length - offset) : 0;
    *result = Slice(scratch, size);
    if (size == 0) return IOStatus::OK();
    const std::uint64_t behind = (offset + size - 1) / kDataBytes + 1;
    for (std::uint64_t first = offset / kDataBytes; first < behind; first += kBlocksPerRead) {
      const std::uint64_t count = std::min<std::uint64_t>(kBlocksPerRead, behind - first);
      const IOStatus status = ReadBlocks(first, count, {offset, size, scratch}, options, debug);
      if (!status.ok()) return status;
    }
    return IOStatus::OK();
  }
  void Hint(AccessPattern pattern) override { target_->Hint(pattern); }
  std::uint64_t length() const { return BlockFileSize(physical_); }

 private:
  struct Wanted {
    std::uint64_t offset;
    std::size_t size;
    char* out;
  };

  IOStatus ReadBlocks(std::uint64_t first, std::uint64_t count, const Wanted& wanted,
                      const IOOptions& options, IODebugContext* debug) const {
    const std::uint64_t at = (first + 1) * kSealedBytes;
    const std::size_t size = std::min<std::uint64_t>(count * kSealedBytes, physical_ - at);
    const std::unique_ptr<char[]> buffer(new char[size]);
    Slice read;
    const IOStatus status = target_->Read(at, size, options, &read, buffer.get(), debug);
    if (!status.ok()) return status;
    if (read.size() != size) return Corrupt();
    for (std::uint64_t i = 0; i < count; ++i)
      if (!OpenBlock(first + i, read.ToStringView().substr(i * kSealedBytes, kSealedBytes), wanted))
        return Corrupt();
    return status;
  }

  // Decrypts one block to where it is wanted, by way of `whole` unless all of it is.
  bool OpenBlock(std::uint64_t block, std::string_view sealed, const Wanted& wanted) const {
    if (sealed.size() < FileCipher::kOverheadBytes) return false;
    const Piece piece = block + 1 == BlockCount(physical_) ? Piece::kLastBlock : Piece::kBlock;
    const std::uint64_t begin = block * kDataBytes;
    const std::uint64_t end = begin + sealed.size() - FileCipher::kOverheadBytes;
    const std::uint64_t from = std::max(begin, wanted.offset);
    const std::uint64_t to = std::min<std::uint64_t>(end, wanted.offset + wanted.size);
    char* const out = wanted.out + (from - wanted.offset);
    if (from == begin && to == end) return cipher_->Open(piece, block, sealed, out);
    std::array<char, kDataBytes> whole;
    if (!cipher_->Open(piece, block, sealed, whole.data())) return false;
    std::copy_n(whole.data() + (from - begin), to - from, out);
    return true;
  }

  const std::unique_ptr<rocksdb::FSRandomAccessFile> target_;
  const std::unique_ptr<const FileCipher> cipher_;
  const std::uint64_t physical_;
};

class SequentialBlockReader : public rocksdb::FSSequentialFile {
 public:
  explicit SequentialBlockReader(std::unique_ptr<rocksdb::FSRandomAccessFile> reader)
      : reader_(std::move(reader)) {}

  IOStatus Read(std::size_t size, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    const IOStatus status = reader_->Read(offset_, size, options, result, scratch, debug);
    if (status.ok()) offset_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t size) override {
    offset_ += size;
    return IOStatus::OK();
  }

 private:
  const std::unique_ptr<rocksdb::FSRandomAccessFile> reader_;
  std::uint64_t offset_ = 0;
};

}  // namespace

std::uint64_t BlockFileSize(std::uint64_t physical) {
  if (!IsFinished(physical)) return 0;
  return physical - kSealedBytes - BlockCount(physical) * FileCipher::kOverheadBytes;
}

IOStatus NewBlockWriter(const EncryptedPlace& place, const FileOptions& options,
                        std::unique_ptr<rocksdb::FSWritableFile>* out) {
  std::string header;
  auto cipher =
      FileCipher::Make(place.file_key, FileKind::kBlocks, place.bound_name, place.random, header);
  if (!cipher.ok()) return IOStatus::IOError("the key of a file can't be derived");
  header.resize(kSealedBytes, '\0');
  std::unique_ptr<rocksdb::FSWritableFile> target;
  IOStatus status = place.files.NewWritableFile(place.path, options, &target, nullptr);
  if (status.ok()) status = target->Append(header, options.io_options, nullptr);
  if (!status.ok()) return status;
  *out = std::make_unique<BlockWriter>(std::move(target), *std::move(cipher), place.random,
                                       header.size());
  return status;
}

IOStatus NewBlockReader(const EncryptedPlace& place, const FileOptions& options,
                        std::unique_ptr<rocksdb::FSRandomAccessFile>* out) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> target;
  IOStatus status = place.files.NewRandomAccessFile(place.path, options, &target, nullptr);
  std::uint64_t physical = 0;
  if (status.ok())
    status = place.files.GetFileSize(place.path, options.io_options, &physical, nullptr);
  std::array<char, kSealedBytes> page;
  Slice header;
  if (status.ok())
    status = target->Read(0, page.size(), options.io_options, &header, page.data(), nullptr);
  if (!status.ok()) return status;
  auto cipher =
      FileCipher::Open(place.file_key, FileKind::kBlocks, place.bound_name, header.ToStringView());
  const bool padded = header.size() == kSealedBytes &&
                      header.ToStringView().find_first_not_of('\0', FileCipher::kHeaderBytes) ==
                          std::string_view::npos;
  if (!cipher.ok() || !padded || !IsFinished(physical)) return Corrupt();
  *out = std::make_unique<BlockReader>(std::move(target), *std::move(cipher), physical);
  return status;
}

IOStatus NewSequentialBlockReader(const EncryptedPlace& place, const FileOptions& options,
                                  std::unique_ptr<rocksdb::FSSequentialFile>* out) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> reader;
  const IOStatus status = NewBlockReader(place, options, &reader);
  if (status.ok()) *out = std::make_unique<SequentialBlockReader>(std::move(reader));
  return status;
}

}  // namespace strongroom::storage
