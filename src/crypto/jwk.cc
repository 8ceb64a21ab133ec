#include "crypto/jwk.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/encoding.h"
#include "crypto/hash.h"

namespace strongroom::crypto {
namespace {

namespace json = boost::json;

base::Error Refused(std::string why) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(why));
}

// The string member `name`; nullopt if it is absent. Fails if it is no string.
base::Result<std::optional<std::string_view>> Text(const json::object& jwk, std::string_view name) {
  const json::value* found = jwk.if_contains(name);
  if (found == nullptr) return std::optional<std::string_view>();
  const json::string* text = found->if_string();
  if (text == nullptr) return Refused(fmt::format("`{}` is not a string", name));
  return std::optional<std::string_view>(std::string_view(text->data(), text->size()));
}

base::Result<std::string> Number(const json::object& jwk, std::string_view name) {
  STRONGROOM_ASSIGN(const auto text, Text(jwk, name));
  if (!text) return Refused(fmt::format("`{}` is missing", name));
  auto bytes = base::DecodeBase64Url(*text);
  if (!bytes.ok()) return Refused(fmt::format("`{}` is not base64url", name));
  return bytes;
}

// rfc7518 6.3.2, 6.2.2, 6.4: a key that was published with one of these is no secret any more.
base::Status CheckNoPrivateMember(const json::object& jwk) {
  for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    if (jwk.contains(name)) return Refused(fmt::format("the private member `{}` is there", name));
  return {};
}

base::Status CheckUse(const json::object& jwk) {
  STRONGROOM_ASSIGN(const auto use, Text(jwk, "use"));
  if (use && *use != "sig") return Refused("`use` is not `sig`");
  const json::value* operations = jwk.if_contains("key_ops");
  if (operations == nullptr) return {};
  if (!operations->is_array()) return Refused("`key_ops` is not an array");
  for (const json::value& operation : operations->get_array())
    if (operation.is_string() && operation.get_string() == "verify") return {};
  return Refused("`key_ops` does not hold `verify`");
}

base::Result<PublicKeyParts> RsaParts(const json::object& jwk) {
  PublicKeyParts parts;
  parts.type = KeyType::kRsa;
  STRONGROOM_ASSIGN(parts.modulus, Number(jwk, "n"));
  STRONGROOM_ASSIGN(parts.exponent, Number(jwk, "e"));
  return parts;
}

base::Result<PublicKeyParts> CurveParts(const json::object& jwk, std::string_view kty) {
  STRONGROOM_ASSIGN(const auto curve, Text(jwk, "crv"));
  PublicKeyParts parts;
  const std::string_view name = curve.value_or("");
  if (kty == "OKP" && name == "Ed25519") {
    parts.type = KeyType::kEd25519;
    STRONGROOM_ASSIGN(parts.x, Number(jwk, "x"));
    return parts;
  }
  if (kty == "EC" && name == "P-256") {
    parts.type = KeyType::kP256;
  } else if (kty == "EC" && name == "P-384") {
    parts.type = KeyType::kP384;
  } else if (kty == "EC" && name == "P-521") {
    parts.type = KeyType::kP521;
  } else {
    return Refused("unknown curve");
  }
  STRONGROOM_ASSIGN(parts.x, Number(jwk, "x"));
  STRONGROOM_ASSIGN(parts.y, Number(jwk, "y"));
  return parts;
}

base::Result<PublicKeyParts> Parts(const json::object& jwk) {
  STRONGROOM_ASSIGN(const auto kty, Text(jwk, "kty"));
  if (kty == "RSA") return RsaParts(jwk);
  if (kty == "EC" || kty == "OKP") return CurveParts(jwk, *kty);
  return Refused("unknown type of key");
}

std::string_view CurveOf(KeyType type) {
  switch (type) {
    case KeyType::kP256: return "P-256";
    case KeyType::kP384: return "P-384";
    case KeyType::kP521: return "P-521";
    case KeyType::kEd25519: return "Ed25519";
    case KeyType::kRsa: return "";
  }
  return "";
}

}  // namespace

base::Result<VerificationKey> ParseJwk(const json::object& jwk) {
  STRONGROOM_TRY(CheckNoPrivateMember(jwk));
  STRONGROOM_TRY(CheckUse(jwk));
  STRONGROOM_ASSIGN(PublicKeyParts parts, Parts(jwk));
  std::optional<SignatureAlgorithm> algorithm;
  STRONGROOM_ASSIGN(const auto alg, Text(jwk, "alg"));
  if (alg) {
    algorithm = ParseSignatureAlgorithm(*alg);
    if (!algorithm || !Fits(parts.type, *algorithm))
      return Refused("`alg` is unknown or doesn't fit the key");
  }
  STRONGROOM_ASSIGN(const auto kid, Text(jwk, "kid"));
  if (kid && kid->size() > kKidBytesMax) return Refused("`kid` is too long");
  STRONGROOM_ASSIGN(PublicKey key, PublicKey::New(std::move(parts)));
  return VerificationKey{kid ? std::optional<std::string>(*kid) : std::nullopt, algorithm,
                         std::move(key)};
}

// The members stand in the order that rfc7638 3.3 wants.
json::object PublicJwk(const PublicKey& key) {
  const PublicKeyParts& parts = key.parts();
  json::object jwk;
  switch (parts.type) {
    case KeyType::kRsa:
      jwk["e"] = base::EncodeBase64Url(parts.exponent);
      jwk["kty"] = "RSA";
      jwk["n"] = base::EncodeBase64Url(parts.modulus);
      return jwk;
    case KeyType::kEd25519:
      jwk["crv"] = CurveOf(parts.type);
      jwk["kty"] = "OKP";
      jwk["x"] = base::EncodeBase64Url(parts.x);
      return jwk;
    case KeyType::kP256:
    case KeyType::kP384:
    case KeyType::kP521:
      jwk["crv"] = CurveOf(parts.type);
      jwk["kty"] = "EC";
      jwk["x"] = base::EncodeBase64Url(parts.x);
      jwk["y"] = base::EncodeBase64Url(parts.y);
      return jwk;
  }
  return jwk;
}

std::string Thumbprint(const PublicKey& key) {
  return base::EncodeBase64Url(base::AsChars(Sha256(json::serialize(PublicJwk(key)))));
}

}  // namespace strongroom::crypto
