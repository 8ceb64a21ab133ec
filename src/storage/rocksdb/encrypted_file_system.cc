#include "storage/rocksdb/encrypted_file_system.h"
namespace strongroom::storage {
base::Result<std::unique_ptr<rocksdb::Env>> MakeEncryptedEnv(
    std::shared_ptr<rocksdb::FileSystem> base, const base::SecretBytes&, base::Random&) {
  return rocksdb::NewCompositeEnv(base);
}
}  // namespace strongroom::storage
