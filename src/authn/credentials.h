// The credentials of a request: its bearer token and the account it addresses. HTTP and gRPC share
// this one reading (security 1.28, 1.33-34).
#pragma once

#include <span>
#include <string_view>

#include "authn/refusal.h"
#include "net/message.h"

namespace strongroom::authn {

// The token of the one `authorization` header: scheme `Bearer` in any case, at least one space, the
// token, nothing else (rfc9110 11.4, rfc6750 2.1). A query parameter or a cookie is never read.
// The view is into the header. Fails with kTokenMissing, kAuthorizationMalformed (both 401) or
// kAuthorizationRepeated (400).
OrRefusal<std::string_view> BearerToken(std::span<const net::HeaderView> headers);
OrRefusal<std::string_view> BearerToken(const net::Request& request);

// The one `x-twisp-account-id` header. `present` is false, and the request a bad one (400), when
// there is none, more than one, or an empty one.
struct AccountId {
  bool present = false;
  std::string_view value;
};
AccountId AddressedAccount(std::span<const net::HeaderView> headers);
AccountId AddressedAccount(const net::Request& request);

}  // namespace strongroom::authn
