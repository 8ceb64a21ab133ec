// What `strongroom token aws` and `token oidc` share: asking others over HTTPS, keeping a token.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/event_loop.h"
#include "net/https_client.h"

namespace strongroom::server::cli {

// Asks whom the operator has named, private addresses included.
class TokenClient {
 public:
  // `ca_path`: a PEM file that is trusted besides the system's CAs; may be empty.
  static base::Result<std::unique_ptr<TokenClient>> Make(const std::string& ca_path);

  base::Result<net::FetchResponse> Get(const std::string& url);
  base::Result<net::FetchResponse> Post(const std::string& url, net::Header content_type,
                                        std::string body, std::optional<net::Header> more = {});
  net::HttpFetcher& fetcher() { return client_; }

 private:
  explicit TokenClient(std::string ca_pem) : ca_pem_(std::move(ca_pem)) {}
  base::Result<net::FetchResponse> Ask(net::FetchRequest request);

  const std::string ca_pem_;
  std::unique_ptr<net::EventLoop> loop_ = net::EventLoop::Start(1);
  net::HttpsClient client_{*loop_};
};

struct KeptToken {
  std::string token;
  std::optional<base::Timestamp> expires;
};

// `exp` of a JWT, unverified: it is ours to send, and others judge it. Nothing for other tokens.
std::optional<base::Timestamp> ExpiryOf(std::string_view token);

// Tokens in $XDG_CACHE_HOME/strongroom or ~/.cache/strongroom, a file each: mode 0600, in a
// directory of mode 0700. `identity` says whose token it is and what for; it is not a secret.
class TokenCache {
 public:
  explicit TokenCache(const std::string& identity);

  // A token that is good for another minute at `now`. Nothing if there is none, or if others could
  // have read or written it.
  std::optional<KeptToken> Find(base::Timestamp now) const;
  // Replaces the file in one step. kBadRequest if it can't be written.
  base::Status Keep(const KeptToken& token) const;

 private:
  std::string directory_;  // empty: there is no home
  std::string path_;
};

// The token alone, or {"token","expires","cached"}.
void PrintToken(const KeptToken& token, bool cached, const std::string& output);

}  // namespace strongroom::server::cli
