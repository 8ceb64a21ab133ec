#include "authn/key_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>

#include "base/json.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

base::Error Unusable(std::string why) {
  return base::MakeError(base::ErrorCode::kDependencyError, std::move(why));
}

// The kid as the document has it, for the log; "" if there is none.
std::string KidOf(const json::object& jwk) {
  const json::value* kid = jwk.if_contains("kid");
  if (kid == nullptr || !kid->is_string()) return {};
  return std::string(kid->get_string().data(),
                     std::min(kid->get_string().size(), crypto::kKidBytesMax));
}

std::string Fingerprint(const std::vector<crypto::VerificationKey>& keys) {
  std::vector<std::string> lines;
  for (const crypto::VerificationKey& key : keys)
    lines.push_back(fmt::format("{}:{}:{}:{}\n", key.kid ? key.kid->size() : 999,
                                key.kid.value_or(""),
                                key.algorithm ? crypto::SignatureAlgorithmName(*key.algorithm) : "",
                                crypto::Thumbprint(key.key)));
  std::ranges::sort(lines);
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

}  // namespace

KeySet::KeySet(std::vector<crypto::VerificationKey> keys)
    : keys_(std::move(keys)), fingerprint_(Fingerprint(keys_)) {}

base::Result<KeySet> KeySet::Parse(std::string_view document) {
  const auto parsed = base::ParseJson(document, {16, limits::kJwksBytesMax});
  if (!parsed.ok() || !parsed->is_object()) return Unusable("the key set is not a JSON object");
  const json::value* members = parsed->get_object().if_contains("keys");
  if (members == nullptr || !members->is_array()) return Unusable("`keys` is not an array");
  const json::array& array = members->get_array();
  if (array.size() > limits::kJwksKeysMax) return Unusable("the key set has too many keys");

  // Counted over all members, so that an unusable key still makes its namesake ambiguous.
  std::map<std::string, int> uses;
  for (const json::value& member : array) {
    if (!member.is_object()) return Unusable("a key is not an object");
    ++uses[KidOf(member.get_object())];
  }
  std::vector<crypto::VerificationKey> keys;
  std::vector<std::string> dropped;
  for (const json::value& member : array) {
    const std::string kid = KidOf(member.get_object());
    auto key = crypto::ParseJwk(member.get_object());
    if (!key.ok()) {
      dropped.push_back(fmt::format("{}: {}", kid, key.error().message));
    } else if (key->kid && uses[kid] > 1) {
      dropped.push_back(fmt::format("{}: the kid is there more than once", kid));
    } else {
      keys.push_back(*std::move(key));
    }
  }
  KeySet set(std::move(keys));
  set.dropped_ = std::move(dropped);
  return set;
}

OrRefusal<const crypto::VerificationKey*> KeySet::Find(const std::optional<std::string>& kid,
                                                       crypto::SignatureAlgorithm algorithm) const {
  const crypto::VerificationKey* found = nullptr;
  if (!kid) {  // OIDC Core 10.1: a kid is needed when there is a choice
    if (keys_.size() == 1) found = &keys_.front();
  } else {
    const auto at = std::ranges::find(keys_, kid, &crypto::VerificationKey::kid);
    if (at != keys_.end()) found = &*at;
  }
  if (found == nullptr) return Refusal::kKeyUnknown;
  if (!found->MayVerify(algorithm)) return Refusal::kKeyMismatch;
  return found;
}

}  // namespace strongroom::authn
