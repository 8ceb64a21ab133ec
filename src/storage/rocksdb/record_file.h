// Files of records: logs, the manifest and the small files. Only ever appended to: each write
// becomes whole records of its own, so nothing that was synced is touched again. They are read from
// the beginning.
//
// A record that a crash tore (the file ends within it, or ends with zeros where the disk never
// received it) ends the file where the record begins, as RocksDB expects of its logs. Anything else
// that isn't authentic is an IOStatus of type corruption, and so is a torn record in the middle.
#pragma once

#include <rocksdb/file_system.h>

#include <memory>

#include "storage/rocksdb/file_cipher.h"

namespace strongroom::storage {

rocksdb::IOStatus NewRecordWriter(const EncryptedPlace& place, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* out);
// Goes on behind the last whole record; what a crash left behind it is cut off.
rocksdb::IOStatus ReopenRecordWriter(const EncryptedPlace& place,
                                     const rocksdb::FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* out);
rocksdb::IOStatus NewRecordReader(const EncryptedPlace& place, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSSequentialFile>* out);
// RocksDB opens CURRENT this way to try its options. Holds the whole file in memory.
rocksdb::IOStatus NewRandomRecordReader(const EncryptedPlace& place,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* out);
// How many bytes a reader would read. Reads the whole file.
rocksdb::IOStatus RecordFileSize(const EncryptedPlace& place, std::uint64_t* size);

}  // namespace strongroom::storage
