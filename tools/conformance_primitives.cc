// The primitives of the jose suite: Project Wycheproof's vectors against src/crypto.
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>
#include <cstdlib>

#include "base/encoding.h"
#include "conformance_jose.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/jwk.h"
#include "crypto/signature.h"

namespace strongroom::tools {
namespace {

namespace json = boost::json;
using crypto::SignatureAlgorithm;

enum class Outcome { kValid, kInvalid, kNotOurs };

Outcome From(bool valid) { return valid ? Outcome::kValid : Outcome::kInvalid; }

std::string Bytes(const json::value& object, std::string_view name) {
  auto bytes = base::DecodeHex(Text(object, name));
  return bytes.ok() ? *std::move(bytes) : std::string();
}

std::string WithoutSign(std::string number) {  // of ASN.1 integers
  if (number.size() > 1 && number.front() == '\0') number.erase(0, 1);
  return number;
}

base::Result<crypto::PublicKey> RsaKey(const json::value& group) {
  const json::value& key = group.at("publicKey");
  crypto::PublicKeyParts parts;
  parts.type = crypto::KeyType::kRsa;
  parts.modulus = WithoutSign(Bytes(key, "modulus"));
  parts.exponent = WithoutSign(Bytes(key, "publicExponent"));
  return crypto::PublicKey::New(std::move(parts));
}

base::Result<crypto::PublicKey> P256Key(const json::value& group) {
  const std::string point = Bytes(group.at("publicKey"), "uncompressed");
  crypto::PublicKeyParts parts;
  parts.type = crypto::KeyType::kP256;
  parts.x = point.size() == 65 ? point.substr(1, 32) : "";
  parts.y = point.size() == 65 ? point.substr(33) : "";
  return crypto::PublicKey::New(std::move(parts));
}

base::Result<crypto::PublicKey> Ed25519Key(const json::value& group) {
  crypto::PublicKeyParts parts;
  parts.type = crypto::KeyType::kEd25519;
  parts.x = Bytes(group.at("publicKey"), "pk");
  return crypto::PublicKey::New(std::move(parts));
}

Outcome Rs256(const json::value& group, const json::value& test) {
  const auto key = RsaKey(group);
  return From(key.ok() &&
              key->Verify(SignatureAlgorithm::kRs256, Bytes(test, "msg"), Bytes(test, "sig")));
}

Outcome Ps256(const json::value& group, const json::value& test) {
  const auto key = RsaKey(group);
  return From(key.ok() &&
              key->Verify(SignatureAlgorithm::kPs256, Bytes(test, "msg"), Bytes(test, "sig")));
}

Outcome Es256(const json::value& group, const json::value& test) {
  const auto key = P256Key(group);
  return From(key.ok() &&
              key->Verify(SignatureAlgorithm::kEs256, Bytes(test, "msg"), Bytes(test, "sig")));
}

Outcome Es256Der(const json::value& group, const json::value& test) {
  const auto key = P256Key(group);
  return From(key.ok() &&
              key->VerifyDer(SignatureAlgorithm::kEs256, Bytes(test, "msg"), Bytes(test, "sig")));
}

Outcome EdDsa(const json::value& group, const json::value& test) {
  const auto key = Ed25519Key(group);
  return From(key.ok() &&
              key->Verify(SignatureAlgorithm::kEdDsa, Bytes(test, "msg"), Bytes(test, "sig")));
}

Outcome Hmac(const json::value& group, const json::value& test) {
  const std::string key = Bytes(test, "key");
  const auto mac = crypto::HmacSha256(base::AsBytes(key), Bytes(test, "msg"));
  const auto size = static_cast<std::size_t>(group.at("tagSize").to_number<int>()) / 8;
  return From(crypto::ConstantTimeEqual(base::AsChars(mac).substr(0, size), Bytes(test, "tag")));
}

Outcome Hkdf(const json::value&, const json::value& test) {
  const auto made = crypto::HkdfSha256(base::SecretBytes(std::string_view(Bytes(test, "ikm"))),
                                       Bytes(test, "salt"), Bytes(test, "info"),
                                       static_cast<std::size_t>(test.at("size").to_number<int>()));
  return From(made.ok() && base::AsChars(made->Expose()) == Bytes(test, "okm"));
}

// The product has AES-256-GCM with nonces of 96 bits and no other: such a key or nonce can't be
// made, so a vector for another size can only be right when it is invalid.
Outcome AesGcm(const json::value& group, const json::value& test) {
  const std::string nonce = Bytes(test, "iv");
  const auto key = crypto::Aead::New(base::SecretBytes(std::string_view(Bytes(test, "key"))));
  if (!key.ok() || nonce.size() != crypto::Aead::kNonceBytes ||
      group.at("tagSize").to_number<int>() != 128)
    return Outcome::kNotOurs;
  const std::string sealed = Bytes(test, "ct") + Bytes(test, "tag");
  const auto opened = key->Open(crypto::NonceFrom(nonce), Bytes(test, "aad"), sealed);
  if (!opened.ok() || *opened != Bytes(test, "msg")) return Outcome::kInvalid;
  std::string again;
  const bool same = key->Seal(crypto::NonceFrom(nonce), Bytes(test, "aad"), *opened, again).ok() &&
                    again == sealed;
  return From(same);
}

Outcome NotOurs(const json::value&, const json::value&) { return Outcome::kNotOurs; }

struct File {
  const char* name;
  Outcome (*run)(const json::value& group, const json::value& test);
};
constexpr File kFiles[] = {
    {"rsa_signature_2048_sha256_test.json", Rs256},
    {"rsa_pss_2048_sha256_mgf1_32_test.json", Ps256},
    {"ecdsa_secp256r1_sha256_p1363_test.json", Es256},
    {"ecdsa_secp256r1_sha256_test.json", Es256Der},
    {"ed25519_test.json", EdDsa},
    {"hmac_sha256_test.json", Hmac},
    {"hkdf_sha256_test.json", Hkdf},
    {"aes_gcm_test.json", AesGcm},
    {"aes_gcm_siv_test.json", NotOurs},
    {"aes_kwp_test.json", NotOurs},
};

void RunFile(Tally& tally, const std::filesystem::path& path, const File& file) {
  const json::object root = ReadJsonObject(path);
  int not_ours = 0;
  for (const json::value& group : root.at("testGroups").as_array())
    for (const json::value& test : group.at("tests").as_array()) {
      const std::string id = std::string(file.name) + "/" + IdText(test.at("tcId"));
      if (IsDisputed(tally, id, test)) continue;
      const Outcome outcome = file.run(group, test);
      if (outcome == Outcome::kNotOurs) {
        ++not_ours;
        continue;
      }
      // Either answer is right for "acceptable"; ours is the strict one.
      const std::string result = Text(test, "result");
      tally.Check(result == "acceptable" || (outcome == Outcome::kValid) == (result == "valid"), id,
                  result == "valid" ? "should be accepted" : "should be refused");
    }
  if (not_ours > 0)
    tally.Note(std::string(file.name) + ": " + std::to_string(not_ours) +
               " vectors are of a form that the product does not have");
}

}  // namespace

int RunPrimitives(Tally& tally, const std::filesystem::path& folder) {
  int files = 0;
  for (const File& file : kFiles) {
    if (!std::filesystem::exists(folder / file.name)) continue;
    ++files;
    RunFile(tally, folder / file.name, file);
  }
  return files;
}

std::string IdText(const json::value& id) {
  return id.is_string() ? json::value_to<std::string>(id)
                        : std::to_string(id.to_number<std::int64_t>());
}

}  // namespace strongroom::tools
