// Compact JSON Web Signatures (rfc7515 7.1), read strictly. Nothing here is verified yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "authn/refusal.h"
#include "crypto/signature.h"

namespace strongroom::authn {

struct Jws {
  crypto::SignatureAlgorithm algorithm{};
  std::optional<std::string> kid;
  std::string_view signing_input;  // into the token
  std::string payload;
  std::string signature;
};

// Checks, in this order: size, two dots, base64url of the three parts, the header's JSON, and its
// parameters: a known `alg`; no `crit`, `b64` and `zip`; `typ` absent, JWT or at+jwt; `cty` not
// JWT; `kid` a string of at most 256 bytes. `jwk`, `jku`, `x5u`, `x5c` and unknown parameters are
// ignored: no key ever comes from a token (security 1.1-1.16).
OrRefusal<Jws> ParseJws(std::string_view token);

}  // namespace strongroom::authn
