#include "authn/key_fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "authn/discovery.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

namespace limits = base::limits;

base::Error Unusable(std::string why) {
  return base::MakeError(base::ErrorCode::kDependencyError, std::move(why));
}

net::FetchRequest Get(std::string url, std::size_t bytes_max, const IssuerAccess& access) {
  net::FetchRequest request;
  request.url = std::move(url);
  request.headers = {{"accept", "application/json"}};
  request.response_bytes_max = bytes_max;
  request.allow_loopback = access.allow_loopback;
  request.allowed_networks = access.allowed_networks;
  request.ca_pem = access.ca_pem;
  return request;
}

// The body of a good answer.
base::Result<std::string> Body(base::Result<net::FetchResponse> answer, std::size_t bytes_max) {
  if (!answer.ok()) return std::move(answer).error();
  if (answer->status != 200)
    return Unusable(fmt::format("the issuer answered with status {}", answer->status));
  if (answer->body.size() > bytes_max) return Unusable("the issuer's answer is too large");
  return std::move(answer->body);
}

std::optional<std::chrono::seconds> Freshness(const net::FetchResponse& response) {
  for (const net::Header& header : response.headers)
    if (header.name == "cache-control") return MaxAge(header.value);
  return std::nullopt;
}

base::Result<FetchedKeys> ReadSet(base::Result<net::FetchResponse> answer,
                                  const std::string& jwks_uri) {
  const auto max_age = answer.ok() ? Freshness(*answer) : std::nullopt;
  STRONGROOM_ASSIGN(const std::string body, Body(std::move(answer), limits::kJwksBytesMax));
  STRONGROOM_ASSIGN(KeySet set, KeySet::Parse(body));
  if (set.empty()) return Unusable("the key set has no usable key");
  return FetchedKeys{std::make_shared<const KeySet>(std::move(set)), jwks_uri, max_age};
}

std::string_view Trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

}  // namespace

std::optional<std::chrono::seconds> MaxAge(std::string_view cache_control) {
  std::string lower(cache_control);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::optional<std::chrono::seconds> found;
  for (std::string_view rest = lower; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view directive = Trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (directive == "no-store" || directive == "no-cache") return std::chrono::seconds(0);
    if (!directive.starts_with("max-age=")) continue;
    directive.remove_prefix(8);
    if (directive.starts_with('"') && directive.ends_with('"') && directive.size() >= 2)
      directive = directive.substr(1, directive.size() - 2);
    std::uint32_t seconds = 0;
    const auto [end, error] =
        std::from_chars(directive.data(), directive.data() + directive.size(), seconds);
    // rfc9111 1.2.2: a number too large counts as a very large one.
    if (error == std::errc::result_out_of_range) seconds = UINT32_MAX;
    if (error == std::errc::invalid_argument || end != directive.data() + directive.size())
      continue;
    found = std::chrono::seconds(seconds);
  }
  return found;
}

void FetchKeys(net::HttpFetcher& fetcher, std::string issuer, std::string jwks_uri,
               IssuerAccess access, std::function<void(base::Result<FetchedKeys>)> done) {
  if (jwks_uri.empty()) {
    net::FetchRequest request = Get(DiscoveryUrl(issuer), limits::kDiscoveryBytesMax, access);
    fetcher.Fetch(std::move(request), [&fetcher, issuer = std::move(issuer),
                                       access = std::move(access), done = std::move(done)](
                                          base::Result<net::FetchResponse> answer) mutable {
      auto body = Body(std::move(answer), limits::kDiscoveryBytesMax);
      if (!body.ok()) return done(std::move(body).error());
      auto found = ParseDiscovery(*body, issuer);
      if (!found.ok()) return done(std::move(found).error());
      FetchKeys(fetcher, std::move(issuer), *std::move(found), std::move(access), std::move(done));
    });
    return;
  }
  net::FetchRequest request = Get(jwks_uri, limits::kJwksBytesMax, access);
  fetcher.Fetch(std::move(request),
                [jwks_uri, done = std::move(done)](base::Result<net::FetchResponse> answer) {
                  done(ReadSet(std::move(answer), jwks_uri));
                });
}

}  // namespace strongroom::authn
