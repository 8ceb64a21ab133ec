// A root key in a hardware security module, over PKCS#11 v2.40: an AES-256 key that can't be
// extracted wraps the keys of a store inside the module, with AES-GCM.
#pragma once

#include <memory>
#include <string>

#include "storage/key_provider.h"

namespace strongroom::storage {

struct Pkcs11Options {
  std::string module;    // the shared library of the module's maker
  std::string token;     // label
  std::string key;       // label
  std::string pin_path;  // file whose content is the user's PIN, for its owner alone
};

// Refuses a key that could be extracted, or that is no AES-256 key. The module may wait for as long
// as its maker wants; nothing can stop that.
base::Result<std::unique_ptr<KeyProvider>> OpenPkcs11KeyProvider(const Pkcs11Options& options,
                                                                 base::Random& random);

// Makes the key inside of the module: sensitive, not extractable, for encrypting and decrypting.
// kAlreadyExists when the label is taken.
base::Status CreatePkcs11Key(const Pkcs11Options& options);

}  // namespace strongroom::storage
