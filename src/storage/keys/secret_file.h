// Files that hold a secret: read only when nobody but their owner can read them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::storage {

struct SecretFile {
  std::string path;
  std::string_view what;  // names it in errors: "the root key file"
  std::string_view hint;
  std::size_t bytes_max = 4096;
};

// kDependencyError for a file that is missing, not regular, of another user, open to others than
// its owner, or larger.
base::Result<base::SecretBytes> ReadSecretFile(const SecretFile& file);
// Makes it, mode 0600, synced with its directory. kAlreadyExists when there is one.
base::Status WriteSecretFile(const SecretFile& file, const base::SecretBytes& content);

// A passphrase or PIN: what the file holds, without the newlines at its end; not empty.
base::Result<base::SecretBytes> ReadPassphrase(const std::string& path, std::string_view what);

}  // namespace strongroom::storage
