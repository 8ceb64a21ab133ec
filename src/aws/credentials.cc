#include "aws/credentials.h"

#include <fmt/format.h>

#include <mutex>

#include "aws/answers.h"
#include "aws/endpoint.h"
#include "aws/limits.h"
#include "aws/metadata_sources.h"
#include "aws/profile.h"
#include "aws/role.h"

namespace strongroom::aws {
namespace {

using base::ErrorCode;
using base::MakeError;
using Found = base::Result<std::optional<Credentials>>;

constexpr const char* kRegionOfRoles = "us-east-1";  // where nobody says which

// Wraps what a source gives for good.
Found Some(base::Result<Credentials> made) {
  if (!made.ok()) return std::move(made).error();
  return std::optional<Credentials>(std::move(made).value());
}

class Chain : public CredentialSource {
 public:
  Chain(ChainOptions options, Surroundings surroundings, net::HttpFetcher& fetcher,
        const base::Clock& clock)
      : options_(std::move(options)),
        surroundings_(std::move(surroundings)),
        fetcher_(fetcher),
        clock_(clock) {}

  base::Result<Credentials> Get() override {
    const std::lock_guard lock(mutex_);
    const base::Timestamp now = clock_.Now();
    const auto good = [&] { return kept_ && (!kept_->expires || now < *kept_->expires); };
    if (good() &&
        (!kept_->expires || now < retry_at_ || now < *kept_->expires - limits::kRefreshAhead))
      return kept_->Clone();
    auto found = Find();
    if (!found.ok()) {
      retry_at_ = now + limits::kRefreshPause;
      if (good()) return kept_->Clone();
      return std::move(found).error();
    }
    kept_ = std::move(found).value();
    return kept_->Clone();
  }

 private:
  base::Result<Credentials> Find();
  Found FromEnvironment() const;
  Found FromProfile(const Profiles& profiles, const std::string& name, int depth);
  Found FromRole(const Profiles& profiles, const std::string& name, int depth);
  Found KeysOf(const Profiles& profiles, const std::string& name) const;
  Found FromWebIdentity();
  base::Result<Credentials> SourceOf(const Profiles& profiles, const std::string& name, int depth);
  std::string Region(const std::string& profile) const;

  const ChainOptions options_;
  const Surroundings surroundings_;
  net::HttpFetcher& fetcher_;
  const base::Clock& clock_;
  std::mutex mutex_;  // one fetch at a time; guards the two below
  std::optional<Credentials> kept_;
  base::Timestamp retry_at_{};
};

base::Result<Credentials> Chain::Find() {
  const std::string name = ProfileName(options_.profile, surroundings_);
  const bool named = !options_.profile.empty();
  if (!named) {
    STRONGROOM_ASSIGN(auto found, FromEnvironment());
    if (found) return *std::move(found);
  }
  STRONGROOM_ASSIGN(const Profiles profiles, ReadProfiles(surroundings_));
  const bool must_be = named || surroundings_.variable("AWS_PROFILE").has_value();
  if (profiles.profiles.count(name) == 0 && must_be) {
    return MakeError(ErrorCode::kNotFound, fmt::format("there is no AWS profile `{}`", name),
                     "look at ~/.aws/config");
  }
  STRONGROOM_ASSIGN(auto of_profile, FromProfile(profiles, name, 1));
  if (of_profile) return *std::move(of_profile);
  if (named) {
    return MakeError(ErrorCode::kNotFound,
                     fmt::format("the AWS profile `{}` has no credentials", name),
                     "give it keys, role_arn or sso_session");
  }
  STRONGROOM_ASSIGN(auto of_identity, FromWebIdentity());
  if (of_identity) return *std::move(of_identity);
  STRONGROOM_ASSIGN(auto of_container, ContainerCredentials(surroundings_, fetcher_));
  if (of_container) return *std::move(of_container);
  STRONGROOM_ASSIGN(auto of_instance, InstanceCredentials(surroundings_));
  if (of_instance) return *std::move(of_instance);
  return MakeError(ErrorCode::kNotFound, "there are no credentials for AWS",
                   "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run `aws configure`, or run "
                   "where AWS gives a role");
}

Found Chain::FromEnvironment() const {
  const auto id = surroundings_.variable("AWS_ACCESS_KEY_ID");
  const auto secret = surroundings_.variable("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return std::optional<Credentials>();
  return Some(MakeCredentials(id.value_or(""), secret.value_or(""),
                              surroundings_.variable("AWS_SESSION_TOKEN").value_or(""),
                              "the environment"));
}

Found Chain::KeysOf(const Profiles& profiles, const std::string& name) const {
  const std::string id = profiles.Value(name, "aws_access_key_id");
  const std::string secret = profiles.Value(name, "aws_secret_access_key");
  if (id.empty() && secret.empty()) return std::optional<Credentials>();
  return Some(MakeCredentials(id, secret, profiles.Value(name, "aws_session_token"),
                              fmt::format("profile `{}`", name)));
}

// In the order of AWS's own tools: a role before single sign-on before keys.
Found Chain::FromProfile(const Profiles& profiles, const std::string& name, int depth) {
  if (depth > limits::kProfileChainMax) {
    return MakeError(ErrorCode::kBadRequest, "AWS profiles name each other in a circle",
                     "look at source_profile in ~/.aws/config");
  }
  if (!profiles.Value(name, "role_arn").empty()) return FromRole(profiles, name, depth);
  if (!profiles.Value(name, "sso_session").empty() ||
      !profiles.Value(name, "sso_start_url").empty())
    return Some(SsoCredentials(profiles, name, surroundings_, fetcher_, clock_));
  STRONGROOM_ASSIGN(auto keys, KeysOf(profiles, name));
  if (!keys && !profiles.Value(name, "credential_process").empty()) {
    return MakeError(ErrorCode::kNotSupported,
                     fmt::format("the AWS profile `{}` asks for a program to be run", name),
                     "put what credential_process prints into the environment");
  }
  return keys;
}

Found Chain::FromRole(const Profiles& profiles, const std::string& name, int depth) {
  if (!profiles.Value(name, "mfa_serial").empty()) {
    return MakeError(ErrorCode::kNotSupported,
                     fmt::format("the role of AWS profile `{}` wants a second factor", name),
                     "put credentials of the role into the environment");
  }
  RoleRequest role;
  role.role_arn = profiles.Value(name, "role_arn");
  role.session_name = profiles.Value(name, "role_session_name");
  role.external_id = profiles.Value(name, "external_id");
  role.duration_seconds = profiles.Value(name, "duration_seconds");
  role.region = Region(name);
  role.source = fmt::format("profile `{}`", name);
  const std::string file = profiles.Value(name, "web_identity_token_file");
  if (!file.empty()) return Some(AssumeRoleWithFile(role, file, surroundings_, fetcher_, clock_));
  STRONGROOM_ASSIGN(const Credentials with, SourceOf(profiles, name, depth));
  return Some(AssumeRole(role, with, surroundings_, fetcher_, clock_));
}

base::Result<Credentials> Chain::SourceOf(const Profiles& profiles, const std::string& name,
                                          int depth) {
  const std::string profile = profiles.Value(name, "source_profile");
  const std::string source = profiles.Value(name, "credential_source");
  const auto found = [&]() -> Found {
    // A profile that names itself takes its role with its own keys.
    if (!profile.empty())
      return profile == name ? KeysOf(profiles, name) : FromProfile(profiles, profile, depth + 1);
    if (source == "Environment") return FromEnvironment();
    if (source == "EcsContainer") return ContainerCredentials(surroundings_, fetcher_);
    if (source == "Ec2InstanceMetadata") return InstanceCredentials(surroundings_);
    return std::optional<Credentials>();
  };
  STRONGROOM_ASSIGN(auto credentials, found());
  if (credentials) return *std::move(credentials);
  return MakeError(
      ErrorCode::kNotFound,
      fmt::format("there are no credentials to take the role of profile `{}` with", name),
      "look at its source_profile or credential_source");
}

Found Chain::FromWebIdentity() {
  const auto file = surroundings_.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  const auto arn = surroundings_.variable("AWS_ROLE_ARN");
  if (!file || !arn) return std::optional<Credentials>();
  RoleRequest role;
  role.role_arn = *arn;
  role.session_name = surroundings_.variable("AWS_ROLE_SESSION_NAME").value_or("");
  role.region = Region({});
  role.source = "the web identity";
  return Some(AssumeRoleWithFile(role, *file, surroundings_, fetcher_, clock_));
}

std::string Chain::Region(const std::string& profile) const {
  if (!options_.region.empty()) return options_.region;
  auto region = FindRegion(profile, surroundings_);
  return region.ok() ? *std::move(region) : kRegionOfRoles;
}

}  // namespace

Credentials Credentials::Clone() const {
  return {
      {keys.access_key_id, keys.secret_access_key.Clone(), keys.session_token}, expires, source};
}

std::unique_ptr<CredentialSource> FindCredentials(ChainOptions options, Surroundings surroundings,
                                                  net::HttpFetcher& fetcher,
                                                  const base::Clock& clock) {
  return std::make_unique<Chain>(std::move(options), std::move(surroundings), fetcher, clock);
}

base::Result<std::string> FindRegion(const std::string& profile, const Surroundings& surroundings) {
  const auto look = [&]() -> base::Result<std::string> {
    for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
      if (auto region = surroundings.variable(name)) return *std::move(region);
    STRONGROOM_ASSIGN(const Profiles profiles, ReadProfiles(surroundings));
    const std::string of_profile = profiles.Value(ProfileName(profile, surroundings), "region");
    return of_profile.empty() ? InstanceRegion(surroundings) : of_profile;
  };
  STRONGROOM_ASSIGN(std::string region, look());
  if (region.empty()) {
    return MakeError(ErrorCode::kNotFound, "no region of AWS is chosen",
                     "set AWS_REGION, or `region` in the profile");
  }
  if (!IsRegion(region)) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no region of AWS", region),
                     "write it as eu-west-1");
  }
  return region;
}

}  // namespace strongroom::aws
