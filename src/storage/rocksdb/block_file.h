// Files of blocks: tables. Written once from the beginning to the end, then read anywhere. The last
// block is marked as such, so a table that was cut short or added to is an IOStatus of type
// corruption when its end is read, as is any block that isn't authentic when it is read.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>

#include "storage/rocksdb/file_cipher.h"

namespace strongroom::storage {

// The first sync, or Close, ends the file: appending to it afterwards is refused.
rocksdb::IOStatus NewBlockWriter(const EncryptedPlace& place, const rocksdb::FileOptions& options,
                                 std::unique_ptr<rocksdb::FSWritableFile>* out);
rocksdb::IOStatus NewBlockReader(const EncryptedPlace& place, const rocksdb::FileOptions& options,
                                 std::unique_ptr<rocksdb::FSRandomAccessFile>* out);
rocksdb::IOStatus NewSequentialBlockReader(const EncryptedPlace& place,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSSequentialFile>* out);
// How many bytes a file of `physical` bytes holds; 0 when it was never finished.
std::uint64_t BlockFileSize(std::uint64_t physical);

}  // namespace strongroom::storage
