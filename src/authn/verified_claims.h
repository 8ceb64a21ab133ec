// What a verified token says. Only TokenVerifier can make one, so whoever holds it knows that the
// signature and every claim check passed (security 4.74).
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "crypto/hash.h"

namespace strongroom::authn {

// Immutable; shared between the token cache and the requests that carry the token.
class VerifiedClaims {
 public:
  // The key to the constructor, in the hands of the verifier alone.
  class Passkey {
    friend class TokenVerifier;
    Passkey() = default;
  };
  struct Fields {
    std::string issuer;
    std::string subject;
    std::string jwt_id;
    std::string key_id;
    base::Timestamp expires;
    bool principal_is_subject = false;
    std::shared_ptr<const boost::json::object> claims;
    crypto::Sha256Digest token_hash{};
  };
  VerifiedClaims(Passkey, Fields fields) : fields_(std::move(fields)) {}

  // The authenticated name (SPEC 1): `iss`, or `sub` for a token of our own IAM exchange.
  const std::string& principal() const {
    return fields_.principal_is_subject ? fields_.subject : fields_.issuer;
  }
  const std::string& issuer() const { return fields_.issuer; }
  const std::string& subject() const { return fields_.subject; }  // "" if the token has none
  const std::string& jwt_id() const { return fields_.jwt_id; }    // "" if the token has none
  const std::string& key_id() const { return fields_.key_id; }    // "" if the token has none
  base::Timestamp expires() const { return fields_.expires; }     // `exp`, without skew
  bool from_iam_exchange() const { return fields_.principal_is_subject; }
  // The whole claim set, as `context.auth.claims` shows it.
  const std::shared_ptr<const boost::json::object>& claims() const { return fields_.claims; }
  // Names the token in caches and logs without revealing it.
  const crypto::Sha256Digest& token_hash() const { return fields_.token_hash; }

 private:
  Fields fields_;
};

}  // namespace strongroom::authn
