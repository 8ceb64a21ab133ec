// The root of the key hierarchy (security 7.2): a root key that never leaves its provider wraps
// the keys of a store. A provider is called when a store is opened and when a space is created,
// never on the way of a read or a write (security 7.15).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/uuid.h"

namespace strongroom::storage {

// What a wrapped key is for. It is authenticated: unwrapping with another context fails.
struct KeyContext {
  base::Uuid store;
  base::Uuid space;
  std::string_view purpose;
};

// Thread-safe. Calls may block for up to 10 s. Errors: kUnavailable when the provider can't be
// reached, kDependencyError when the key is wrong or the wrapped key was changed.
class KeyProvider {
 public:
  virtual ~KeyProvider() = default;
  // Names the root key, for status and for error messages; not a secret.
  virtual std::string Id() const = 0;
  virtual base::Result<std::string> Wrap(const base::SecretBytes& key,
                                         const KeyContext& context) = 0;
  virtual base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                                 const KeyContext& context) = 0;
};

// A root key in a file of exactly 32 bytes, for development. Refuses a file that anyone but its
// owner may read, that another user owns, or that is not a regular file.
base::Result<std::unique_ptr<KeyProvider>> OpenFileKeyProvider(const std::string& path,
                                                               base::Random& random);
// Makes such a file (mode 0600, synced). Refuses to overwrite one: kAlreadyExists.
base::Status CreateRootKeyFile(const std::string& path, base::Random& random);

}  // namespace strongroom::storage
