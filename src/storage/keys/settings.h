// Which key provider a store has, as an operator chooses it.
#pragma once

#include <memory>
#include <string>

#include "storage/key_provider.h"
#include "storage/keys/file.h"
#include "storage/keys/kms.h"
#include "storage/keys/pkcs11.h"

namespace strongroom::storage {

struct KeySettings {
  std::string provider = "file";  // or pkcs11, aws-kms
  RootKeyFile file;
  Pkcs11Options pkcs11;
  KmsProviderOptions kms;
};

// Opens it, and asks it for the key where that is possible. kBadRequest when the settings name too
// little. `random` must outlive the provider.
base::Result<std::unique_ptr<KeyProvider>> OpenKeyProvider(const KeySettings& settings,
                                                           base::Random& random);

}  // namespace strongroom::storage
