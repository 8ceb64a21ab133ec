#include "aws/metadata_sources.h"

#include <algorithm>

#include "aws/answers.h"
#include "aws/endpoint.h"
#include "aws/limits.h"

namespace strongroom::aws {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr const char* kContainerHost = "http://169.254.170.2";
constexpr const char* kInstanceHost = "http://169.254.169.254";
constexpr const char* kInstanceHostV6 = "http://[fd00:ec2::254]";
constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.pop_back();
  return text;
}

base::Result<std::string> ContainerToken(const Surroundings& surroundings) {
  const auto path = surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!path) return surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  // EKS replaces the file, so it is read each time.
  STRONGROOM_ASSIGN(const auto text, ReadIfThere(*path, limits::kTokenFileBytesMax));
  if (!text) {
    return MakeError(ErrorCode::kBadRequest, "there is no file `" + *path + "`",
                     "change the variable AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  }
  return Trimmed(*text);
}

std::string InstanceUrl(const Surroundings& surroundings) {
  std::string url = surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("");
  const std::string mode =
      surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("");
  if (url.empty()) url = mode == "IPv6" || mode == "ipv6" ? kInstanceHostV6 : kInstanceHost;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

// A session of IMDSv2; nothing when there is no such service.
base::Result<std::optional<net::Header>> InstanceSession(const Surroundings& surroundings) {
  const std::string disabled = surroundings.variable("AWS_EC2_METADATA_DISABLED").value_or("");
  if (disabled == "true" || disabled == "TRUE" || disabled == "True")
    return std::optional<net::Header>();
  const auto answer =
      surroundings.ask_metadata({InstanceUrl(surroundings) + "/latest/api/token",
                                 "PUT",
                                 {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}});
  if (!answer.ok()) {
    if (answer.error().code == ErrorCode::kUnavailable) return std::optional<net::Header>();
    return answer.error();
  }
  if (answer->status != 200) return std::optional<net::Header>();
  return std::optional<net::Header>({"x-aws-ec2-metadata-token", Trimmed(answer->body)});
}

bool IsRoleName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@-_").find(c) != std::string_view::npos;
  });
}

}  // namespace

base::Result<std::optional<Credentials>> ContainerCredentials(const Surroundings& surroundings,
                                                              net::HttpFetcher& fetcher) {
  const auto relative = surroundings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = surroundings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::optional<Credentials>();
  MetadataRequest request;
  request.url = relative ? kContainerHost + *relative : *full;
  if (relative && !relative->starts_with('/')) {
    return MakeError(ErrorCode::kBadRequest, "the relative URI of the container has no slash",
                     "change the variable AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  }
  STRONGROOM_ASSIGN(const std::string token, ContainerToken(surroundings));
  request.headers.push_back({"accept", "application/json"});
  if (!token.empty()) request.headers.push_back({"authorization", token});
  const auto ask = [&]() -> base::Result<net::FetchResponse> {
    if (!request.url.starts_with("https://")) return surroundings.ask_metadata(request);
    STRONGROOM_ASSIGN(net::FetchRequest over_tls, RequestTo("sts", "us-east-1", surroundings));
    over_tls.url = request.url;
    over_tls.headers = request.headers;
    return FetchAndWait(fetcher, std::move(over_tls));
  };
  STRONGROOM_ASSIGN(const net::FetchResponse answer, ask());
  STRONGROOM_ASSIGN(Credentials made, ReadMetadataCredentials(answer, "the container's role"));
  return std::optional<Credentials>(std::move(made));
}

base::Result<std::optional<Credentials>> InstanceCredentials(const Surroundings& surroundings) {
  STRONGROOM_ASSIGN(const auto session, InstanceSession(surroundings));
  if (!session) return std::optional<Credentials>();
  const std::string url = InstanceUrl(surroundings) + kRolePath;
  STRONGROOM_ASSIGN(const auto roles, surroundings.ask_metadata({url, "GET", {*session}}));
  if (roles.status == 404) return std::optional<Credentials>();  // an instance without a role
  const std::string role = Trimmed(roles.body.substr(0, roles.body.find('\n')));
  if (roles.status != 200 || !IsRoleName(role)) {
    return MakeError(ErrorCode::kDependencyError,
                     "the metadata service of AWS does not say which role the instance has");
  }
  STRONGROOM_ASSIGN(const auto answer, surroundings.ask_metadata({url + role, "GET", {*session}}));
  STRONGROOM_ASSIGN(Credentials made, ReadMetadataCredentials(answer, "the instance's role"));
  return std::optional<Credentials>(std::move(made));
}

std::string InstanceRegion(const Surroundings& surroundings) {
  const auto session = InstanceSession(surroundings);
  if (!session.ok() || !*session) return {};
  const auto answer = surroundings.ask_metadata(
      {InstanceUrl(surroundings) + "/latest/meta-data/placement/region", "GET", {**session}});
  return answer.ok() && answer->status == 200 ? Trimmed(answer->body) : std::string();
}

}  // namespace strongroom::aws
