#include "authn/discovery.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/json.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kUrlBytesMax = 2048;

base::Error Unusable(std::string why) {
  return base::MakeError(base::ErrorCode::kDependencyError, std::move(why));
}

// https, a host, visible ASCII only, none of the characters that start another part of a URL.
bool IsPlainHttps(std::string_view url, std::string_view forbidden) {
  if (url.size() > kUrlBytesMax || !url.starts_with(kScheme)) return false;
  if (!std::ranges::all_of(url, [](char c) { return c > ' ' && c < 0x7F; })) return false;
  const std::string_view rest = url.substr(kScheme.size());
  if (rest.find_first_of(forbidden) != std::string_view::npos) return false;
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  return !authority.empty() && authority.find('@') == std::string_view::npos &&
         authority.front() != ':';
}

}  // namespace

bool IsIssuerUrl(std::string_view issuer) { return IsPlainHttps(issuer, "?#\\\"<>"); }

std::string DiscoveryUrl(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);  // OIDC Discovery 4.1
  return std::string(issuer) + "/.well-known/openid-configuration";
}

base::Result<std::string> ParseDiscovery(std::string_view document, std::string_view issuer) {
  const auto parsed = base::ParseJson(document, {32, base::limits::kDiscoveryBytesMax});
  if (!parsed.ok() || !parsed->is_object())
    return Unusable("the discovery document is not a JSON object");
  const boost::json::object& object = parsed->get_object();
  const auto text = [&object](std::string_view name) -> std::string {
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->get_string().data(), value->get_string().size());
  };
  if (text("issuer") != issuer)  // OIDC Discovery 4.3
    return Unusable("the discovery document is of another issuer");
  std::string jwks_uri = text("jwks_uri");
  if (!IsPlainHttps(jwks_uri, "#\\\"<>"))
    return Unusable("the discovery document has no https jwks_uri");
  return jwks_uri;
}

}  // namespace strongroom::authn
