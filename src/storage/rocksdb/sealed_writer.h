// What both kinds of written files have in common.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>

#include "base/random.h"
#include "storage/rocksdb/file_cipher.h"

namespace strongroom::storage {

// A file that is being written. After its first failure it fails for good: what a failed write or
// sync left behind is unknown, and a later sync would report success (security 8.7).
class SealedWriter : public rocksdb::FSWritableFile {
 public:
  // What is written from now on stands behind `size` bytes of `target`.
  SealedWriter(std::unique_ptr<rocksdb::FSWritableFile> target,
               std::unique_ptr<const FileCipher> cipher, base::Random& random, std::uint64_t size)
      : target_(std::move(target)), cipher_(std::move(cipher)), random_(random), size_(size) {}

  using rocksdb::FSWritableFile::Append;
  rocksdb::IOStatus Truncate(std::uint64_t, const rocksdb::IOOptions&,
                             rocksdb::IODebugContext*) override {
    return rocksdb::IOStatus::NotSupported("an encrypted file can't be truncated");
  }
  rocksdb::IOStatus Flush(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Keep(target_->Flush(options, debug));
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    if (failed_) return Failed();
    return Keep(target_->Sync(options, debug));
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    if (failed_) return Failed();
    return Keep(target_->Fsync(options, debug));
  }
  rocksdb::IOStatus Close(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Keep(target_->Close(options, debug));
  }
  void SetWriteLifeTimeHint(rocksdb::Env::WriteLifeTimeHint hint) override {
    target_->SetWriteLifeTimeHint(hint);
  }
  rocksdb::Env::WriteLifeTimeHint GetWriteLifeTimeHint() override {
    return target_->GetWriteLifeTimeHint();
  }
  void SetPreallocationBlockSize(std::size_t size) override {
    target_->SetPreallocationBlockSize(size);
  }
  void GetPreallocationStatus(std::size_t* block_size, std::size_t* last) override {
    target_->GetPreallocationStatus(block_size, last);
  }
  void PrepareWrite(std::size_t, std::size_t size, const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* debug) override {
    target_->PrepareWrite(size_, size, options, debug);
  }

 protected:
  // Hands sealed bytes to the target.
  rocksdb::IOStatus Write(const std::string& sealed, const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) {
    size_ += sealed.size();
    return Keep(target_->Append(sealed, options, debug));
  }
  rocksdb::IOStatus Keep(rocksdb::IOStatus status) {
    if (!status.ok()) failed_ = true;
    return status;
  }
  static rocksdb::IOStatus Failed() {
    return rocksdb::IOStatus::IOError("the file failed to be written before");
  }

  const std::unique_ptr<rocksdb::FSWritableFile> target_;
  const std::unique_ptr<const FileCipher> cipher_;
  base::Random& random_;
  std::uint64_t size_;  // of the target
  std::atomic<bool> failed_ = false;
};

}  // namespace strongroom::storage
