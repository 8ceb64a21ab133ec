#include "server/request.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "authn/credentials.h"
#include "base/encoding.h"

namespace strongroom::server {
namespace {

using base::ErrorCode;
using base::MakeError;

// What is parsed on a loop's thread; larger bodies are parsed on a worker's.
constexpr std::size_t kQuickBodyBytesMax = 16 * 1024;
constexpr std::string_view kGraphqlPath = "/financial/v1/graphql";
constexpr std::string_view kSchemaPath = "/financial/v1/schema.graphql";

graphql::HttpMethod MethodOf(const net::Request& request) {
  if (request.method() == "GET") return graphql::HttpMethod::kGet;
  if (request.method() == "POST") return graphql::HttpMethod::kPost;
  return graphql::HttpMethod::kOther;
}

// Nothing secret, so that many of them can be drawn at once.
std::string NewRequestId(base::Random& random) {
  constexpr std::size_t kIdBytes = 12;
  thread_local std::array<std::uint8_t, 64 * kIdBytes> drawn;
  thread_local std::size_t used = drawn.size();
  if (used == drawn.size()) {
    random.Fill(drawn);
    used = 0;
  }
  used += kIdBytes;
  return base::EncodeBase64Url(base::AsChars(drawn).substr(used - kIdBytes, kIdBytes));
}

base::Error AccessDenied() {
  return MakeError(ErrorCode::kAccessDenied, "access denied",
                   "send a valid token of a registered issuer as `Authorization: Bearer <token>`");
}

}  // namespace

struct RequestPath::Exchange {
  net::Request request;
  net::Responder responder;
  std::chrono::steady_clock::time_point start;
  std::shared_ptr<const authn::VerifiedClaims> claims;
  AuditRecord audit;
};

// ---- The way.

void RequestPath::Handle(net::Request request, net::Responder responder) {
  auto exchange = std::make_shared<Exchange>(
      Exchange{std::move(request), std::move(responder), parts_.clock.Steady(), nullptr, {}});
  exchange->audit.request_id = NewRequestId(parts_.random);
  exchange->audit.source = exchange->request.peer().address;
  if (!parts_.audit.Healthy()) {
    return Problem(exchange, 503, MakeError(ErrorCode::kUnavailable, "the audit log fails"));
  }
  // The only paths that ask for no token: a closed list, compared byte for byte.
  if (parts_.iam != nullptr && parts_.iam->Serves(exchange->request)) return Open(exchange);
  Authenticate(exchange);
}

// Where tokens come from, and the keys that verify them (SPEC 5).
void RequestPath::Open(const ExchangePtr& exchange) {
  exchange->audit.operation = exchange->request.path();
  parts_.iam->Handle(exchange->request, [this, exchange](authn::iam::Reply reply) {
    exchange->audit.principal = std::move(reply.principal);
    exchange->audit.jwt_id = std::move(reply.jwt_id);
    exchange->audit.refusal = reply.refusal;
    exchange->audit.aws = std::move(reply.audit);
    if (reply.error) {
      exchange->audit.codes = {reply.error->code};
      reply.response.body = api::ErrorBody(*reply.error);
    }
    Send(exchange, std::move(reply.response));
  });
}

// One gate before any routing (security 4.66).
void RequestPath::Authenticate(const ExchangePtr& exchange) {
  const auto token = authn::BearerToken(exchange->request);
  if (const auto* refusal = std::get_if<authn::Refusal>(&token)) {
    return RefuseToken(exchange, *refusal, {});
  }
  parts_.verifier.Verify(std::get<std::string_view>(token), exchange->audit.source,
                         [this, exchange](authn::Verification verification) {
                           Authenticated(exchange, std::move(verification));
                         });
}

void RequestPath::Authenticated(const ExchangePtr& exchange, authn::Verification verification) {
  exchange->audit.issuer = verification.issuer;
  exchange->audit.key_id = verification.key_id;
  if (!verification.ok()) {
    return RefuseToken(exchange, verification.refusal, verification.retry_after);
  }
  exchange->claims = std::move(verification.claims);
  exchange->audit.issuer = exchange->claims->issuer();
  exchange->audit.principal = exchange->claims->principal();
  exchange->audit.jwt_id = exchange->claims->jwt_id();
  Route(exchange);
}

void RequestPath::Route(const ExchangePtr& exchange) {
  const authn::AccountId account = authn::AddressedAccount(exchange->request);
  if (!account.present) {
    return Problem(exchange, 400,
                   MakeError(ErrorCode::kBadRequest, "one x-twisp-account-id header is required",
                             "send the tenant's accountId in it"));
  }
  exchange->audit.account_id = account.value;
  const std::string_view path = exchange->request.path();
  if (path == kGraphqlPath) {
    if (exchange->request.body().size() <= kQuickBodyBytesMax)
      return Graphql(exchange, Thread::kMustNotBlock);
    return OnWorker(exchange, [this, exchange] { Graphql(exchange, Thread::kMayBlock); });
  }
  if (path == kSchemaPath && exchange->request.method() == "GET")
    return OnWorker(exchange, [this, exchange] { Schema(exchange); });
  Problem(exchange, 404,
          MakeError(ErrorCode::kNotFound, "nothing is served here",
                    "send GraphQL to /financial/v1/graphql"));
}

void RequestPath::OnWorker(const ExchangePtr& exchange, std::function<void()> task) {
  if (parts_.workers.Submit(std::move(task))) return;
  base::Error busy = MakeError(ErrorCode::kUnavailable, "the server is busy", "try again later");
  busy.retriable = true;
  Problem(exchange, 503, busy);
}

void RequestPath::Graphql(const ExchangePtr& exchange, Thread thread) {
  const net::Request& request = exchange->request;
  graphql::HttpInput input;
  input.method = MethodOf(request);
  input.content_type = request.Find("content-type").value_or("");
  input.accept = request.Find("accept").value_or("");
  input.query_string = request.query();
  input.body = request.body();
  auto read = graphql::ReadHttpRequest(input);
  if (const auto* problem = std::get_if<graphql::HttpProblem>(&read)) {
    api::OperationAnswer answer;
    answer.status = problem->status;
    answer.allow = problem->allow;
    answer.media_type = problem->media_type;
    answer.codes = {problem->error.code};
    answer.body = graphql::RefusalText({problem->error}, false);
    return Answer(exchange, std::move(answer));
  }
  api::OperationRequest operation;
  operation.claims = exchange->claims;
  operation.account_id = exchange->audit.account_id;
  operation.email = VerifiedEmail(*exchange->claims);
  operation.graphql = std::get<graphql::HttpGraphqlRequest>(std::move(read));
  const api::GraphqlApi::Done done = [this, exchange](api::OperationAnswer answer) {
    Answer(exchange, std::move(answer));
  };
  if (thread == Thread::kMayBlock) return parts_.graphql.Run(std::move(operation), done);
  // Most reads are answered here and now (docs/decisions/0002).
  if (parts_.graphql.TryRun(operation, done)) return;
  auto later = std::make_shared<api::OperationRequest>(std::move(operation));
  OnWorker(exchange, [this, later, done] { parts_.graphql.Run(std::move(*later), done); });
}

void RequestPath::Schema(const ExchangePtr& exchange) {
  if (auto refused = parts_.graphql.Refuse(*exchange->claims, exchange->audit.account_id,
                                           VerifiedEmail(*exchange->claims))) {
    return Answer(exchange, std::move(*refused));
  }
  net::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = parts_.graphql.sdl();
  Send(exchange, std::move(response));
}

// ---- Answers.

// The caller learns nothing of the reason; the audit log does (security 1.29).
void RequestPath::RefuseToken(const ExchangePtr& exchange, authn::Refusal refusal,
                              std::chrono::seconds retry_after) {
  exchange->audit.refusal = authn::RefusalName(refusal);
  net::Response response;
  base::Error error = AccessDenied();
  switch (authn::AnswerFor(refusal)) {
    case authn::Answer::kInvalid:
      response.status = 401;
      response.headers.push_back({"www-authenticate", "Bearer error=\"invalid_token\""});
      break;
    case authn::Answer::kBadRequest: response.status = 400; break;
    case authn::Answer::kUnavailable:
      response.status = 503;
      error =
          MakeError(ErrorCode::kUnavailable, "the token can't be verified now", "try again later");
      error.retriable = true;
      break;
    case authn::Answer::kRateLimited: response.status = 429; break;
  }
  if (response.status == 503 || response.status == 429) {
    const auto seconds = std::max<std::int64_t>(1, retry_after.count());
    response.headers.push_back({"retry-after", std::to_string(seconds)});
  }
  exchange->audit.codes = {error.code};
  response.body = api::ErrorBody(error);
  Send(exchange, std::move(response));
}

void RequestPath::Answer(const ExchangePtr& exchange, api::OperationAnswer answer) {
  exchange->audit.client = std::move(answer.client);
  exchange->audit.operation = std::move(answer.operation);
  exchange->audit.codes = std::move(answer.codes);
  net::Response response;
  response.status = answer.status;
  response.content_type = graphql::ContentTypeOf(answer.media_type).data();
  response.body = std::move(answer.body);
  if (!answer.allow.empty()) response.headers.push_back({"allow", std::string(answer.allow)});
  if (answer.retry_later) response.headers.push_back({"retry-after", "1"});
  Send(exchange, std::move(response));
}

void RequestPath::Problem(const ExchangePtr& exchange, int status, const base::Error& error) {
  exchange->audit.codes = {error.code};
  net::Response response;
  response.status = status;
  response.body = api::ErrorBody(error);
  if (status == 503) response.headers.push_back({"retry-after", "1"});
  Send(exchange, std::move(response));
}

void RequestPath::Send(const ExchangePtr& exchange, net::Response response) {
  AuditRecord& audit = exchange->audit;
  audit.status = response.status;
  audit.duration = std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.Steady() -
                                                                         exchange->start);
  response.headers.push_back({"x-request-id", audit.request_id});
  const auto is_caching = [](const net::Header& header) { return header.name == "cache-control"; };
  if (std::ranges::none_of(response.headers, is_caching))
    response.headers.push_back({"cache-control", "no-store"});
  parts_.audit.Write(audit);
  parts_.metrics.Count(audit.status, audit.duration);
  exchange->responder.Send(std::move(response));
}

// Groups belong to users that the console's issuer vouches for (SPEC 3.4).
std::string RequestPath::VerifiedEmail(const authn::VerifiedClaims& claims) const {
  if (parts_.console_issuer.empty() || claims.issuer() != parts_.console_issuer) return {};
  const auto* verified = claims.claims()->if_contains("email_verified");
  const auto* email = claims.claims()->if_contains("email");
  if (verified == nullptr || !verified->is_bool() || !verified->get_bool()) return {};
  return email != nullptr && email->is_string() ? std::string(email->get_string()) : std::string();
}

}  // namespace strongroom::server
