#include "authn/iam/key_ring.h"

#include <algorithm>

#include "crypto/jwk.h"

namespace strongroom::authn::iam {

base::Result<SigningKey> SigningKey::Generate(crypto::SignatureAlgorithm algorithm,
                                              base::Timestamp signs_from) {
  STRONGROOM_ASSIGN(auto key, crypto::PrivateKey::Generate(KeyTypeFor(algorithm)));
  std::string id = crypto::Thumbprint(key.public_key());
  return SigningKey{std::move(id), algorithm, signs_from, std::move(key)};
}

KeyRing::KeyRing(std::vector<SigningKey> keys) : keys_(std::move(keys)) {
  std::ranges::sort(keys_, {}, &SigningKey::signs_from);
}

const SigningKey* KeyRing::Signing(base::Timestamp now) const {
  if (keys_.empty()) return nullptr;
  const auto later = std::ranges::upper_bound(keys_, now, {}, &SigningKey::signs_from);
  // A clock that was set back finds no key whose time has come: the oldest one then.
  return later == keys_.begin() ? &keys_.front() : &*std::prev(later);
}

bool KeyRing::HasNext(base::Timestamp now) const {
  return !keys_.empty() && &keys_.back() != Signing(now);
}

KeyRing::Due KeyRing::DueAt(base::Timestamp now, const KeySchedule& schedule) const {
  Due due;
  const SigningKey* signing = Signing(now);
  if (signing == nullptr) {
    due.new_key_signs_from = now;
    return due;
  }
  const base::Timestamp soonest = now + schedule.publish_ahead;
  const base::Timestamp planned = signing->signs_from + schedule.rotation;
  if (!HasNext(now) && (signing->algorithm != schedule.algorithm || soonest >= planned))
    due.new_key_signs_from = soonest;
  // INVARIANT: the ring is in the order of time, so a key ends where the next one begins.
  for (std::size_t i = 0; i + 1 < keys_.size(); ++i)
    if (keys_[i + 1].signs_from + schedule.kept_after < now) due.expired.push_back(keys_[i].id);
  return due;
}

std::vector<PublishedKey> KeyRing::Published() const {
  std::vector<PublishedKey> published;
  for (const SigningKey& key : keys_)
    published.push_back({key.id, key.algorithm, key.key.public_key()});
  return published;
}

std::shared_ptr<const KeySet> KeyRing::Verifying() const {
  std::vector<crypto::VerificationKey> keys;
  for (const SigningKey& key : keys_) keys.push_back({key.id, key.algorithm, key.key.public_key()});
  return std::make_shared<const KeySet>(std::move(keys));
}

}  // namespace strongroom::authn::iam
