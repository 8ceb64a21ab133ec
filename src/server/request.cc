#include "server/request.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

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

}  // namespace

struct RequestPath::Exchange {
  Exchange(net::Request received, net::Responder to, net::BodyBudget& budget)
      : request(std::move(received)), responder(std::move(to)), body(budget) {}

  net::Request request;
  net::Responder responder;
  net::BodyCharge body;
  std::chrono::steady_clock::time_point start;
  std::shared_ptr<const authn::VerifiedClaims> claims;
  AuditRecord audit;
};

// ---- The way.

void RequestPath::Handle(net::Request request, net::Responder responder) {
  auto exchange = std::make_shared<Exchange>(std::move(request), std::move(responder), bodies_);
  exchange->start = parts_.clock.Steady();
  exchange->audit = parts_.door.Record(exchange->request);
  if (!exchange->body.Set(exchange->request.body().size())) return Busy(exchange);
  // The only paths that ask for no token: a closed list, compared byte for byte.
  if (parts_.iam != nullptr && parts_.iam->Serves(exchange->request)) return Open(exchange);
  Authenticate(exchange);
}

// Where tokens come from, and the keys that verify them (SPEC 5).
void RequestPath::Open(const ExchangePtr& exchange) {
  exchange->audit.operation = exchange->request.path();
  if (exchange->request.method() == "POST") {
    if (const base::Status door = parts_.may_write(); !door.ok())
      return Problem(exchange, 503, door.error());
  }
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
  parts_.door.Enter(exchange->request, exchange->audit,
                    [this, exchange](std::variant<TurnedAway, Entered> outcome) {
                      if (const auto* away = std::get_if<TurnedAway>(&outcome)) {
                        return TurnAway(exchange, *away);
                      }
                      exchange->claims = std::get<Entered>(std::move(outcome)).claims;
                      Route(exchange);
                    });
}

void RequestPath::Route(const ExchangePtr& exchange) {
  if (const auto away = parts_.door.Address(exchange->request, exchange->audit)) {
    return TurnAway(exchange, *away);
  }
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
  const std::string share = parts_.shares.Of(exchange->audit.account_id);
  if (!parts_.workers.Submit(share, std::move(task))) Busy(exchange);
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
  operation.request_id = exchange->audit.request_id;
  operation.email = parts_.door.VerifiedEmail(*exchange->claims);
  operation.graphql = std::get<graphql::HttpGraphqlRequest>(std::move(read));
  const api::GraphqlApi::Done done = [this, exchange](api::OperationAnswer answer) {
    parts_.shares.Answered(exchange->audit.account_id, answer.status);
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
                                           parts_.door.VerifiedEmail(*exchange->claims))) {
    return Answer(exchange, std::move(*refused));
  }
  net::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = parts_.graphql.sdl();
  Send(exchange, std::move(response));
}

// ---- Answers.

// The caller learns nothing of the reason; the audit log does (security 1.29).
void RequestPath::TurnAway(const ExchangePtr& exchange, const TurnedAway& away) {
  net::Response response;
  response.status = away.status;
  if (away.status == 401)
    response.headers.push_back({"www-authenticate", "Bearer error=\"invalid_token\""});
  if (away.retry_after.count() > 0)
    response.headers.push_back({"retry-after", std::to_string(away.retry_after.count())});
  exchange->audit.codes = {away.error.code};
  response.body = api::ErrorBody(away.error);
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

void RequestPath::Busy(const ExchangePtr& exchange) {
  base::Error busy = MakeError(ErrorCode::kUnavailable, "the server is busy", "try again later");
  busy.retriable = true;
  Problem(exchange, 503, busy);
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

}  // namespace strongroom::server
