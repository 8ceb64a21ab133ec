// Proof: a presigned GetCallerIdentity request of AWS STS, taken apart (SPEC 5, security 5.1-5.16).
// Whoever made it holds AWS credentials; only STS can say so. Nothing here asks it.
#pragma once

#include <string>
#include <string_view>

#include "authn/iam/refusal.h"
#include "authn/iam/sts_endpoints.h"
#include "base/clock.h"

namespace strongroom::authn::iam {

// The header that a client has to sign, so that its proof is worth nothing elsewhere.
inline constexpr std::string_view kAudienceHeader = "x-twisp-aws-id";

// The parts that vary; everything else is the same in every good proof.
struct Proof {
  const StsEndpoint* endpoint = nullptr;  // in the table it was parsed with
  std::string access_key_id;
  std::string date;  // YYYYMMDDThhmmssZ
  base::Timestamp signed_at;
  std::string expires;         // 1 … 900, in digits
  std::string security_token;  // "" if the credentials are not temporary
  std::string signature;       // 64 lower-case hexadecimal digits

  // The query that STS is asked with, made from these parts: nine known names in one order and one
  // spelling, so nothing that a caller wrote is ever passed on as it was (security 5.28).
  std::string Query() const;
};

// The presigned URL in a token: of `twisp-aws-v1.` + base64url(URL), or the URL itself.
OrRefusal<std::string> UrlOfToken(std::string_view token);

// Strict: https, a host of the table, path `/`, the parameters each once and spelled as AWS spells
// them, GetCallerIdentity of 2011-06-15, AWS4-HMAC-SHA256, a scope of the host's region and the
// date's day, exactly the headers host and x-twisp-aws-id signed, and a date from 900 s before
// `now` to 300 s after it. Values are percent-encoded as SigV4 encodes them: a character other than
// letters, digits and -._~ stands as %XX. `endpoints` has to outlive the proof.
OrRefusal<Proof> ParseProof(std::string_view url, const StsEndpoints& endpoints,
                            base::Timestamp now);

}  // namespace strongroom::authn::iam
