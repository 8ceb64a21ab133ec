// Authenticated encryption with associated data: AES-256-GCM (NIST SP 800-38D).
//
// Guarantee: Open() answers the plaintext only if key, nonce, associated data and every sealed byte
// are those of one call of Seal(); otherwise it fails and hands out nothing.
//
// The caller keeps the two limits of GCM: a nonce is used once per key (with random nonces: at most
// 2^32 messages per key), and a message has fewer than 2^36 - 32 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::crypto {

// One prepared key. Immutable and cheap to move; const calls may run on many threads at once. The
// expanded key is wiped when the object goes.
class Aead {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kNonceBytes = 12;
  static constexpr std::size_t kTagBytes = 16;
  using Nonce = std::array<std::uint8_t, kNonceBytes>;

  // Fails with kInternalServerError when the key hasn't kKeyBytes bytes.
  static base::Result<Aead> New(const base::SecretBytes& key);
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;
  ~Aead();

  // Appends ciphertext and tag (plaintext.size() + kTagBytes bytes) to `out`; the nonce is not part
  // of it. `plaintext` and `associated` must not lie in `out`. On failure `out` is as it was.
  base::Status Seal(const Nonce& nonce, std::string_view associated, std::string_view plaintext,
                    std::string& out) const;
  // The same into memory of the caller with room for plaintext.size() + kTagBytes bytes, which must
  // not overlap the inputs. On failure nothing of it may be used.
  base::Status SealTo(const Nonce& nonce, std::string_view associated, std::string_view plaintext,
                      char* out) const;

  // Takes what Seal() appended. Fails with kInternalServerError ("sealed data is not authentic")
  // for anything else, without saying which part differs.
  base::Result<std::string> Open(const Nonce& nonce, std::string_view associated,
                                 std::string_view sealed) const;
  // The same into memory of the caller with room for sealed.size() - kTagBytes bytes, which must
  // not overlap the inputs; zeros are left there on failure.
  base::Status OpenTo(const Nonce& nonce, std::string_view associated, std::string_view sealed,
                      char* out) const;

 private:
  class Contexts;
  explicit Aead(std::unique_ptr<Contexts> contexts);
  std::unique_ptr<Contexts> contexts_;
};

// Nonce from 12 bytes of stored text; aborts for another length, so check stored lengths first.
Aead::Nonce NonceFrom(std::string_view bytes);

}  // namespace strongroom::crypto
