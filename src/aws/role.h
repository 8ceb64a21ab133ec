// Temporary credentials from AWS STS and from AWS IAM Identity Center (SSO).
#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/profile.h"

namespace strongroom::aws {

struct RoleRequest {
  std::string role_arn;
  std::string session_name;  // empty: made from the time
  std::string external_id;
  std::string duration_seconds;  // digits; empty: as STS has it
  std::string region;
  std::string source;  // for people
};

// AssumeRole, signed with `with`.
base::Result<Credentials> AssumeRole(const RoleRequest& role, const Credentials& with,
                                     const Surroundings& surroundings, net::HttpFetcher& fetcher,
                                     const base::Clock& clock);
// AssumeRoleWithWebIdentity with the token in a file, which is read each time.
base::Result<Credentials> AssumeRoleWithFile(const RoleRequest& role, const std::string& path,
                                             const Surroundings& surroundings,
                                             net::HttpFetcher& fetcher, const base::Clock& clock);
// The role of a profile with sso_session or sso_start_url, with the token that `aws sso login` has
// left in ~/.aws/sso/cache.
base::Result<Credentials> SsoCredentials(const Profiles& profiles, const std::string& profile,
                                         const Surroundings& surroundings,
                                         net::HttpFetcher& fetcher, const base::Clock& clock);

}  // namespace strongroom::aws
