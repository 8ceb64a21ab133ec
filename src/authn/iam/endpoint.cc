#include "authn/iam/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "authn/discovery.h"
#include "base/check.h"
#include "base/json.h"
#include "base/limits.h"
#include "net/fetch_url.h"

namespace strongroom::authn::iam {
namespace {

namespace json = boost::json;
using base::ErrorCode;

constexpr std::string_view kTokenPath = "/token/iam";
constexpr std::string_view kDiscoveryPath = "/token/iam/.well-known/openid-configuration";
constexpr std::string_view kJwksPath = "/token/iam/.well-known/jwks.json";
constexpr std::string_view kPaths[] = {kTokenPath, kDiscoveryPath, kJwksPath};

// application/json in any case, with or without parameters (rfc9110 8.3.1).
bool IsJson(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(content_type, kJson, {}, lower);
}

Reply Refused(Refusal refusal) {
  const Answer answer = AnswerFor(refusal);
  Reply reply;
  reply.response.status = answer.status;
  reply.refusal = RefusalName(refusal);
  ErrorCode code = ErrorCode::kBadRequest;
  if (answer.status == 401) {
    code = ErrorCode::kAccessDenied;
    reply.response.headers.push_back({"www-authenticate", "Bearer error=\"invalid_token\""});
  } else if (answer.status == 503) {
    code = ErrorCode::kUnavailable;
    reply.response.headers.push_back({"retry-after", "1"});
  }
  reply.error = base::MakeError(code, std::string(answer.message), std::string(answer.hint));
  reply.error->retriable = answer.status == 503;
  return reply;
}

Reply WrongMethod(const char* allowed) {
  Reply reply;
  reply.response.status = 405;
  reply.response.headers.push_back({"allow", allowed});
  reply.error = base::MakeError(ErrorCode::kBadRequest, "this method is not served here",
                                fmt::format("send {}", allowed));
  return reply;
}

Reply Document(std::string body) {
  Reply reply;
  // security 3.56
  reply.response.headers.push_back({"cache-control", "max-age=300"});
  reply.response.body = std::move(body);
  return reply;
}

Reply Vended(const Issuer& issuer, const Identity& identity) {
  auto token = issuer.Vend(identity);
  Reply reply;
  if (!token.ok()) {
    reply.response.status = 503;
    reply.response.headers.push_back({"retry-after", "1"});
    reply.error = base::MakeError(ErrorCode::kUnavailable, "no token can be signed now");
    return reply;
  }
  reply.response.content_type = "text/plain; charset=utf-8";
  reply.response.body = std::move(token->jwt);
  reply.jwt_id = std::move(token->jwt_id);
  reply.principal = identity.principal;
  reply.audit = {{"aws_arn", identity.arn},
                 {"aws_account", identity.account},
                 {"aws_user_id", identity.user_id},
                 {"aws_session_name", identity.session_name},
                 {"sts_request_id", identity.sts_request_id}};
  return reply;
}

}  // namespace

std::string IssuerOf(const std::string& auth_url) {
  return auth_url + std::string(kTokenPath.substr(1));
}

base::Status CheckAuthUrl(const std::string& auth_url) {
  const auto url = net::FetchUrl::Parse(auth_url);
  // Clients sign it byte for byte, and servers of issuers compare it so.
  if (url.ok() && url->target == "/" && auth_url == "https://" + url->authority + "/" &&
      IsIssuerUrl(IssuerOf(auth_url)))
    return {};
  return base::MakeError(ErrorCode::kBadRequest, fmt::format("`{}` is no auth URL", auth_url),
                         "write it as https://host[:port]/ in lower case, with the final slash");
}

OrRefusal<std::string> TokenOfBody(std::string_view content_type, std::string_view body) {
  if (!IsJson(content_type)) return Refusal::kMediaTypeWrong;
  if (body.size() > base::limits::kIamBodyBytesMax) return Refusal::kTokenTooLarge;
  if (body.starts_with("https://")) return std::string(body);
  const auto parsed = base::ParseJson(body, {8, base::limits::kIamBodyBytesMax});
  if (!parsed.ok()) return Refusal::kBodyMalformed;
  const json::value* token = &*parsed;
  if (const json::object* object = parsed->if_object()) token = object->if_contains("Token");
  const json::string* text = token == nullptr ? nullptr : token->if_string();
  if (text == nullptr) return Refusal::kBodyMalformed;
  return std::string(text->data(), text->size());
}

Endpoint::Endpoint(Exchange& exchange, const Issuer& issuer)
    : exchange_(exchange), issuer_(issuer) {
  STRONGROOM_CHECK(DiscoveryUrl(issuer.name()).ends_with(kDiscoveryPath));
  STRONGROOM_CHECK(JwksUrl(issuer.name()).ends_with(kJwksPath));
}

bool Endpoint::Serves(const net::Request& request) const {
  return std::ranges::find(kPaths, request.target()) != std::end(kPaths);
}

void Endpoint::Handle(const net::Request& request, Done done) {
  const std::string_view path = request.target();
  if (path == kTokenPath) {
    if (request.method() != "POST") return done(WrongMethod("POST"));
    return Vend(request, std::move(done));
  }
  if (request.method() != "GET") return done(WrongMethod("GET"));
  done(Document(path == kDiscoveryPath ? issuer_.DiscoveryJson() : issuer_.JwksJson()));
}

void Endpoint::Vend(const net::Request& request, Done done) {
  const bool one_type = request.Count("content-type") == 1;
  const auto token =
      TokenOfBody(one_type ? request.Find("content-type").value_or("") : "", request.body());
  if (const Refusal* refusal = std::get_if<Refusal>(&token)) return done(Refused(*refusal));
  exchange_.Identify(std::get<std::string>(token), request.peer().address,
                     [this, done = std::move(done)](const Outcome& outcome) {
                       const Refusal* refusal = std::get_if<Refusal>(&outcome.identity);
                       Reply reply = refusal != nullptr
                                         ? Refused(*refusal)
                                         : Vended(issuer_, std::get<Identity>(outcome.identity));
                       reply.audit.emplace_back("aws_access_key_id", outcome.access_key_id);
                       reply.audit.emplace_back("sts_host", outcome.sts_host);
                       done(std::move(reply));
                     });
}

}  // namespace strongroom::authn::iam
