#include "crypto/signature.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "base/encoding.h"
#include "base/json.h"
#include "crypto/jwk.h"

namespace strongroom::crypto {
namespace {

using Algorithm = SignatureAlgorithm;

struct Pairing {
  KeyType type;
  Algorithm algorithm;
};
constexpr Pairing kPairings[] = {
    {KeyType::kRsa, Algorithm::kRs256},  {KeyType::kRsa, Algorithm::kRs384},
    {KeyType::kRsa, Algorithm::kRs512},  {KeyType::kRsa, Algorithm::kPs256},
    {KeyType::kRsa, Algorithm::kPs384},  {KeyType::kRsa, Algorithm::kPs512},
    {KeyType::kP256, Algorithm::kEs256}, {KeyType::kP384, Algorithm::kEs384},
    {KeyType::kP521, Algorithm::kEs512}, {KeyType::kEd25519, Algorithm::kEdDsa},
};

PrivateKey Generated(KeyType type) { return PrivateKey::Generate(type).value(); }

TEST(Signature, NamesAreExact) {
  for (const Pairing& pairing : kPairings)
    EXPECT_EQ(ParseSignatureAlgorithm(SignatureAlgorithmName(pairing.algorithm)),
              pairing.algorithm);
  using std::string_view_literals::operator""sv;
  for (const std::string_view bad : {""sv, "none"sv, "HS256"sv, "rs256"sv, "RS256 "sv, "RS256\0"sv,
                                     "ES256K"sv, "RS1"sv, "EdDSA2"sv})
    EXPECT_FALSE(ParseSignatureAlgorithm(bad)) << bad;
}

TEST(Signature, EveryAlgorithmVerifiesItsOwnSignaturesOnly) {
  for (const Pairing& pairing : kPairings) {
    const PrivateKey key = Generated(pairing.type);
    const std::string signature = key.Sign(pairing.algorithm, "message").value();
    SCOPED_TRACE(SignatureAlgorithmName(pairing.algorithm));
    EXPECT_TRUE(key.public_key().Verify(pairing.algorithm, "message", signature));
    EXPECT_FALSE(key.public_key().Verify(pairing.algorithm, "Message", signature));
    EXPECT_FALSE(
        Generated(pairing.type).public_key().Verify(pairing.algorithm, "message", signature));
    for (const Pairing& other : kPairings)
      if (other.algorithm != pairing.algorithm) {
        EXPECT_FALSE(key.public_key().Verify(other.algorithm, "message", signature));
      }
  }
}

TEST(Signature, Security11_LengthIsExact) {  // security 1.11
  for (const Pairing& pairing : kPairings) {
    const PrivateKey key = Generated(pairing.type);
    const std::string good = key.Sign(pairing.algorithm, "m").value();
    for (const std::string& bad : {std::string(), good.substr(1), good.substr(0, good.size() - 1),
                                   good + '\0', '\0' + good, std::string(good.size(), '\0')})
      EXPECT_FALSE(key.public_key().Verify(pairing.algorithm, "m", bad));
  }
}

TEST(Signature, EveryFlippedBitIsRefused) {
  const PrivateKey key = Generated(KeyType::kP256);
  const std::string good = key.Sign(Algorithm::kEs256, "m").value();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(key.public_key().Verify(Algorithm::kEs256, "m", bad)) << bit;
  }
}

TEST(PrivateKey, ComesBackFromItsExport) {
  for (const KeyType type :
       {KeyType::kRsa, KeyType::kP256, KeyType::kP384, KeyType::kP521, KeyType::kEd25519}) {
    const PrivateKey key = Generated(type);
    const PrivateKey back = PrivateKey::Import(key.Export().value()).value();
    EXPECT_EQ(Thumbprint(back.public_key()), Thumbprint(key.public_key()));
    EXPECT_EQ(back.public_key().type(), type);
  }
}

TEST(PrivateKey, RefusesBytesThatAreNoKey) {
  EXPECT_FALSE(PrivateKey::Import(base::SecretBytes()).ok());
  EXPECT_FALSE(PrivateKey::Import(base::SecretBytes(std::string_view("0\3\2\1\1"))).ok());
  const base::SecretBytes good = Generated(KeyType::kP256).Export().value();
  const std::string longer = std::string(base::AsChars(good.Expose())) + "x";
  EXPECT_FALSE(PrivateKey::Import(base::SecretBytes(longer)).ok());
}

TEST(PrivateKey, RefusesToSignWithAnAlgorithmThatDoesNotFit) {
  EXPECT_FALSE(Generated(KeyType::kP256).Sign(Algorithm::kRs256, "m").ok());
  EXPECT_FALSE(Generated(KeyType::kP256).Sign(Algorithm::kEs384, "m").ok());
}

boost::json::object WithKid(const PublicKey& key) {
  boost::json::object jwk = PublicJwk(key);
  jwk["kid"] = "k";
  return jwk;
}

TEST(Jwk, OwnKeysComeBack) {
  for (const KeyType type :
       {KeyType::kRsa, KeyType::kP256, KeyType::kP384, KeyType::kP521, KeyType::kEd25519}) {
    const PrivateKey key = Generated(type);
    const VerificationKey back = ParseJwk(WithKid(key.public_key())).value();
    EXPECT_EQ(Thumbprint(back.key), Thumbprint(key.public_key()));
    EXPECT_EQ(back.kid, "k");
    EXPECT_FALSE(back.algorithm);
  }
}

TEST(Jwk, ThumbprintIsThatOfRfc7638) {  // rfc7638 3.1
  const auto jwk = base::ParseJson(
      R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7a)"
      R"(PFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4)"
      R"(QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qN)"
      R"(Lyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnq)"
      R"(DKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})");
  ASSERT_TRUE(jwk.ok());
  EXPECT_EQ(Thumbprint(ParseJwk(jwk->as_object())->key),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Jwk, Security08_BindsKeyToItsAlgorithm) {
  boost::json::object jwk = WithKid(Generated(KeyType::kRsa).public_key());
  EXPECT_TRUE(ParseJwk(jwk)->MayVerify(Algorithm::kPs512));
  EXPECT_FALSE(ParseJwk(jwk)->MayVerify(Algorithm::kEs256));
  jwk["alg"] = "RS256";
  EXPECT_TRUE(ParseJwk(jwk)->MayVerify(Algorithm::kRs256));
  EXPECT_FALSE(ParseJwk(jwk)->MayVerify(Algorithm::kPs256));
}

TEST(Jwk, Security09_RefusesKeysThatMayNotVerify) {
  const boost::json::object good = WithKid(Generated(KeyType::kP256).public_key());
  const std::pair<const char*, boost::json::value> spoilt[] = {
      {"use", "enc"},
      {"use", 1},
      {"key_ops", "verify"},
      {"key_ops", boost::json::array{"sign"}},
      {"alg", "RS256"},
      {"alg", "ES384"},
      {"alg", "HS256"},
      {"alg", "none"},
      {"alg", nullptr},
      {"kid", 7},
      {"kid", boost::json::string(kKidBytesMax + 1, 'k')},
      {"d", "AAAA"},
      {"k", "AAAA"},
      {"kty", "oct"},
      {"kty", "RSA"},
      {"crv", "P-384"},
      {"crv", "secp256k1"},
      {"x", "AAAA"},
      {"y", "not base64!"},
  };
  ASSERT_TRUE(ParseJwk(good).ok());
  for (const auto& [name, value] : spoilt) {
    boost::json::object bad = good;
    bad[name] = value;
    EXPECT_FALSE(ParseJwk(bad).ok()) << name;
  }
  for (const char* name : {"kty", "crv", "x", "y"}) {
    boost::json::object bad = good;
    bad.erase(name);
    EXPECT_FALSE(ParseJwk(bad).ok()) << name;
  }
}

TEST(PublicKey, Security10_RefusesRsaNumbersOutOfRange) {  // security 1.10
  const PublicKeyParts good = Generated(KeyType::kRsa).public_key().parts();
  const auto with = [&](const std::string& modulus, const std::string& exponent) {
    PublicKeyParts parts = good;
    parts.modulus = modulus;
    parts.exponent = exponent;
    return PublicKey::New(parts).ok();
  };
  using std::string_literals::operator""s;
  EXPECT_TRUE(with(good.modulus, good.exponent));
  EXPECT_TRUE(with('\0' + good.modulus, good.exponent));
  EXPECT_TRUE(with(good.modulus, "\3"));
  for (const std::string& exponent : {""s, "\0"s, "\1"s, "\2"s, "\1\0\0"s, "\1\0\0\0\1"s})
    EXPECT_FALSE(with(good.modulus, exponent)) << base::EncodeHex(exponent);
  EXPECT_FALSE(with("", good.exponent));
  EXPECT_FALSE(with(good.modulus.substr(1), good.exponent));
  EXPECT_FALSE(with(std::string(1025, '\x7F'), good.exponent));
  std::string even = good.modulus;
  even.back() = static_cast<char>(even.back() & ~1);
  EXPECT_FALSE(with(even, good.exponent));
}

TEST(PublicKey, RefusesEd25519PointsOfSmallOrder) {
  for (const char* hex : {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000080",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"}) {
    PublicKeyParts parts;
    parts.type = KeyType::kEd25519;
    parts.x = base::DecodeHex(hex).value();
    EXPECT_FALSE(PublicKey::New(parts).ok()) << hex;
  }
}

}  // namespace
}  // namespace strongroom::crypto
