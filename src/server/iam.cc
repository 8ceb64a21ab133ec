#include "server/iam.h"

#include <fmt/format.h>

#include "base/log.h"
#include "server/read_file.h"

namespace strongroom::server {
namespace {

using base::ErrorCode;
using base::MakeError;

// How often the schedule of keys is looked at, and a failed rotation tried again.
constexpr std::chrono::seconds kLook{10};

base::Result<authn::iam::StsEndpoints> EndpointsOf(const IamSettings& settings) {
  STRONGROOM_ASSIGN(auto endpoints, authn::iam::StsEndpoints::Of(settings.partitions));
  authn::IssuerAccess access;
  access.allow_loopback = settings.sts_loopback;
  if (!settings.sts_ca.empty()) {
    STRONGROOM_ASSIGN(access.ca_pem, ReadFile(settings.sts_ca));
  }
  for (const std::string& network : settings.sts_networks) {
    STRONGROOM_ASSIGN(const net::Cidr cidr, net::Cidr::Parse(network));
    access.allowed_networks.push_back(cidr);
  }
  for (const std::string& text : settings.sts_endpoints)
    STRONGROOM_TRY(endpoints.AddText(text, access));
  return endpoints;
}

base::Result<authn::iam::IssuerOptions> IssuerOptionsOf(const IamSettings& settings) {
  authn::iam::IssuerOptions options;
  options.issuer = IssuerOf(settings);
  options.audience = settings.audience.empty() ? settings.auth_url : settings.audience;
  if (settings.token_seconds < 60 || settings.token_seconds > 43200) {
    return MakeError(ErrorCode::kBadRequest, "vended tokens last from 60 to 43200 seconds",
                     "change iam-token-seconds");
  }
  options.lifetime = std::chrono::seconds(settings.token_seconds);
  options.keys.kept_after = options.lifetime + base::limits::kTokenSkewMax;
  if (settings.rotation_days < 1 || settings.rotation_days > 3650) {
    return MakeError(ErrorCode::kBadRequest, "signing keys rotate after 1 to 3650 days",
                     "change iam-rotation-days");
  }
  options.keys.rotation = std::chrono::days(settings.rotation_days);
  const auto algorithm = crypto::ParseSignatureAlgorithm(settings.algorithm);
  if (!algorithm) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("`{}` is no signature algorithm", settings.algorithm),
                     "choose ES256 or RS256");
  }
  options.keys.algorithm = *algorithm;
  return options;
}

}  // namespace

std::string IssuerOf(const IamSettings& settings) {
  return settings.auth_url.empty() ? std::string() : authn::iam::IssuerOf(settings.auth_url);
}

base::Result<std::unique_ptr<Iam>> Iam::Open(const IamSettings& settings, storage::Store& store,
                                             net::HttpFetcher& fetcher, const base::Clock& clock,
                                             base::Random& random, IsRegistered is_registered) {
  if (settings.auth_url.empty()) return std::unique_ptr<Iam>();
  STRONGROOM_TRY(authn::iam::CheckAuthUrl(settings.auth_url));
  authn::iam::ExchangeOptions options;
  options.auth_url = settings.auth_url;
  options.allow_root = settings.allow_root;
  options.allow_federated_users = settings.allow_federated_users;
  options.is_registered = std::move(is_registered);
  STRONGROOM_ASSIGN(options.endpoints, EndpointsOf(settings));
  STRONGROOM_ASSIGN(auto issuer_options, IssuerOptionsOf(settings));
  std::unique_ptr<Iam> iam(new Iam(settings, store, clock));
  STRONGROOM_ASSIGN(iam->issuer_,
                    authn::iam::Issuer::Open(std::move(issuer_options), iam->keys_, clock, random));
  iam->exchange_ = std::make_unique<authn::iam::Exchange>(std::move(options), fetcher, clock);
  iam->endpoint_ = std::make_unique<authn::iam::Endpoint>(*iam->exchange_, *iam->issuer_);
  return iam;
}

void Iam::Configure(authn::VerifierOptions& options) const {
  // The principal of these tokens, and of no others, is `sub` (security 1.26).
  options.local_issuers.push_back({issuer_->name(), issuer_->Keys(), true});
  authn::IssuerRules rules;
  rules.audiences = {settings_.audience.empty() ? settings_.auth_url : settings_.audience};
  rules.lifetime_max = std::chrono::seconds(settings_.token_seconds);
  options.rules_of_issuer[issuer_->name()] = std::move(rules);
}

void Iam::Tick(authn::TokenVerifier& verifier) {
  if (clock_.Steady() < looked_at_ + kLook) return;
  looked_at_ = clock_.Steady();
  const std::lock_guard lock(telling_);
  const auto changed = issuer_->Rotate();
  if (!changed.ok()) {
    base::Log(base::LogLevel::kError, "signing keys were not rotated",
              {{"reason", changed.error().message}});
  } else if (*changed) {
    verifier.SetLocalKeys(issuer_->name(), issuer_->Keys());
  }
}

base::Result<bool> Iam::RotateNow(authn::TokenVerifier& verifier) {
  const std::lock_guard lock(telling_);
  STRONGROOM_ASSIGN(const bool made, issuer_->RotateNow());
  if (made) verifier.SetLocalKeys(issuer_->name(), issuer_->Keys());
  return made;
}

}  // namespace strongroom::server
