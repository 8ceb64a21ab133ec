// Digital signatures as JOSE uses them (rfc7518 3, rfc8037): RS, PS and ES with 256, 384 and 512
// bits, and EdDSA with Ed25519. `none` and the HMAC algorithms do not exist here, so no mistake
// further up can let them in (security 1.7).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::crypto {

enum class SignatureAlgorithm : std::uint8_t {
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
  kEdDsa,
};

// Exact and case-sensitive: "RS256" … "EdDSA"; anything else is nullopt (security 1.6).
std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(std::string_view name);
std::string_view SignatureAlgorithmName(SignatureAlgorithm algorithm);

enum class KeyType : std::uint8_t { kRsa, kP256, kP384, kP521, kEd25519 };

// True if keys of this type can verify this algorithm: RS* and PS* need RSA, ES256 needs P-256,
// ES384 P-384, ES512 P-521, EdDSA Ed25519 (security 1.8).
bool Fits(KeyType type, SignatureAlgorithm algorithm);

// What makes a public key, big-endian. RSA uses modulus and exponent; the curves P-* use x and y;
// Ed25519 uses x (its 32 encoded bytes).
struct PublicKeyParts {
  KeyType type = KeyType::kRsa;
  std::string modulus;
  std::string exponent;
  std::string x;
  std::string y;
};

// An immutable, checked public key; cheap to copy, safe to use from many threads.
class PublicKey {
 public:
  // Fails with kBadRequest, and the reason, unless: RSA modulus 2048 to 8192 bits and odd, exponent
  // odd and in [3, 2^32), modulus without the ROCA pattern; coordinates of full length and the
  // point on its curve; 32 bytes for Ed25519 and not a point of small order (security 1.10).
  static base::Result<PublicKey> New(PublicKeyParts parts);

  KeyType type() const;
  // The modulus and the exponent without leading zero bytes.
  const PublicKeyParts& parts() const;

  // True if `signature` is one of `message` by this key. The length of a signature is exact: that
  // of the modulus, r||s of fixed length (never DER), 64 bytes for EdDSA; PSS salts have the length
  // of the hash (security 1.11). False, never an error, for everything else, a key that doesn't fit
  // the algorithm included.
  bool Verify(SignatureAlgorithm algorithm, std::string_view message,
              std::string_view signature) const;

  // As Verify() for ES*, with the signature as the DER of ECDSA-Sig-Value (rfc3279 2.2.3): the form
  // of key services and certificates. Other encodings of the same numbers are refused.
  bool VerifyDer(SignatureAlgorithm algorithm, std::string_view message,
                 std::string_view signature) const;

 private:
  friend class PrivateKey;
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

// A signing key of ours. Movable, safe to use from many threads through const calls.
class PrivateKey {
 public:
  // From the operating system's entropy, through OpenSSL's generator. RSA keys have 2048 bits.
  static base::Result<PrivateKey> Generate(KeyType type);
  // Takes what Export() gave: PKCS#8 in DER (rfc5958). Fails with kBadRequest for anything else.
  static base::Result<PrivateKey> Import(const base::SecretBytes& pkcs8);
  base::Result<base::SecretBytes> Export() const;

  const PublicKey& public_key() const { return public_key_; }

  // The signature in the form that PublicKey::Verify() takes. Fails with kInternalServerError when
  // the key doesn't fit the algorithm.
  base::Result<std::string> Sign(SignatureAlgorithm algorithm, std::string_view message) const;

 private:
  static base::Result<PrivateKey> From(std::shared_ptr<const PublicKey::State> key);
  PrivateKey(std::shared_ptr<const PublicKey::State> key, PublicKey public_key);
  std::shared_ptr<const PublicKey::State> key_;
  PublicKey public_key_;
};

}  // namespace strongroom::crypto
