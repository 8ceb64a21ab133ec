// Credentials for AWS, found where AWS's own tools find them, so that an operator who has got the
// AWS command line to work has nothing to configure here. docs/howto/aws-credentials.md
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/surroundings.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/sigv4.h"

namespace strongroom::aws {

struct Credentials {
  crypto::AwsCredentials keys;  // for crypto::SignHeaders and crypto::Presign
  std::optional<base::Timestamp> expires;
  std::string source;  // for people: "the environment", "profile `x`"

  Credentials Clone() const;
};

// A seam: whoever signs requests to AWS takes one of these. Thread-safe.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // Credentials that are good now. May block, up to 20 s, when they have to be fetched; so not on a
  // loop thread. Errors: kNotFound when there are none anywhere, kBadRequest when what is
  // configured is wrong, kUnavailable and kDependencyError when a service that gives them fails.
  // No error holds a secret.
  virtual base::Result<Credentials> Get() = 0;
};

struct ChainOptions {
  // A profile that was named on purpose: nothing but it is looked at. Empty: `AWS_PROFILE`, or
  // `default`, and only if the environment has no keys.
  std::string profile;
  // Where STS is asked for roles. Empty: FindRegion().
  std::string region;
};

// The sources in the order of AWS's tools; the first that is there is the only one. One that is
// there and fails is an error: another identity is never taken in its place.
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//   2. the profile in ~/.aws/credentials and ~/.aws/config (AWS_SHARED_CREDENTIALS_FILE,
//      AWS_CONFIG_FILE): role_arn with source_profile, credential_source or
//      web_identity_token_file; sso_session and sso_start_url, with the token that
//      `aws sso login` has kept; keys
//   3. AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN
//   4. the container's: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, …_FULL_URI
//   5. the role of the EC2 instance, with version 2 of its metadata service alone
// Fetched credentials are kept, and replaced five minutes before they expire; while that fails, the
// old ones are given as long as they are good. The references must outlive the source.
std::unique_ptr<CredentialSource> FindCredentials(ChainOptions options, Surroundings surroundings,
                                                  net::HttpFetcher& fetcher,
                                                  const base::Clock& clock);

// AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`, the region of the EC2 instance. May block
// for 2 s. kNotFound if none of them says so. The name has the form of a region.
base::Result<std::string> FindRegion(const std::string& profile, const Surroundings& surroundings);

}  // namespace strongroom::aws
