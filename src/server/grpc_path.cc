#include "server/grpc_path.h"

#include <thread>

#include "grpc/limits.h"
#include "grpc/reflection.h"
#include "services/error_status.h"
#include "services/services.h"

namespace strongroom::server {
namespace {

using grpc::CallPtr;

// What a call keeps from its door to its end.
struct Session : services::Caller {
  AuditRecord audit;
  std::chrono::steady_clock::time_point start;
};

Session& SessionOf(const CallPtr& call) {
  return static_cast<Session&>(*static_cast<services::Caller*>(call->session.get()));
}

grpc::Code CodeOf(int http_status) {
  switch (http_status) {
    case 401: return grpc::Code::kUnauthenticated;
    case 429: return grpc::Code::kResourceExhausted;
    case 503: return grpc::Code::kUnavailable;
    default: return grpc::Code::kInvalidArgument;
  }
}

void TurnAway(const CallPtr& call, const TurnedAway& away) {
  Session& session = SessionOf(call);
  session.codes = {away.error.code};
  session.http_status = away.status;
  if (away.status == 401)
    call->answer_headers.push_back({"www-authenticate", "Bearer error=\"invalid_token\""});
  if (away.retry_after.count() > 0)
    call->answer_headers.push_back({"retry-after", std::to_string(away.retry_after.count())});
  const grpc::Code code = CodeOf(away.status);
  call->Finish(services::StatusOf(away.error, session.request_id, &code));
}

// For calls that ended before anything was asked.
int HttpStatusOf(grpc::Code code) {
  switch (code) {
    case grpc::Code::kUnauthenticated: return 401;
    case grpc::Code::kUnavailable: return 503;
    case grpc::Code::kUnimplemented: return 404;
    case grpc::Code::kCancelled: return 499;
    case grpc::Code::kDeadlineExceeded: return 504;
    case grpc::Code::kResourceExhausted: return 429;
    case grpc::Code::kInternal:
    case grpc::Code::kUnknown:
    case grpc::Code::kDataLoss: return 500;
    default: return 200;
  }
}

std::vector<std::string> Names(bool reflection) {
  std::vector<std::string> names = services::ServiceNames();
  names.push_back("grpc.health.v1.Health");
  if (reflection) names.push_back("grpc.reflection.v1.ServerReflection");
  return names;
}

}  // namespace

GrpcPath::GrpcPath(Parts parts)
    : parts_(std::move(parts)),
      runner_(parts_.graphql, parts_.submit),
      health_(Names(parts_.reflection)) {
  const auto add = [this](std::vector<grpc::Method> methods) {
    for (grpc::Method& method : methods) {
      auto kept = std::make_unique<const grpc::Method>(std::move(method));
      const std::string_view path = kept->path;
      methods_.emplace(path, std::move(kept));
    }
  };
  add(services::Methods(runner_));
  add(health_.Methods());
  if (parts_.reflection) add(grpc::ReflectionMethods(Names(true)));
}

net::StreamHandler GrpcPath::handler() {
  return grpc::Serve(
      [this](std::string_view path) -> const grpc::Method* {
        const auto found = methods_.find(path);
        return found == methods_.end() ? nullptr : found->second.get();
      },
      [this](const CallPtr& call) { Enter(call); });
}

void GrpcPath::Enter(const CallPtr& call) {
  auto session = std::make_shared<Session>();
  session->audit = parts_.door.Record(call->head());
  session->request_id = session->audit.request_id;
  session->start = parts_.clock.Steady();
  call->session = std::shared_ptr<services::Caller>(session);
  call->answer_headers.push_back({"x-request-id", session->request_id});
  // Of these nothing is to be known: they are asked every few seconds, by whoever balances load.
  if (call->method() != nullptr && call->method()->open) return call->Admit();
  Watch(call);
  // The verifier may answer from another thread, so it writes into a record of its own.
  auto record = std::make_shared<AuditRecord>(session->audit);
  AuditRecord& filled = *record;
  const auto here = std::this_thread::get_id();
  parts_.door.Enter(call->head(), filled, [this, call, record, here](Outcome outcome) {
    if (std::this_thread::get_id() == here) return Judged(call, *record, std::move(outcome));
    call->Post([this, call, record, outcome = std::move(outcome)]() mutable {
      Judged(call, *record, std::move(outcome));
    });
  });
}

void GrpcPath::Judged(const CallPtr& call, const AuditRecord& record, Outcome outcome) {
  if (call->over()) return;
  Session& session = SessionOf(call);
  session.audit = record;
  if (const auto* away = std::get_if<TurnedAway>(&outcome)) return TurnAway(call, *away);
  auto& entered = std::get<Entered>(outcome);
  session.claims = std::move(entered.claims);
  session.email = parts_.door.VerifiedEmail(*session.claims);
  if (const auto away = parts_.door.Address(call->head(), session.audit)) {
    return TurnAway(call, *away);
  }
  session.account_id = session.audit.account_id;
  // A stream lasts no longer than the token that opened it.
  const auto left = session.claims->expires() + parts_.skew - parts_.clock.Now();
  if (left < grpc::limits::kStreamDeadlineMax)
    call->EndBy(std::chrono::steady_clock::now() +
                std::chrono::duration_cast<std::chrono::steady_clock::duration>(left));
  call->Admit();
}

void GrpcPath::Watch(const CallPtr& call) {
  call->on_over = [this, weak = std::weak_ptr(call->session),
                   path = std::string(call->head().path()),
                   known = call->method() != nullptr](const grpc::Status& status) {
    const auto kept = weak.lock();
    if (!kept) return;
    auto& session = static_cast<Session&>(*static_cast<services::Caller*>(kept.get()));
    AuditRecord& audit = session.audit;
    audit.client = session.client;
    audit.operation = known ? path : "unknown method";
    if (!session.operation.empty()) audit.operation += " " + session.operation;
    audit.codes = session.codes;
    audit.status = session.http_status != 0 ? session.http_status : HttpStatusOf(status.code);
    audit.grpc_status = grpc::CodeName(status.code);
    audit.duration = std::chrono::duration_cast<std::chrono::microseconds>(parts_.clock.Steady() -
                                                                           session.start);
    // Calls also end well that asked nothing of the tenant: an empty batch, reflection.
    parts_.shares.Answered(audit.account_id, session.http_status);
    parts_.audit.Write(audit);
    parts_.metrics.Count(audit.status, audit.duration);
  };
}

}  // namespace strongroom::server
