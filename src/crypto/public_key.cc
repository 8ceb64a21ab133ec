#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "crypto/roca.h"
#include "crypto/signature_state.h"

namespace strongroom::crypto {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kModulusBitsMin = 2048;  // rfc7518 3.3
constexpr std::size_t kModulusBitsMax = 8192;

Error Refused(std::string why) { return base::MakeError(ErrorCode::kBadRequest, std::move(why)); }

// Some issuers put a zero byte in front of the modulus, against rfc7518 6.3.1.1; it changes
// nothing.
void StripZeros(std::string& number) { number.erase(0, number.find_first_not_of('\0')); }

base::Result<PkeyHandle> FromParams(const char* algorithm, OSSL_PARAM_BLD* builder) {
  const ParamsHandle params(OSSL_PARAM_BLD_to_param(builder));
  const PkeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = params != nullptr && context != nullptr &&
                    EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) == 1;
  PkeyHandle handle(key);
  ERR_clear_error();
  if (!made) return Refused("the key's numbers don't make a key");
  return handle;
}

base::Result<PkeyHandle> NewRsa(PublicKeyParts& parts) {
  StripZeros(parts.modulus);
  StripZeros(parts.exponent);
  if (parts.modulus.size() > kModulusBitsMax / 8) return Refused("the modulus has over 8192 bits");
  if (parts.exponent.empty() || parts.exponent.size() > 4)
    return Refused("the exponent is not in [3, 2^32)");
  const BignumHandle modulus = ToBignum(parts.modulus);
  const BignumHandle exponent = ToBignum(parts.exponent);
  if (static_cast<std::size_t>(BN_num_bits(modulus.get())) < kModulusBitsMin)
    return Refused("the modulus has fewer than 2048 bits");
  if (BN_is_odd(modulus.get()) == 0) return Refused("the modulus is even");
  if (BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) == 1)
    return Refused("the exponent is even or one");
  if (HasRocaPattern(modulus.get())) return Refused("the key is of the ROCA kind");
  const ParamBuilderHandle builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  return FromParams("RSA", builder.get());
}

base::Result<PkeyHandle> NewEc(const PublicKeyParts& parts) {
  const std::size_t size = CoordinateBytes(parts.type);
  if (parts.x.size() != size || parts.y.size() != size)  // rfc7518 6.2.1.2
    return Refused("a coordinate doesn't have the full length of its curve");
  const std::string point = '\x04' + parts.x + parts.y;
  const ParamBuilderHandle builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, CurveName(parts.type),
                                  0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  STRONGROOM_ASSIGN(PkeyHandle key, FromParams("EC", builder.get()));
  const PkeyContextHandle context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  const bool on_curve = context != nullptr && EVP_PKEY_public_check(context.get()) == 1;
  ERR_clear_error();
  if (!on_curve) return Refused("the point is not on its curve");
  return key;
}

// The y coordinates of the points whose order divides 8: under such a key a signature of one
// message fits others. Little-endian; the sign bit of x is masked before the comparison.
bool HasSmallOrder(std::string_view encoded) {
  static constexpr std::array<std::array<unsigned char, 32>, 2> kOrderEight = {{
      {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
       0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
       0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
      {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
       0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
       0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
  }};
  std::array<unsigned char, 32> y;
  std::copy(encoded.begin(), encoded.end(), y.begin());
  y[31] &= 0x7F;
  for (const auto& bad : kOrderEight)
    if (y == bad) return true;
  // 0, 1 and what is at or above p - 1 = 2^255 - 20: p - 1 itself, and second spellings of 0 … 18.
  const bool middle_is_zero =
      std::all_of(y.begin() + 1, y.end(), [](unsigned char b) { return b == 0; });
  const bool middle_is_full =
      y[31] == 0x7F &&
      std::all_of(y.begin() + 1, y.end() - 1, [](unsigned char b) { return b == 0xFF; });
  return (middle_is_zero && y[0] <= 1) || (middle_is_full && y[0] >= 0xEC);
}

base::Result<PkeyHandle> NewEd25519(const PublicKeyParts& parts) {
  if (parts.x.size() != 32) return Refused("an Ed25519 key must have 32 bytes");
  if (HasSmallOrder(parts.x)) return Refused("the point has a small order");
  PkeyHandle key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, OpenSslBytes(parts.x),
                                                parts.x.size()));
  ERR_clear_error();
  if (key == nullptr) return Refused("the key's bytes don't make a key");
  return key;
}

base::Result<PkeyHandle> MakeKey(PublicKeyParts& parts) {
  switch (parts.type) {
    case KeyType::kRsa: return NewRsa(parts);
    case KeyType::kP256:
    case KeyType::kP384:
    case KeyType::kP521: return NewEc(parts);
    case KeyType::kEd25519: return NewEd25519(parts);
  }
  return Refused("unknown type of key");
}

bool VerifyRaw(EVP_PKEY* key, KeyType type, SignatureAlgorithm algorithm, std::string_view message,
               std::string_view signature) {
  const DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  const bool valid = context != nullptr &&
                     EVP_DigestVerifyInit_ex(context.get(), &options, DigestName(algorithm),
                                             nullptr, nullptr, key, nullptr) == 1 &&
                     SetPadding(options, type, algorithm) &&
                     EVP_DigestVerify(context.get(), OpenSslBytes(signature), signature.size(),
                                      OpenSslBytes(message), message.size()) == 1;
  ERR_clear_error();
  return valid;
}

// rfc7518 3.4: r and s, each of the full length, to the DER that OpenSSL takes. "" when r or s is
// 0; OpenSSL itself refuses what is not below the order of the curve.
std::string DerFromPair(std::string_view signature) {
  const std::size_t half = signature.size() / 2;
  BignumHandle r = ToBignum(signature.substr(0, half));
  BignumHandle s = ToBignum(signature.substr(half));
  const EcdsaHandle pair(ECDSA_SIG_new());
  if (r == nullptr || s == nullptr || pair == nullptr) return {};
  if (BN_is_zero(r.get()) == 1 || BN_is_zero(s.get()) == 1) return {};
  ECDSA_SIG_set0(pair.get(), r.release(), s.release());
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &encoded);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return der;
}

}  // namespace

bool SetPadding(EVP_PKEY_CTX* context, KeyType type, SignatureAlgorithm algorithm) {
  if (type != KeyType::kRsa) return true;
  if (!IsPss(algorithm)) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, DigestName(algorithm), nullptr) == 1;
}

PublicKey::PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

base::Result<PublicKey> PublicKey::New(PublicKeyParts parts) {
  STRONGROOM_ASSIGN(PkeyHandle key, MakeKey(parts));
  return PublicKey(std::make_shared<State>(State{std::move(key), std::move(parts)}));
}

KeyType PublicKey::type() const { return state_->parts.type; }
const PublicKeyParts& PublicKey::parts() const { return state_->parts; }

bool PublicKey::Verify(SignatureAlgorithm algorithm, std::string_view message,
                       std::string_view signature) const {
  if (!Fits(type(), algorithm)) return false;
  if (const std::size_t size = CoordinateBytes(type()); size > 0)
    return signature.size() == 2 * size && VerifyDer(algorithm, message, DerFromPair(signature));
  const std::size_t expected = type() == KeyType::kRsa ? parts().modulus.size() : 64;
  return signature.size() == expected &&
         VerifyRaw(state_->key.get(), type(), algorithm, message, signature);
}

bool PublicKey::VerifyDer(SignatureAlgorithm algorithm, std::string_view message,
                          std::string_view signature) const {
  return Fits(type(), algorithm) && CoordinateBytes(type()) > 0 && !signature.empty() &&
         VerifyRaw(state_->key.get(), type(), algorithm, message, signature);
}

}  // namespace strongroom::crypto
