// Whole small files over RocksDB's file system seam, replaced atomically and durably.
#pragma once

#include <rocksdb/file_system.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::storage {

base::Result<bool> SmallFileExists(rocksdb::FileSystem& files, const std::string& directory,
                                   const std::string& name);
// kDependencyError when it is missing or larger than 64 MiB.
base::Result<std::string> ReadSmallFile(rocksdb::FileSystem& files, const std::string& directory,
                                        const std::string& name);
// Durable when it answers ok. After a crash there is the old or the new content. The blocks of the
// old content are overwritten where they are, if the file system can do that.
base::Status ReplaceSmallFile(rocksdb::FileSystem& files, const std::string& directory,
                              const std::string& name, std::string_view content);
// Makes what was created, renamed or deleted in `directory` durable.
base::Status SyncDirectory(rocksdb::FileSystem& files, const std::string& directory);

}  // namespace strongroom::storage
