// What stands behind PublicKey and PrivateKey.
#pragma once

#include "crypto/openssl_handle.h"
#include "crypto/signature.h"

namespace strongroom::crypto {

struct PublicKey::State {
  PkeyHandle key;
  PublicKeyParts parts;  // without the private part, also for a private key
};

// Bytes of a coordinate, and of r and s; 0 for types that are no Weierstrass curve.
constexpr std::size_t CoordinateBytes(KeyType type) {
  switch (type) {
    case KeyType::kP256: return 32;
    case KeyType::kP384: return 48;
    case KeyType::kP521: return 66;
    case KeyType::kRsa:
    case KeyType::kEd25519: return 0;
  }
  return 0;
}

// OpenSSL's name of the curve; null for types that are none.
constexpr const char* CurveName(KeyType type) {
  switch (type) {
    case KeyType::kP256: return "P-256";
    case KeyType::kP384: return "P-384";
    case KeyType::kP521: return "P-521";
    case KeyType::kRsa:
    case KeyType::kEd25519: return nullptr;
  }
  return nullptr;
}

// OpenSSL's name of the hash; null for EdDSA, which has its own.
constexpr const char* DigestName(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
    case SignatureAlgorithm::kPs256:
    case SignatureAlgorithm::kEs256: return "SHA256";
    case SignatureAlgorithm::kRs384:
    case SignatureAlgorithm::kPs384:
    case SignatureAlgorithm::kEs384: return "SHA384";
    case SignatureAlgorithm::kRs512:
    case SignatureAlgorithm::kPs512:
    case SignatureAlgorithm::kEs512: return "SHA512";
    case SignatureAlgorithm::kEdDsa: return nullptr;
  }
  return nullptr;
}

constexpr bool IsPss(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kPs256 || algorithm == SignatureAlgorithm::kPs384 ||
         algorithm == SignatureAlgorithm::kPs512;
}

// Sets the padding and salt of an RSA operation; true for other keys. rfc7518 3.5: the salt is as
// long as the hash.
bool SetPadding(EVP_PKEY_CTX* context, KeyType type, SignatureAlgorithm algorithm);

}  // namespace strongroom::crypto
