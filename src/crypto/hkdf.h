// Key derivation: HKDF with SHA-256 (rfc5869). Thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::crypto {

inline constexpr std::size_t kHkdfBytesMax = std::size_t{255} * 32;  // rfc5869 2.3

// Derives `size` bytes from `key`. `salt` may be empty; `info` says what the derived key is for,
// and two derived keys with different `info` tell nothing of each other. Fails with
// kInternalServerError when `size` is over kHkdfBytesMax.
base::Result<base::SecretBytes> HkdfSha256(const base::SecretBytes& key, std::string_view salt,
                                           std::string_view info, std::size_t size);

}  // namespace strongroom::crypto
