#include "ledger/audit/checkpoint.h"

#include <boost/json.hpp>

#include "authn/jws.h"
#include "authn/signed_jwt.h"
#include "base/encoding.h"
#include "base/json.h"
#include "crypto/jwk.h"
#include "storage/key.h"

namespace strongroom::ledger::audit {
namespace {

namespace json = boost::json;
using crypto::PrivateKey;
using crypto::SignatureAlgorithm;

constexpr std::uint8_t kKeyTag = 0x31;
constexpr std::string_view kIssuer = "strongroom audit";

base::Error NotOurs() {
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "the checkpoint was not signed by a key of this installation");
}

base::Result<std::string> TextMember(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return NotOurs();
  return std::string(value->get_string());
}

base::Result<std::uint64_t> NumberMember(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return NotOurs();
  return static_cast<std::uint64_t>(value->get_int64());
}

base::Result<Checkpoint> ReadPayload(std::string_view payload) {
  const auto parsed = base::ParseJson(payload);
  if (!parsed.ok() || !parsed->is_object()) return NotOurs();
  const json::object& object = parsed->get_object();
  STRONGROOM_ASSIGN(const std::string issuer, TextMember(object, "iss"));
  if (issuer != kIssuer) return NotOurs();
  Checkpoint checkpoint;
  STRONGROOM_ASSIGN(const std::string chain, TextMember(object, "chain"));
  STRONGROOM_ASSIGN(checkpoint.chain.id, base::ParseUuid(chain));
  STRONGROOM_ASSIGN(checkpoint.sequence, NumberMember(object, "sequence"));
  STRONGROOM_ASSIGN(checkpoint.previous, NumberMember(object, "previous"));
  STRONGROOM_ASSIGN(const std::string hex, TextMember(object, "hash"));
  STRONGROOM_ASSIGN(const std::string hash, base::DecodeHex(hex));
  if (hash.size() != checkpoint.hash.size()) return NotOurs();
  std::copy(hash.begin(), hash.end(), reinterpret_cast<char*>(checkpoint.hash.data()));
  return checkpoint;
}

}  // namespace

AuditKeys::AuditKeys(std::vector<Key> keys)
    : keys_(std::make_shared<const std::vector<Key>>(std::move(keys))) {}

base::Result<std::optional<AuditKeys>> AuditKeys::Load(storage::Reader& reader) {
  const auto range = storage::PrefixRange(storage::KeyWriter(kKeyTag).key());
  STRONGROOM_ASSIGN(const auto cursor, reader.Scan(storage::kInstallation, range));
  std::vector<Key> keys;
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) break;
    storage::KeyReader place(cursor->key());
    STRONGROOM_TRY(place.Byte());
    STRONGROOM_ASSIGN(std::string id, place.Text());
    auto key = PrivateKey::Import(base::SecretBytes(cursor->value()));
    if (!key.ok() || crypto::Thumbprint(key->public_key()) != id)
      return base::MakeError(base::ErrorCode::kInternalServerError,
                             "the stored key of the audit log can't be read");
    keys.push_back({std::move(id), std::move(key).value()});
  }
  if (keys.empty()) return std::optional<AuditKeys>();
  return std::optional<AuditKeys>(AuditKeys(std::move(keys)));
}

base::Result<AuditKeys> AuditKeys::Create(storage::Transaction& transaction) {
  STRONGROOM_ASSIGN(PrivateKey key, PrivateKey::Generate(crypto::KeyType::kP256));
  STRONGROOM_ASSIGN(const base::SecretBytes pkcs8, key.Export());
  std::string id = crypto::Thumbprint(key.public_key());
  STRONGROOM_TRY(transaction.Put(storage::kInstallation,
                                 storage::KeyWriter(kKeyTag).Text(id).Take(),
                                 base::AsChars(pkcs8.Expose())));
  std::vector<Key> keys;
  keys.push_back({std::move(id), std::move(key)});
  return AuditKeys(std::move(keys));
}

base::Result<std::string> AuditKeys::Sign(const Checkpoint& checkpoint, base::Timestamp now) const {
  const Key& signing = keys_->front();
  return authn::SignJwt(signing.key, SignatureAlgorithm::kEs256, signing.id,
                        {{"iss", kIssuer},
                         {"chain", checkpoint.chain.id.ToString()},
                         {"sequence", checkpoint.sequence},
                         {"hash", base::EncodeHex(base::AsChars(checkpoint.hash))},
                         {"previous", checkpoint.previous},
                         {"time", base::FormatTimestamp(now)}});
}

base::Result<Checkpoint> AuditKeys::Verify(std::string_view text) const {
  const auto read = authn::ParseJws(text);
  const auto* jws = std::get_if<authn::Jws>(&read);
  if (jws == nullptr || jws->algorithm != SignatureAlgorithm::kEs256) return NotOurs();
  for (const Key& one : *keys_) {
    if (one.id != jws->kid) continue;
    if (!one.key.public_key().Verify(jws->algorithm, jws->signing_input, jws->signature))
      return NotOurs();
    return ReadPayload(jws->payload);
  }
  return NotOurs();
}

std::vector<std::string> AuditKeys::Ids() const {
  std::vector<std::string> ids;
  for (const Key& one : *keys_) ids.push_back(one.id);
  return ids;
}

std::string AuditKeys::JwksJson() const {
  std::vector<authn::PublishedKey> published;
  for (const Key& one : *keys_)
    published.push_back({one.id, SignatureAlgorithm::kEs256, one.key.public_key()});
  return authn::JwksDocument(published);
}

}  // namespace strongroom::ledger::audit
