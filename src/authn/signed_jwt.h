// What every issuer of ours does: sign claims, and publish its keys.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>

#include "base/result.h"
#include "crypto/signature.h"

namespace strongroom::authn {

// The type of key that signs with `algorithm`.
crypto::KeyType KeyTypeFor(crypto::SignatureAlgorithm algorithm);

// header.payload.signature (rfc7515 7.1), with alg, kid and typ JWT in the header.
base::Result<std::string> SignJwt(const crypto::PrivateKey& key,
                                  crypto::SignatureAlgorithm algorithm, const std::string& key_id,
                                  const boost::json::object& claims);

// The issuer's jwks_uri: below `<issuer>/.well-known/`.
std::string JwksUrl(const std::string& issuer);
// OIDC Discovery 3.
std::string DiscoveryDocument(const std::string& issuer, crypto::SignatureAlgorithm algorithm);

struct PublishedKey {
  std::string id;
  crypto::SignatureAlgorithm algorithm;
  crypto::PublicKey key;
};
// rfc7517 5.
std::string JwksDocument(std::span<const PublishedKey> keys);

}  // namespace strongroom::authn
