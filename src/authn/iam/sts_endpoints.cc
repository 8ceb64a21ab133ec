#include "authn/iam/sts_endpoints.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "net/fetch_url.h"

namespace strongroom::authn::iam {
namespace {

using base::ErrorCode;
using base::MakeError;

// https://docs.aws.amazon.com/general/latest/gr/sts.html
constexpr std::string_view kRegionsAws[] = {
    "af-south-1",     "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
    "ca-central-1",   "ca-west-1",      "eu-central-1",   "eu-central-2",   "eu-north-1",
    "eu-south-1",     "eu-south-2",     "eu-west-1",      "eu-west-2",      "eu-west-3",
    "il-central-1",   "me-central-1",   "me-south-1",     "mx-central-1",   "sa-east-1",
    "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2"};
constexpr std::string_view kRegionsFips[] = {"us-east-1", "us-east-2", "us-west-1", "us-west-2"};
constexpr std::string_view kRegionsChina[] = {"cn-north-1", "cn-northwest-1"};
constexpr std::string_view kRegionsGovCloud[] = {"us-gov-east-1", "us-gov-west-1"};

struct Partition {
  std::string_view name;
  std::string_view suffix;
  std::span<const std::string_view> regions;
  std::span<const std::string_view> fips_regions;
};
constexpr Partition kPartitions[] = {
    {"aws", ".amazonaws.com", kRegionsAws, kRegionsFips},
    {"aws-cn", ".amazonaws.com.cn", kRegionsChina, {}},
    {"aws-us-gov", ".amazonaws.com", kRegionsGovCloud, {}},  // its regional hosts are FIPS hosts
};

// vpce-0a1b.sts.eu-west-1.vpce.amazonaws.com, or ….vpce.amazonaws.com.cn
std::string RegionOfVpcEndpoint(std::string_view host) {
  const std::size_t sts = host.find(".sts.");
  const std::size_t vpce = host.find(".vpce.amazonaws.com");
  if (!host.starts_with("vpce-") || sts == host.npos || vpce == host.npos || vpce <= sts + 5)
    return {};
  return std::string(host.substr(sts + 5, vpce - sts - 5));
}

}  // namespace

base::Result<StsEndpoints> StsEndpoints::Of(const std::vector<std::string>& partitions) {
  StsEndpoints table;
  for (const std::string& name : partitions) {
    const auto* partition = std::ranges::find(kPartitions, name, &Partition::name);
    if (partition == std::end(kPartitions)) {
      return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no partition of AWS", name),
                       "name aws, aws-cn or aws-us-gov");
    }
    const auto add = [&](std::string host, std::string_view region) {
      table.Add({std::move(host), std::string(region), name, {}, {}});
    };
    for (const std::string_view region : partition->regions)
      add(fmt::format("sts.{}{}", region, partition->suffix), region);
    for (const std::string_view region : partition->fips_regions)
      add(fmt::format("sts-fips.{}{}", region, partition->suffix), region);
    if (name == "aws") add("sts.amazonaws.com", "us-east-1");  // the global endpoint
  }
  return table;
}

void StsEndpoints::Add(StsEndpoint endpoint) {
  if (endpoint.url.empty()) endpoint.url = "https://" + endpoint.host;
  by_host_.insert_or_assign(endpoint.host, std::move(endpoint));
}

base::Status StsEndpoints::AddText(std::string_view text, IssuerAccess access) {
  const auto unusable = [&](const char* hint) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no STS endpoint", text), hint);
  };
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos) return unusable("write it as host=https://address");
  StsEndpoint endpoint;
  endpoint.host = text.substr(0, equals);
  endpoint.url = text.substr(equals + 1);
  endpoint.access = std::move(access);
  const auto url = net::FetchUrl::Parse(endpoint.url + "/");
  if (!url.ok() || url->target != "/") return unusable("its address has to be https://host[:port]");
  if (const StsEndpoint* known = Find(endpoint.host)) {
    endpoint.region = known->region;
    endpoint.partition = known->partition;
  } else {
    endpoint.region = RegionOfVpcEndpoint(endpoint.host);
    const auto same = [&](const auto& entry) { return entry.second.region == endpoint.region; };
    const auto region = std::ranges::find_if(by_host_, same);
    if (region == by_host_.end())
      return unusable("its host has to be one of STS, or a VPC endpoint of STS, in a partition");
    endpoint.partition = region->second.partition;
  }
  Add(std::move(endpoint));
  return {};
}

const StsEndpoint* StsEndpoints::Find(std::string_view host) const {
  const auto at = by_host_.find(host);
  return at == by_host_.end() ? nullptr : &at->second;
}

}  // namespace strongroom::authn::iam
