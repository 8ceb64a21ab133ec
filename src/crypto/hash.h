// Hashes and HMAC. All functions are thread-safe and never fail.
//
// SHA-1 and MD5 exist for the CEL hash functions alone: nothing secure rests on them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/secret.h"

namespace strongroom::crypto {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha384Digest = std::array<std::uint8_t, 48>;
using Sha512Digest = std::array<std::uint8_t, 64>;

Md5Digest Md5(std::string_view message);
Sha1Digest Sha1(std::string_view message);
Sha256Digest Sha256(std::string_view message);
Sha384Digest Sha384(std::string_view message);
Sha512Digest Sha512(std::string_view message);

// rfc2104 with SHA-256. The key may have any length, 0 included.
Sha256Digest HmacSha256(std::span<const std::uint8_t> key, std::string_view message);
inline Sha256Digest HmacSha256(const base::SecretBytes& key, std::string_view message) {
  return HmacSha256(key.Expose(), message);
}

// True if both have the same bytes; takes a time that depends on the lengths only.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

}  // namespace strongroom::crypto
