// The hosts of AWS STS: a closed table (security 5.1-5.4). Names are never derived from what a
// caller sent, for `sts.<anything>.amazonaws.com` may be somebody's bucket.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "authn/key_cache.h"
#include "base/result.h"

namespace strongroom::authn::iam {

struct StsEndpoint {
  std::string host;       // as a presigned URL names it: lower case, without port
  std::string region;     // of the credential scope
  std::string partition;  // "aws", "aws-cn", "aws-us-gov"
  // Where it is asked: `https://host[:port]`. By default the host itself.
  std::string url;
  IssuerAccess access;
};

// An immutable table, by host.
class StsEndpoints {
 public:
  StsEndpoints() = default;
  // AWS's own hosts of these partitions: global, regional, FIPS. kBadRequest for an unknown one.
  static base::Result<StsEndpoints> Of(const std::vector<std::string>& partitions);

  // One more host, or another way to a known one: VPC endpoints, stand-ins of tests.
  void Add(StsEndpoint endpoint);
  // `host=https://address[:port]`, of the partition and region that the table has for the host; for
  // a VPC endpoint (vpce-….sts.<region>.vpce.amazonaws.com) those of its region. kBadRequest.
  base::Status AddText(std::string_view text, IssuerAccess access);

  // Exact; null if it isn't there.
  const StsEndpoint* Find(std::string_view host) const;
  std::size_t size() const { return by_host_.size(); }

 private:
  std::map<std::string, StsEndpoint, std::less<>> by_host_;
};

}  // namespace strongroom::authn::iam
