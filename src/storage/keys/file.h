// A root key in a file, for development and for hosts that protect the file in other ways: 32
// random bytes, or the same sealed under a passphrase (docs/reference/storage-format.md).
#pragma once

#include <memory>
#include <string>

#include "storage/key_provider.h"

namespace strongroom::storage {

struct RootKeyFile {
  std::string path;
  // A file whose content is the passphrase, without the newlines at its end; empty: there is none.
  std::string passphrase_path;
};

// Refuses files that anyone but their owner may read, that another user owns, or that aren't
// regular; a sealed key without a passphrase, and a plain one with.
base::Result<std::unique_ptr<KeyProvider>> OpenFileKeyProvider(const RootKeyFile& file,
                                                               base::Random& random);
inline base::Result<std::unique_ptr<KeyProvider>> OpenFileKeyProvider(const std::string& path,
                                                                      base::Random& random) {
  return OpenFileKeyProvider(RootKeyFile{path, {}}, random);
}

// Makes such a file (mode 0600, synced). Refuses to overwrite one: kAlreadyExists.
base::Status CreateRootKeyFile(const RootKeyFile& file, base::Random& random);
inline base::Status CreateRootKeyFile(const std::string& path, base::Random& random) {
  return CreateRootKeyFile(RootKeyFile{path, {}}, random);
}

}  // namespace strongroom::storage
