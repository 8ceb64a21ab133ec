// OpenID Connect Discovery 1.0: from an issuer to the address of its keys.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::authn {

// True for a URL that may name an issuer which is asked over the network: https, a host, no user,
// query, fragment, white space or control character (security 2.37; OIDC Discovery 3).
bool IsIssuerUrl(std::string_view issuer);

// OIDC Discovery 4.1. `issuer` must be an issuer URL.
std::string DiscoveryUrl(std::string_view issuer);

// The `jwks_uri` of a discovery document. Fails with kDependencyError unless the document is strict
// JSON, its `issuer` equals `issuer` byte for byte (OIDC Discovery 4.3) and `jwks_uri` is https.
base::Result<std::string> ParseDiscovery(std::string_view document, std::string_view issuer);

}  // namespace strongroom::authn
