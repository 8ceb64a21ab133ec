#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "crypto/signature_state.h"

namespace strongroom::crypto {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr unsigned kRsaBits = 2048;

using Pkcs8Handle = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;

EVP_PKEY* NewKey(KeyType type) {
  switch (type) {
    case KeyType::kRsa: return EVP_RSA_gen(kRsaBits);
    case KeyType::kP256:
    case KeyType::kP384:
    case KeyType::kP521: return EVP_EC_gen(CurveName(type));
    case KeyType::kEd25519: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

std::string Number(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
  const BignumHandle handle(number);
  return FromBignum(number, size > 0 ? size : static_cast<std::size_t>(BN_num_bytes(number)));
}

PublicKeyParts RsaParts(const EVP_PKEY* key) {
  PublicKeyParts parts;
  parts.type = KeyType::kRsa;
  parts.modulus = Number(key, OSSL_PKEY_PARAM_RSA_N, 0);
  parts.exponent = Number(key, OSSL_PKEY_PARAM_RSA_E, 0);
  return parts;
}

PublicKeyParts EcParts(const EVP_PKEY* key, KeyType type) {
  PublicKeyParts parts;
  parts.type = type;
  parts.x = Number(key, OSSL_PKEY_PARAM_EC_PUB_X, CoordinateBytes(type));
  parts.y = Number(key, OSSL_PKEY_PARAM_EC_PUB_Y, CoordinateBytes(type));
  return parts;
}

PublicKeyParts Ed25519Parts(const EVP_PKEY* key) {
  PublicKeyParts parts;
  parts.type = KeyType::kEd25519;
  parts.x.resize(32);
  std::size_t size = parts.x.size();
  auto* out = reinterpret_cast<unsigned char*>(parts.x.data());
  if (EVP_PKEY_get_raw_public_key(key, out, &size) != 1) parts.x.clear();
  return parts;
}

base::Result<PublicKeyParts> PartsOf(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) return RsaParts(key);
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return Ed25519Parts(key);
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    const int bits = EVP_PKEY_get_bits(key);
    for (const KeyType type : {KeyType::kP256, KeyType::kP384, KeyType::kP521})
      if (bits == (type == KeyType::kP521 ? 521 : static_cast<int>(CoordinateBytes(type)) * 8))
        return EcParts(key, type);  // PublicKey::New() finds out if it is another curve
  }
  return MakeError(ErrorCode::kBadRequest, "unknown type of private key");
}

// rfc7518 3.4: r and s at full length, one after the other.
std::string PairFromDer(const std::string& der, std::size_t size) {
  const auto* at = OpenSslBytes(der);
  const EcdsaHandle pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (pair == nullptr) return {};
  return FromBignum(ECDSA_SIG_get0_r(pair.get()), size) +
         FromBignum(ECDSA_SIG_get0_s(pair.get()), size);
}

}  // namespace

PrivateKey::PrivateKey(std::shared_ptr<const PublicKey::State> key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)) {}

base::Result<PrivateKey> PrivateKey::From(std::shared_ptr<const PublicKey::State> key) {
  STRONGROOM_ASSIGN(PublicKey public_key, PublicKey::New(key->parts));
  return PrivateKey(std::move(key), std::move(public_key));
}

base::Result<PrivateKey> PrivateKey::Generate(KeyType type) {
  PkeyHandle key(NewKey(type));
  if (key == nullptr) return MakeError(ErrorCode::kInternalServerError, "key generation failed");
  STRONGROOM_ASSIGN(PublicKeyParts parts, PartsOf(key.get()));
  return From(
      std::make_shared<PublicKey::State>(PublicKey::State{std::move(key), std::move(parts)}));
}

base::Result<PrivateKey> PrivateKey::Import(const base::SecretBytes& pkcs8) {
  const unsigned char* at = pkcs8.Expose().data();
  const Pkcs8Handle info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
  PkeyHandle key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  ERR_clear_error();
  if (key == nullptr || at != pkcs8.Expose().data() + pkcs8.size())
    return MakeError(ErrorCode::kBadRequest, "not a PKCS#8 private key");
  STRONGROOM_ASSIGN(PublicKeyParts parts, PartsOf(key.get()));
  return From(
      std::make_shared<PublicKey::State>(PublicKey::State{std::move(key), std::move(parts)}));
}

base::Result<base::SecretBytes> PrivateKey::Export() const {
  const Pkcs8Handle info(EVP_PKEY2PKCS8(key_->key.get()));
  const int size = info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  if (size <= 0) return MakeError(ErrorCode::kInternalServerError, "the key can't be written");
  base::SecretBytes out(static_cast<std::size_t>(size));
  unsigned char* at = out.ExposeMutable().data();
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at);
  return out;
}

base::Result<std::string> PrivateKey::Sign(SignatureAlgorithm algorithm,
                                           std::string_view message) const {
  const auto failed = [] { return MakeError(ErrorCode::kInternalServerError, "signing failed"); };
  const KeyType type = key_->parts.type;
  if (!Fits(type, algorithm)) return failed();
  const DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit_ex(context.get(), &options, DigestName(algorithm), nullptr, nullptr,
                            key_->key.get(), nullptr) != 1 ||
      !SetPadding(options, type, algorithm) ||
      EVP_DigestSign(context.get(), nullptr, &size, OpenSslBytes(message), message.size()) != 1)
    return failed();
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, OpenSslBytes(message), message.size()) != 1)
    return failed();
  signature.resize(size);
  if (CoordinateBytes(type) > 0) signature = PairFromDer(signature, CoordinateBytes(type));
  if (signature.empty()) return failed();
  return signature;
}

}  // namespace strongroom::crypto
