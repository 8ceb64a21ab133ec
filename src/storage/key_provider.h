// The root of the key hierarchy (security 7.2): a root key that never leaves its provider wraps
// the keys of a store. A provider is called when a store is opened, when a space is created and
// when keys are rewrapped, never on the way of a read or a write (security 7.15).
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
  std::string_view purpose;  // "files" or "space"
};

// All of a context in one text, for providers whose associated data is bytes.
std::string AssociatedOf(const KeyContext& context);

// A key and its wrapped form.
struct WrappedKey {
  base::SecretBytes key;
  std::string wrapped;
};

// Thread-safe. Calls may block for up to 8 s. Errors: kUnavailable when the provider can't be
// reached, kDependencyError when the key is wrong or the wrapped key was changed.
class KeyProvider {
 public:
  static constexpr std::size_t kKeyBytes = 32;  // of the keys that it wraps

  virtual ~KeyProvider() = default;
  // Names the root key, for status and for error messages; not a secret.
  virtual std::string Id() const = 0;
  virtual base::Result<std::string> Wrap(const base::SecretBytes& key,
                                         const KeyContext& context) = 0;
  virtual base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                                 const KeyContext& context) = 0;
  // A fresh random key of kKeyBytes bytes. Made from `random`, unless the provider makes keys.
  virtual base::Result<WrappedKey> Generate(const KeyContext& context, base::Random& random);
  // Asks whether the root key can be used now.
  virtual base::Status Check() { return {}; }
  // How many calls at once go faster than one after another.
  virtual std::size_t calls_at_once() const { return 1; }
};

}  // namespace strongroom::storage
