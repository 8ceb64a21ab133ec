#include "authn/iam/issuer.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/check.h"
#include "base/uuid.h"
#include "crypto/jwk.h"

namespace strongroom::authn::iam {
namespace {

base::Result<SigningKey> Restore(const StoredKey& stored) {
  const auto algorithm = crypto::ParseSignatureAlgorithm(stored.algorithm);
  auto key = crypto::PrivateKey::Import(stored.pkcs8);
  if (!algorithm || !key.ok() || !crypto::Fits(key->public_key().type(), *algorithm) ||
      crypto::Thumbprint(key->public_key()) != stored.id) {
    return base::MakeError(base::ErrorCode::kInternalServerError,
                           "a stored signing key can't be read");
  }
  return SigningKey{stored.id, *algorithm, stored.signs_from, std::move(key).value()};
}

base::Result<StoredKey> ToStored(const SigningKey& key) {
  STRONGROOM_ASSIGN(auto pkcs8, key.key.Export());
  return StoredKey{key.id, std::string(crypto::SignatureAlgorithmName(key.algorithm)),
                   key.signs_from, std::move(pkcs8)};
}

}  // namespace

base::Result<std::unique_ptr<Issuer>> Issuer::Open(IssuerOptions options, KeyStorage& storage,
                                                   const base::Clock& clock, base::Random& random) {
  std::unique_ptr<Issuer> issuer(new Issuer(std::move(options), storage, clock, random));
  STRONGROOM_ASSIGN(const auto stored, storage.Load());
  std::vector<SigningKey> keys;
  for (const StoredKey& one : stored) {
    STRONGROOM_ASSIGN(auto key, Restore(one));
    keys.push_back(std::move(key));
  }
  issuer->ring_ = std::make_shared<const KeyRing>(std::move(keys));
  STRONGROOM_ASSIGN([[maybe_unused]] const bool changed, issuer->Rotate());
  return issuer;
}

std::shared_ptr<const KeyRing> Issuer::Ring() const {
  const std::lock_guard lock(mutex_);
  return ring_;
}

base::Result<VendedToken> Issuer::Vend(const Identity& identity) const {
  namespace json = boost::json;
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(clock_.Now()).time_since_epoch().count();
  VendedToken vended;
  vended.jwt_id = base::NewUuid(random_).ToString();
  json::object aws{
      {"account", identity.account}, {"arn", identity.arn}, {"user_id", identity.user_id}};
  if (!identity.session_name.empty()) aws["session_name"] = identity.session_name;
  const json::object claims{{"iss", options_.issuer},
                            {"sub", identity.principal},
                            {"aud", options_.audience},
                            {"iat", now},
                            {"nbf", now},
                            {"exp", now + options_.lifetime.count()},
                            {"jti", vended.jwt_id},
                            {"aws", std::move(aws)}};
  const auto ring = Ring();
  const SigningKey* key = ring->Signing(clock_.Now());
  STRONGROOM_CHECK(key != nullptr);  // Open() made one
  STRONGROOM_ASSIGN(vended.jwt, SignJwt(key->key, key->algorithm, key->id, claims));
  return vended;
}

std::string Issuer::DiscoveryJson() const {
  return DiscoveryDocument(options_.issuer, options_.keys.algorithm);
}
std::string Issuer::JwksJson() const { return JwksDocument(Ring()->Published()); }
std::shared_ptr<const KeySet> Issuer::Keys() const { return Ring()->Verifying(); }

base::Result<bool> Issuer::Rotate() {
  const std::lock_guard lock(rotating_);
  const auto ring = Ring();
  return Apply(*ring, ring->DueAt(clock_.Now(), options_.keys));
}

base::Result<bool> Issuer::RotateNow() {
  const std::lock_guard lock(rotating_);
  const auto ring = Ring();
  KeyRing::Due due = ring->DueAt(clock_.Now(), options_.keys);
  if (!ring->HasNext(clock_.Now()) && !due.new_key_signs_from)
    due.new_key_signs_from = clock_.Now() + options_.keys.publish_ahead;
  return Apply(*ring, due);
}

// What is stored changes first: a key that is published or signs has to be there after a restart.
base::Result<bool> Issuer::Apply(const KeyRing& ring, const KeyRing::Due& due) {
  if (due.empty()) return false;
  std::vector<SigningKey> keys;
  for (const SigningKey& key : ring.keys())
    if (std::ranges::find(due.expired, key.id) == due.expired.end()) keys.push_back(key);
  std::vector<StoredKey> added;
  if (due.new_key_signs_from) {
    STRONGROOM_ASSIGN(auto made,
                      SigningKey::Generate(options_.keys.algorithm, *due.new_key_signs_from));
    STRONGROOM_ASSIGN(auto stored, ToStored(made));
    added.push_back(std::move(stored));
    keys.push_back(std::move(made));
  }
  STRONGROOM_TRY(storage_.Change(added, due.expired));
  const std::lock_guard lock(mutex_);
  ring_ = std::make_shared<const KeyRing>(std::move(keys));
  return true;
}

}  // namespace strongroom::authn::iam
