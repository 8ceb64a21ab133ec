#include "server/token_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "authn/discovery.h"
#include "server/read_file.h"

namespace strongroom::server {
namespace {

using base::ErrorCode;
using base::MakeError;
using Texts = std::vector<std::string>;

constexpr const char* kAny = "any";

struct OfIssuer {
  std::string issuer;
  std::string value;
};

// `ISSUER=value`.
base::Result<OfIssuer> Split(const std::string& text, const char* option) {
  const std::size_t at = text.find('=');
  if (at == text.npos || at + 1 == text.size() || !authn::IsIssuerUrl(text.substr(0, at))) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no {}", text, option),
                     fmt::format("write {} as https://issuer=value", option));
  }
  return OfIssuer{text.substr(0, at), text.substr(at + 1)};
}

// nullopt for the word `any`, which stands alone (SPEC 3).
base::Result<std::optional<Texts>> Audiences(const Texts& audiences) {
  if (std::ranges::find(audiences, kAny) == audiences.end()) return std::optional(audiences);
  if (audiences.size() == 1) return std::optional<Texts>();
  return MakeError(ErrorCode::kBadRequest, "the audience `any` stands beside another",
                   "name the audiences, or `any` alone");
}

base::Result<std::chrono::seconds> Lifetime(std::string_view text) {
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const auto max = static_cast<std::uint64_t>(base::limits::kTokenLifetimeMax.count());
  if (error != std::errc() || end != text.data() + text.size() || seconds < 1 || seconds > max) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("`{}` is no lifetime of tokens, in seconds", text),
                     fmt::format("write a number from 1 to {}", max));
  }
  return std::chrono::seconds(seconds);
}

base::Status AddRules(const Settings& settings, authn::VerifierOptions& options) {
  STRONGROOM_ASSIGN(options.rules.audiences, Audiences(settings.audiences));
  STRONGROOM_ASSIGN(options.rules.lifetime_max,
                    Lifetime(std::to_string(settings.token_seconds_max)));
  std::map<std::string, Texts> audiences;
  for (const std::string& text : settings.issuer_audiences) {
    STRONGROOM_ASSIGN(OfIssuer one, Split(text, "issuer-audience"));
    audiences[one.issuer].push_back(std::move(one.value));
  }
  const auto rules_of = [&options](const std::string& issuer) -> authn::IssuerRules& {
    return options.rules_of_issuer.emplace(issuer, options.rules).first->second;
  };
  for (const auto& [issuer, list] : audiences) {
    STRONGROOM_ASSIGN(rules_of(issuer).audiences, Audiences(list));
  }
  for (const std::string& text : settings.issuer_token_seconds) {
    STRONGROOM_ASSIGN(const OfIssuer one, Split(text, "issuer-token-seconds-max"));
    STRONGROOM_ASSIGN(rules_of(one.issuer).lifetime_max, Lifetime(one.value));
  }
  return {};
}

base::Status AddAccess(const Settings& settings, authn::KeyCacheOptions& keys) {
  keys.issuer_patterns = settings.issuer_patterns;
  keys.access.allow_loopback = settings.issuer_loopback;
  if (!settings.issuer_ca.empty()) {
    STRONGROOM_ASSIGN(keys.access.ca_pem, ReadFile(settings.issuer_ca));
  }
  for (const std::string& network : settings.issuer_networks) {
    STRONGROOM_ASSIGN(const net::Cidr cidr, net::Cidr::Parse(network));
    keys.access.allowed_networks.push_back(cidr);
  }
  for (const std::string& text : settings.issuer_cas) {
    STRONGROOM_ASSIGN(const OfIssuer one, Split(text, "issuer-own-ca"));
    auto& access = keys.access_of_issuer.emplace(one.issuer, keys.access).first->second;
    STRONGROOM_ASSIGN(access.ca_pem, ReadFile(one.value));
  }
  return {};
}

}  // namespace

base::Result<authn::VerifierOptions> VerifierOptionsOf(const Settings& settings) {
  authn::VerifierOptions options;
  if (settings.audiences.empty()) {
    return MakeError(ErrorCode::kBadRequest, "no audience was chosen",
                     "set `audience` to what your tokens name in `aud`, or to the word any");
  }
  STRONGROOM_TRY(AddRules(settings, options));
  STRONGROOM_TRY(AddAccess(settings, options.keys));
  options.skew = std::chrono::seconds(settings.token_skew_seconds);
  if (options.skew > base::limits::kTokenSkewMax) {
    return MakeError(ErrorCode::kBadRequest, "clocks may differ by 300 seconds at most",
                     "change token-skew-seconds");
  }
  options.failures_per_second_max = settings.token_failures_per_second;
  options.cache_entries_max = settings.token_cache_entries;
  options.keys.fresh_default = std::chrono::seconds(settings.keys_fresh_seconds);
  options.keys.stale_max = std::chrono::hours(settings.keys_stale_hours);
  for (const std::string& name : settings.token_algorithms) {
    const auto algorithm = crypto::ParseSignatureAlgorithm(name);
    if (!algorithm) {
      return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no signature algorithm", name),
                       "choose from RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, "
                       "ES512, EdDSA");
    }
    options.algorithms.push_back(*algorithm);
  }
  if (!settings.console_issuer.empty() && !authn::IsIssuerUrl(settings.console_issuer)) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("`{}` is no issuer", settings.console_issuer),
                     "set console-issuer to the `iss` of its tokens, https://…");
  }
  return options;
}

std::vector<std::string> TakenForAnyAudience(const Settings& settings) {
  std::vector<std::string> issuers;
  if (std::ranges::find(settings.audiences, kAny) != settings.audiences.end())
    issuers.emplace_back();
  const std::string any = std::string("=") + kAny;
  for (const std::string& text : settings.issuer_audiences)
    if (text.ends_with(any)) issuers.push_back(text.substr(0, text.size() - any.size()));
  return issuers;
}

}  // namespace strongroom::server
