#include "services/operation_runner.h"

#include <thread>
#include <utility>

#include "services/error_status.h"

namespace strongroom::services {
namespace {

void Take(const grpc::CallPtr& call, const OperationRunner::Done& done,
          api::OperationAnswer answer) {
  if (call->over()) return;
  Caller& caller = OperationRunner::CallerOf(call);
  caller.client = std::move(answer.client);
  caller.operation = std::move(answer.operation);
  caller.codes = answer.codes;
  caller.http_status = answer.status;
  done(std::move(answer));
}

}  // namespace

void OperationRunner::Run(const grpc::CallPtr& call, graphql::HttpGraphqlRequest request, Done done,
                          Repeats repeats) {
  const Caller& caller = CallerOf(call);
  auto operation = std::make_shared<api::OperationRequest>();
  operation->claims = caller.claims;
  operation->account_id = caller.account_id;
  operation->email = caller.email;
  operation->request_id = caller.request_id;
  operation->graphql = std::move(request);
  operation->repeats = std::move(repeats);
  operation->deadline = call->deadline();
  operation->cancelled = call->cancelled();
  api::GraphqlApi::Done answered = [call, done = std::move(done),
                                    here =
                                        std::this_thread::get_id()](api::OperationAnswer answer) {
    // Most reads are answered here and now (docs/decisions/0002).
    if (std::this_thread::get_id() == here) return Take(call, done, std::move(answer));
    auto shared = std::make_shared<api::OperationAnswer>(std::move(answer));
    call->Post([call, done, shared] { Take(call, done, std::move(*shared)); });
  };
  if (api_.TryRun(*operation, answered)) return;
  auto work = [this, operation, answered = std::move(answered)] {
    api_.Run(std::move(*operation), answered);
  };
  if (submit_(caller.account_id, std::move(work))) return;
  base::Error busy =
      base::MakeError(base::ErrorCode::kUnavailable, "the server is busy", "try again later");
  busy.retriable = true;
  CallerOf(call).codes = {busy.code};
  CallerOf(call).http_status = 503;
  call->Finish(StatusOf(busy, caller.request_id));
}

}  // namespace strongroom::services
