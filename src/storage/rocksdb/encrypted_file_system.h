// Every file of RocksDB, encrypted and authenticated as a whole (security 7.1, 7.23): logs, tables,
// manifest and the small ones. Formats: docs/reference/storage-format.md.
//
// Each file has a key of its own, derived from the file key by 32 random bytes in its header and,
// for files that are never renamed, by its name. A changed, exchanged or shuffled piece of a file
// is an IOError of type corruption when it is read. What can't be seen here: that a whole file, or
// the end of one, is of an earlier time.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <memory>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace strongroom::storage {

// `file_key` has 32 bytes. The files are kept in `base`.
base::Result<std::unique_ptr<rocksdb::Env>> MakeEncryptedEnv(
    std::shared_ptr<rocksdb::FileSystem> base, const base::SecretBytes& file_key,
    base::Random& random);

}  // namespace strongroom::storage
