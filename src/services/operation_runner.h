// OperationRunner: carries the operations of calls to the api, and their answers back.
#pragma once

#include <functional>
#include <string>

#include "api/graphql_api.h"
#include "grpc/call.h"
#include "services/caller.h"

namespace strongroom::services {

class OperationRunner {
 public:
  // Takes work for a tenant to a thread that may block; false when it is too busy.
  using Submit = std::function<bool(const std::string& account_id, std::function<void()>)>;
  OperationRunner(api::GraphqlApi& api, Submit submit) : api_(api), submit_(std::move(submit)) {}

  // Answered later, on the call's thread; not at all once the call is over. The operation ends when
  // the call does. What the audit log wants to know goes to the caller.
  using Done = std::function<void(api::OperationAnswer)>;
  using Repeats = std::vector<std::shared_ptr<const boost::json::object>>;
  void Run(const grpc::CallPtr& call, graphql::HttpGraphqlRequest request, Done done,
           Repeats repeats = {});
  static Caller& CallerOf(const grpc::CallPtr& call) {
    return *static_cast<Caller*>(call->session.get());
  }

 private:
  api::GraphqlApi& api_;
  Submit submit_;
};

}  // namespace strongroom::services
