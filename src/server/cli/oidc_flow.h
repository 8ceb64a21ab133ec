// Tokens of an OpenID provider for programs and for people at a terminal: the client credentials
// grant (rfc6749 4.4) and the device grant (rfc8628).
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"
#include "server/cli/token_client.h"

namespace strongroom::server::cli {

struct OidcRequest {
  std::string issuer;
  std::string client_id;
  std::string client_secret;  // empty: a public client
  std::string scope;
  std::string audience;   // Auth0's parameter
  std::string resource;   // rfc8707
  bool id_token = false;  // take the ID token, not the access token
};

// What a person has to do, for the terminal.
using TellPerson = std::function<void(const std::string& line)>;

// The endpoints come from discovery, whose `issuer` has to equal the issuer byte for byte; all of
// them are https. Errors: kAccessDenied when the provider refuses, with its error code alone.
base::Result<KeptToken> FetchWithSecret(const OidcRequest& request, TokenClient& client);
// Tells the person where to go, and asks again and again until he has said yes or no, or the code
// has expired.
base::Result<KeptToken> FetchWithDevice(const OidcRequest& request, TokenClient& client,
                                        const TellPerson& tell);

}  // namespace strongroom::server::cli
