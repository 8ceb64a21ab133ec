#include "server/cli/oidc_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <thread>

#include "authn/discovery.h"
#include "aws/answers.h"
#include "base/encoding.h"
#include "base/json.h"
#include "crypto/sigv4.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::int64_t kIntervalSeconds = 5;  // rfc8628 3.2, 3.5
constexpr std::int64_t kIntervalSecondsMax = 60;
constexpr std::int64_t kDeviceSecondsMax = 1800;
constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

// What may stand in a terminal: a provider could send anything.
std::string Visible(const std::string& text) {
  std::string visible = text.substr(0, 300);
  std::replace_if(
      visible.begin(), visible.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return visible;
}

std::int64_t NumberOf(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() && value->as_int64() > 0 ? value->as_int64()
                                                                        : otherwise;
}

class Form {
 public:
  Form& Add(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    if (!text_.empty()) text_ += '&';
    text_ += fmt::format("{}={}", name, crypto::AwsPercentEncode(value));
    return *this;
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

base::Result<json::object> Discover(const OidcRequest& request, TokenClient& client) {
  if (!authn::IsIssuerUrl(request.issuer)) {
    return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no issuer", request.issuer),
                     "write it as its tokens name it in iss: https://host/path");
  }
  STRONGROOM_ASSIGN(const auto answer, client.Get(authn::DiscoveryUrl(request.issuer)));
  STRONGROOM_ASSIGN(json::object document, aws::ReadObject(answer, "the provider"));
  if (aws::TextOf(document, "issuer") != request.issuer) {
    return MakeError(
        ErrorCode::kDependencyError,
        fmt::format("the provider calls itself `{}`", Visible(aws::TextOf(document, "issuer"))),
        "write the issuer just so; a final slash counts");
  }
  return document;
}

base::Result<std::string> EndpointOf(const json::object& document, std::string_view name) {
  std::string url = aws::TextOf(document, name);
  if (url.starts_with("https://")) return url;
  return MakeError(ErrorCode::kNotSupported, fmt::format("the provider has no `{}`", name),
                   "choose a flow that it offers");
}

// How a client says who it is (rfc6749 2.3.1). Basic unless the provider knows it not.
struct ClientProof {
  std::optional<net::Header> header;
  bool in_form = false;
};
ClientProof ProofOf(const OidcRequest& request, const json::object& document) {
  if (request.client_secret.empty()) return {};
  const json::value* methods = document.if_contains("token_endpoint_auth_methods_supported");
  const auto knows = [&](std::string_view method) {
    if (methods == nullptr || !methods->is_array()) return method == "client_secret_basic";
    return std::any_of(methods->as_array().begin(), methods->as_array().end(),
                       [&](const json::value& one) { return one == json::value(method); });
  };
  if (!knows("client_secret_basic") && knows("client_secret_post")) return {std::nullopt, true};
  const std::string both = crypto::AwsPercentEncode(request.client_id) + ":" +
                           crypto::AwsPercentEncode(request.client_secret);
  return {net::Header{"authorization", "Basic " + base::EncodeBase64(both)}, false};
}

void AddClient(Form& form, const OidcRequest& request, const ClientProof& proof) {
  if (!proof.header) form.Add("client_id", request.client_id);
  if (proof.in_form) form.Add("client_secret", request.client_secret);
}

base::Result<net::FetchResponse> PostForm(TokenClient& client, const std::string& url, Form form,
                                          const ClientProof& proof) {
  return client.Post(url, {"content-type", "application/x-www-form-urlencoded"}, form.Take(),
                     proof.header);
}

// rfc6749 5.2: the code alone, for descriptions can hold anything.
std::string RefusalOf(const net::FetchResponse& answer) {
  const auto parsed = base::ParseJson(answer.body);
  if (!parsed.ok() || !parsed->is_object()) return fmt::format("status {}", answer.status);
  const std::string code = Visible(aws::TextOf(parsed->as_object(), "error"));
  return code.empty() ? fmt::format("status {}", answer.status) : code;
}

base::Error Refused(const std::string& code) {
  return MakeError(ErrorCode::kAccessDenied, fmt::format("the provider refuses: {}", code),
                   "check the client's id, its secret, its grants and the scope");
}

base::Result<KeptToken> ReadToken(const net::FetchResponse& answer, const OidcRequest& request) {
  STRONGROOM_ASSIGN(const json::object object, aws::ReadObject(answer, "the provider"));
  KeptToken token;
  token.token = aws::TextOf(object, request.id_token ? "id_token" : "access_token");
  if (token.token.empty()) {
    return MakeError(ErrorCode::kDependencyError, "the provider gave no such token",
                     "ID tokens need --scope openid and a person");
  }
  token.expires = ExpiryOf(token.token);
  if (!token.expires) {
    return MakeError(ErrorCode::kDependencyError,
                     "the provider gave a token that only itself can read",
                     "ask for another audience or resource, or take --id-token");
  }
  return token;
}

}  // namespace

base::Result<KeptToken> FetchWithSecret(const OidcRequest& request, TokenClient& client) {
  STRONGROOM_ASSIGN(const json::object document, Discover(request, client));
  STRONGROOM_ASSIGN(const std::string url, EndpointOf(document, "token_endpoint"));
  const ClientProof proof = ProofOf(request, document);
  Form form;
  form.Add("grant_type", "client_credentials").Add("scope", request.scope);
  form.Add("audience", request.audience).Add("resource", request.resource);
  AddClient(form, request, proof);
  STRONGROOM_ASSIGN(const auto answer, PostForm(client, url, std::move(form), proof));
  if (answer.status >= 400 && answer.status < 500) return Refused(RefusalOf(answer));
  return ReadToken(answer, request);
}

base::Result<KeptToken> FetchWithDevice(const OidcRequest& request, TokenClient& client,
                                        const TellPerson& tell) {
  STRONGROOM_ASSIGN(const json::object document, Discover(request, client));
  STRONGROOM_ASSIGN(const std::string token_url, EndpointOf(document, "token_endpoint"));
  STRONGROOM_ASSIGN(const std::string device_url,
                    EndpointOf(document, "device_authorization_endpoint"));
  const ClientProof proof = ProofOf(request, document);
  Form begin;
  begin.Add("scope", request.scope).Add("audience", request.audience);
  begin.Add("resource", request.resource);
  AddClient(begin, request, proof);
  STRONGROOM_ASSIGN(const auto begun, PostForm(client, device_url, std::move(begin), proof));
  if (begun.status >= 400 && begun.status < 500) return Refused(RefusalOf(begun));
  STRONGROOM_ASSIGN(const json::object device, aws::ReadObject(begun, "the provider"));
  const std::string code = aws::TextOf(device, "device_code");
  const std::string complete = aws::TextOf(device, "verification_uri_complete");
  tell(fmt::format("open {} and enter {}", Visible(aws::TextOf(device, "verification_uri")),
                   Visible(aws::TextOf(device, "user_code"))));
  if (!complete.empty()) tell("or open " + Visible(complete));

  std::int64_t interval =
      std::min(NumberOf(device, "interval", kIntervalSeconds), kIntervalSecondsMax);
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::seconds(std::min(
                         NumberOf(device, "expires_in", kDeviceSecondsMax), kDeviceSecondsMax));
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::seconds(interval));
    Form form;
    form.Add("grant_type", kDeviceGrant).Add("device_code", code);
    form.Add("resource", request.resource);
    AddClient(form, request, proof);
    const auto answer = PostForm(client, token_url, std::move(form), proof);
    if (!answer.ok() && !answer.error().retriable) return answer.error();
    if (!answer.ok() || answer->status >= 500) {
      interval = std::min(2 * interval, kIntervalSecondsMax);  // rfc8628 3.5: exponential
      continue;
    }
    if (answer->status == 200) return ReadToken(*answer, request);
    const std::string refusal = RefusalOf(*answer);
    if (refusal == "slow_down") {
      interval = std::min(interval + kIntervalSeconds, kIntervalSecondsMax);
    } else if (refusal != "authorization_pending") {
      return Refused(refusal);
    }
  }
  return Refused("expired_token");
}

}  // namespace strongroom::server::cli
