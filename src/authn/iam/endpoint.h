// Endpoint: what the exchange and its issuer answer over HTTP, without asking for a token
// (SPEC 2, SPEC 5):
//   POST /token/iam                                       a vended token, as bare text
//   GET  /token/iam/.well-known/openid-configuration      discovery
//   GET  /token/iam/.well-known/jwks.json                 the keys
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "authn/iam/exchange.h"
#include "authn/iam/issuer.h"
#include "net/message.h"

namespace strongroom::authn::iam {

// The issuer of an auth URL: `https://auth.example.com/` → `https://auth.example.com/token/iam`.
std::string IssuerOf(const std::string& auth_url);
// kBadRequest unless it is https://host[:port]/ in its usual spelling.
base::Status CheckAuthUrl(const std::string& auth_url);

// An answer, and what the audit log gets (security 5.32).
struct Reply {
  net::Response response;            // complete, unless there is an error
  std::optional<base::Error> error;  // for the body of the response
  std::string_view refusal;          // its name; "" if there is none
  std::string principal;
  std::string jwt_id;
  std::vector<std::pair<const char*, std::string>> audit;  // name and value
};

// Thread-safe.
class Endpoint {
 public:
  using Done = std::function<void(Reply)>;

  // Both must outlive the endpoint; `exchange` was made with `auth_url`, `issuer` with
  // IssuerOf(auth_url).
  Endpoint(Exchange& exchange, const Issuer& issuer);

  // Whether a request's path is one of those above, byte for byte; no query, no other spelling.
  bool Serves(const net::Request& request) const;
  // `request` must be one that it serves, and needs to live during the call only. `done` runs once:
  // within the call, or on a thread of the fetcher.
  void Handle(const net::Request& request, Done done);

 private:
  void Vend(const net::Request& request, Done done);

  Exchange& exchange_;
  const Issuer& issuer_;
};

// The token in a request's body: the string `Token` of a JSON object, whose other members are
// ignored (`Expiration` is the client's own note), or the token alone: as a JSON string, or as bare
// text when it is a presigned URL. The content type is JSON in every case, which no form of a
// browser can send (security 9.10).
OrRefusal<std::string> TokenOfBody(std::string_view content_type, std::string_view body);

}  // namespace strongroom::authn::iam
