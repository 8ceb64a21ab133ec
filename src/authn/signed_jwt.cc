#include "authn/signed_jwt.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/encoding.h"
#include "crypto/jwk.h"

namespace strongroom::authn {

namespace json = boost::json;
using crypto::KeyType;

crypto::KeyType KeyTypeFor(crypto::SignatureAlgorithm algorithm) {
  for (const KeyType type : {KeyType::kRsa, KeyType::kP256, KeyType::kP384, KeyType::kP521})
    if (crypto::Fits(type, algorithm)) return type;
  return KeyType::kEd25519;
}

base::Result<std::string> SignJwt(const crypto::PrivateKey& key,
                                  crypto::SignatureAlgorithm algorithm, const std::string& key_id,
                                  const json::object& claims) {
  json::object header;
  header["alg"] = crypto::SignatureAlgorithmName(algorithm);
  header["kid"] = key_id;
  header["typ"] = "JWT";
  const std::string input = base::EncodeBase64Url(json::serialize(header)) + '.' +
                            base::EncodeBase64Url(json::serialize(claims));
  STRONGROOM_ASSIGN(const std::string signature, key.Sign(algorithm, input));
  return input + '.' + base::EncodeBase64Url(signature);
}

std::string JwksUrl(const std::string& issuer) {
  return (issuer.ends_with('/') ? issuer : issuer + "/") + ".well-known/jwks.json";
}

std::string DiscoveryDocument(const std::string& issuer, crypto::SignatureAlgorithm algorithm) {
  json::object document;
  document["issuer"] = issuer;
  document["jwks_uri"] = JwksUrl(issuer);
  document["response_types_supported"] = json::array{"id_token"};
  document["subject_types_supported"] = json::array{"public"};
  document["id_token_signing_alg_values_supported"] =
      json::array{json::value(crypto::SignatureAlgorithmName(algorithm))};
  return json::serialize(document);
}

std::string JwksDocument(std::span<const PublishedKey> keys) {
  json::object document;
  json::array& list = document["keys"].emplace_array();
  for (const PublishedKey& published : keys) {
    json::object key = crypto::PublicJwk(published.key);
    key["kid"] = published.id;
    key["use"] = "sig";
    key["alg"] = crypto::SignatureAlgorithmName(published.algorithm);
    list.push_back(std::move(key));
  }
  return json::serialize(document);
}

}  // namespace strongroom::authn
