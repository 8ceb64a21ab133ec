#include "aws/role.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "aws/answers.h"
#include "aws/endpoint.h"
#include "aws/limits.h"
#include "base/encoding.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "net/fetch_url.h"

namespace strongroom::aws {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr const char* kForm = "application/x-www-form-urlencoded; charset=utf-8";

// A member that is an object; null otherwise.
const json::object* Inner(const json::object* object, std::string_view name) {
  const json::value* value = object == nullptr ? nullptr : object->if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

std::string FormOf(const RoleRequest& role, std::string_view action, const base::Clock& clock) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(clock.Now()).time_since_epoch().count();
  std::string form = fmt::format("Action={}&Version=2011-06-15", action);
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) form += fmt::format("&{}={}", name, crypto::AwsPercentEncode(value));
  };
  add("RoleArn", role.role_arn);
  add("RoleSessionName",
      role.session_name.empty() ? fmt::format("strongroom-{}", seconds) : role.session_name);
  add("ExternalId", role.external_id);
  add("DurationSeconds", role.duration_seconds);
  return form;
}

// `Expiration` is a number of seconds in STS's JSON.
base::Result<Credentials> ReadRole(const net::FetchResponse& answer, const std::string& action,
                                   const std::string& source) {
  auto object = ReadObject(answer, "AWS STS");
  if (!object.ok()) {
    object.error().hint = fmt::format("look at the trust policy of the role of {}", source);
    return object.error();
  }
  const json::object* found =
      Inner(Inner(Inner(&*object, action + "Response"), action + "Result"), "Credentials");
  const json::value* expires = found == nullptr ? nullptr : found->if_contains("Expiration");
  if (expires == nullptr || !expires->is_number())
    return MakeError(ErrorCode::kDependencyError, "AWS STS sent a malformed answer");
  STRONGROOM_ASSIGN(Credentials made, MakeCredentials(TextOf(*found, "AccessKeyId"),
                                                      TextOf(*found, "SecretAccessKey"),
                                                      TextOf(*found, "SessionToken"), source));
  const double seconds = expires->to_number<double>();
  if (!(seconds > 0 && seconds < 1e10))
    return MakeError(ErrorCode::kDependencyError, "AWS STS sent a malformed answer");
  made.expires = base::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
  return made;
}

base::Result<net::FetchRequest> StsRequest(const RoleRequest& role, std::string form,
                                           const Surroundings& surroundings) {
  STRONGROOM_ASSIGN(net::FetchRequest request, RequestTo("sts", role.region, surroundings));
  request.url += "/";
  request.method = "POST";
  request.headers = {{"content-type", kForm}, {"accept", "application/json"}};
  request.body = std::move(form);
  return request;
}

struct SsoProfile {
  std::string cache_key, region, account, role;
};

base::Result<SsoProfile> SsoProfileOf(const Profiles& profiles, const std::string& profile) {
  SsoProfile sso;
  const std::string session = profiles.Value(profile, "sso_session");
  sso.cache_key = session.empty() ? profiles.Value(profile, "sso_start_url") : session;
  sso.region = profiles.Value(profile, "sso_region");
  if (const auto found = profiles.sso_sessions.find(session);
      !session.empty() && found != profiles.sso_sessions.end()) {
    if (const auto region = found->second.find("sso_region"); region != found->second.end())
      sso.region = region->second;
  }
  sso.account = profiles.Value(profile, "sso_account_id");
  sso.role = profiles.Value(profile, "sso_role_name");
  if (sso.region.empty() || sso.account.empty() || sso.role.empty()) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("the profile `{}` has no sso_region, sso_account_id or "
                                 "sso_role_name",
                                 profile),
                     "run `aws configure sso`");
  }
  return sso;
}

base::Result<std::string> SsoToken(const SsoProfile& sso, const std::string& profile,
                                   const Surroundings& surroundings, const base::Clock& clock) {
  const auto missing = [&] {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("the single sign-on of profile `{}` has ended", profile),
                     fmt::format("run `aws sso login --profile {}`", profile));
  };
  const std::string name = base::EncodeHex(base::AsChars(crypto::Sha1(sso.cache_key)));
  const std::string path = HomePath(surroundings, "sso/cache/" + name + ".json");
  STRONGROOM_ASSIGN(const auto text, ReadIfThere(path, limits::kTokenFileBytesMax));
  if (!text) return missing();
  const auto parsed = base::ParseJson(*text, {8, limits::kTokenFileBytesMax});
  const json::object* cached = parsed.ok() ? parsed->if_object() : nullptr;
  if (cached == nullptr) return missing();
  const auto expires = ParseTime(TextOf(*cached, "expiresAt"));
  std::string token = TextOf(*cached, "accessToken");
  if (token.empty() || !expires || *expires <= clock.Now()) return missing();
  return token;
}

}  // namespace

base::Result<Credentials> AssumeRole(const RoleRequest& role, const Credentials& with,
                                     const Surroundings& surroundings, net::HttpFetcher& fetcher,
                                     const base::Clock& clock) {
  STRONGROOM_ASSIGN(net::FetchRequest request,
                    StsRequest(role, FormOf(role, "AssumeRole", clock), surroundings));
  STRONGROOM_ASSIGN(const auto url, net::FetchUrl::Parse(request.url));
  crypto::SigV4Request signed_part;
  signed_part.method = "POST";
  signed_part.headers = {{"host", url.authority}, {"content-type", kForm}};
  signed_part.body = request.body;
  crypto::SigV4Options options;
  options.region = role.region;
  options.service = "sts";
  options.time = clock.Now();
  for (auto& field : crypto::SignHeaders(signed_part, with.keys, options).headers)
    request.headers.push_back({std::move(field.name), std::move(field.value)});
  STRONGROOM_ASSIGN(const auto answer, FetchAndWait(fetcher, std::move(request)));
  return ReadRole(answer, "AssumeRole", role.source);
}

base::Result<Credentials> AssumeRoleWithFile(const RoleRequest& role, const std::string& path,
                                             const Surroundings& surroundings,
                                             net::HttpFetcher& fetcher, const base::Clock& clock) {
  STRONGROOM_ASSIGN(auto token, ReadIfThere(path, limits::kTokenFileBytesMax));
  if (!token) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("there is no file `{}`", path),
                     "it should hold the token of a web identity");
  }
  while (token->ends_with('\n') || token->ends_with('\r')) token->pop_back();
  std::string form = FormOf(role, "AssumeRoleWithWebIdentity", clock);
  form += "&WebIdentityToken=" + crypto::AwsPercentEncode(*token);
  STRONGROOM_ASSIGN(net::FetchRequest request, StsRequest(role, std::move(form), surroundings));
  STRONGROOM_ASSIGN(const auto answer, FetchAndWait(fetcher, std::move(request)));
  return ReadRole(answer, "AssumeRoleWithWebIdentity", role.source);
}

base::Result<Credentials> SsoCredentials(const Profiles& profiles, const std::string& profile,
                                         const Surroundings& surroundings,
                                         net::HttpFetcher& fetcher, const base::Clock& clock) {
  STRONGROOM_ASSIGN(const SsoProfile sso, SsoProfileOf(profiles, profile));
  STRONGROOM_ASSIGN(const std::string token, SsoToken(sso, profile, surroundings, clock));
  STRONGROOM_ASSIGN(net::FetchRequest request, RequestTo("sso", sso.region, surroundings));
  // The portal's host is not named like the service.
  if (request.url == DefaultUrl("sso", sso.region))
    request.url = DefaultUrl("portal.sso", sso.region);
  request.url +=
      fmt::format("/federation/credentials?role_name={}&account_id={}",
                  crypto::AwsPercentEncode(sso.role), crypto::AwsPercentEncode(sso.account));
  request.headers = {{"accept", "application/json"}, {"x-amz-sso_bearer_token", token}};
  STRONGROOM_ASSIGN(const auto answer, FetchAndWait(fetcher, std::move(request)));
  STRONGROOM_ASSIGN(const json::object object, ReadObject(answer, "AWS IAM Identity Center"));
  const json::object* found = Inner(&object, "roleCredentials");
  const json::value* expires = found == nullptr ? nullptr : found->if_contains("expiration");
  if (expires == nullptr || !expires->is_int64())
    return MakeError(ErrorCode::kDependencyError,
                     "AWS IAM Identity Center sent a malformed answer");
  STRONGROOM_ASSIGN(
      Credentials made,
      MakeCredentials(TextOf(*found, "accessKeyId"), TextOf(*found, "secretAccessKey"),
                      TextOf(*found, "sessionToken"),
                      fmt::format("the single sign-on of profile `{}`", profile)));
  made.expires = base::Timestamp(std::chrono::milliseconds(expires->as_int64()));
  return made;
}

}  // namespace strongroom::aws
