// JSON Web Keys (rfc7517, rfc7518 6, rfc8037 2): reading the public keys of others, and writing
// ours.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "crypto/signature.h"

namespace strongroom::crypto {

// A public key as its owner published it.
struct VerificationKey {
  std::optional<std::string> kid;
  // The only algorithm that the key may verify; nullopt: every one that fits its type.
  std::optional<SignatureAlgorithm> algorithm;
  PublicKey key;

  bool MayVerify(SignatureAlgorithm wanted) const {
    return algorithm ? *algorithm == wanted : Fits(key.type(), wanted);
  }
};

inline constexpr std::size_t kKidBytesMax = 256;  // security 1.12

// Reads one key that may verify signatures. Fails with kBadRequest, and the reason, for: an unknown
// `kty` or `crv`, a symmetric key, private members (such a key is compromised), `use` other than
// "sig", `key_ops` without "verify", `alg` unknown or not fitting the type, a `kid` that is not a
// string of at most kKidBytesMax bytes, and everything that PublicKey::New() refuses
// (security 1.8-1.10, 2.52).
base::Result<VerificationKey> ParseJwk(const boost::json::object& jwk);

// The required members of the key and no others.
boost::json::object PublicJwk(const PublicKey& key);

// rfc7638 with SHA-256, in base64url.
std::string Thumbprint(const PublicKey& key);

}  // namespace strongroom::crypto
