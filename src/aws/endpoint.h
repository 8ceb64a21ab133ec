// Where a service of AWS is asked, and how one asks it and waits.
#pragma once

#include <string>
#include <string_view>

#include "aws/surroundings.h"
#include "base/result.h"
#include "net/fetch.h"

namespace strongroom::aws {

// Letters, digits and '-', as in `eu-west-1`: nothing that could change a host name.
bool IsRegion(std::string_view text);

// `https://<service>.<region>.amazonaws.com`, or `….amazonaws.com.cn` in China.
std::string DefaultUrl(std::string_view service, std::string_view region);

// A request to a service, without path: `url` is AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL or
// the default; AWS_CA_BUNDLE is trusted besides the system's CAs. Private addresses are allowed,
// for a VPC endpoint answers under AWS's own name from within the VPC; who it is, its certificate
// says. kBadRequest for what is configured wrongly.
base::Result<net::FetchRequest> RequestTo(std::string_view service, std::string_view region,
                                          const Surroundings& surroundings);

// Sends it and waits for the answer; not on a thread of the fetcher.
base::Result<net::FetchResponse> FetchAndWait(net::HttpFetcher& fetcher, net::FetchRequest request);

}  // namespace strongroom::aws
