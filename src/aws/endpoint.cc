#include "aws/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "aws/limits.h"

namespace strongroom::aws {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kRegionBytesMax = 32;
constexpr std::size_t kCaBytesMax = std::size_t{1} << 20;

std::optional<std::string> ConfiguredUrl(std::string_view service,
                                         const Surroundings& surroundings) {
  std::string name = "AWS_ENDPOINT_URL_";
  for (const char c : service)
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : (c == '-' ? '_' : c);
  if (auto url = surroundings.variable(name.c_str())) return url;
  return surroundings.variable("AWS_ENDPOINT_URL");
}

}  // namespace

bool IsRegion(std::string_view text) {
  return !text.empty() && text.size() <= kRegionBytesMax && text.front() != '-' &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::string DefaultUrl(std::string_view service, std::string_view region) {
  return fmt::format("https://{}.{}.amazonaws.com{}", service, region,
                     region.starts_with("cn-") ? ".cn" : "");
}

base::Result<net::FetchRequest> RequestTo(std::string_view service, std::string_view region,
                                          const Surroundings& surroundings) {
  if (!IsRegion(region)) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no region of AWS", region),
                     "write it as eu-west-1");
  }
  net::FetchRequest request;
  request.url = ConfiguredUrl(service, surroundings).value_or(DefaultUrl(service, region));
  while (request.url.ends_with('/')) request.url.pop_back();
  if (!request.url.starts_with("https://")) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("the endpoint of {} is not https", service),
                     "change the variable AWS_ENDPOINT_URL");
  }
  if (const auto path = surroundings.variable("AWS_CA_BUNDLE")) {
    STRONGROOM_ASSIGN(auto pem, ReadIfThere(*path, kCaBytesMax));
    if (!pem) {
      return MakeError(ErrorCode::kBadRequest, fmt::format("there is no file `{}`", *path),
                       "change the variable AWS_CA_BUNDLE");
    }
    request.ca_pem = *std::move(pem);
  }
  request.allow_loopback = true;
  for (const char* network : {"0.0.0.0/0", "::/0"})
    request.allowed_networks.push_back(net::Cidr::Parse(network).value());
  request.response_bytes_max = limits::kAnswerBytesMax;
  request.total_timeout = limits::kServiceTimeout;
  return request;
}

base::Result<net::FetchResponse> FetchAndWait(net::HttpFetcher& fetcher,
                                              net::FetchRequest request) {
  std::promise<base::Result<net::FetchResponse>> promise;
  auto answered = promise.get_future();
  fetcher.Fetch(std::move(request), [&promise](base::Result<net::FetchResponse> answer) {
    promise.set_value(std::move(answer));
  });
  return answered.get();
}

}  // namespace strongroom::aws
