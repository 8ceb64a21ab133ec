#include "services/execute.h"

#include <strongroom/graphql/v1/graphql.pb.h>

#include <boost/json.hpp>

#include "base/json.h"
#include "grpc/message.h"
#include "services/error_status.h"

namespace strongroom::services {
namespace {

namespace json = boost::json;
using strongroom::graphql::v1::ExecuteRequest;
using strongroom::graphql::v1::ExecuteResponse;

// False when the text is no object, or has a member twice (as over HTTP).
bool ReadVariables(const std::string& text, graphql::HttpGraphqlRequest& request) {
  if (text.empty()) return true;
  auto parsed = base::ParseJson(text);
  if (!parsed.ok() || !parsed->is_object()) return false;
  request.variables = std::make_shared<const json::object>(std::move(parsed->get_object()));
  return true;
}

class Execute final : public grpc::CallHandler {
 public:
  Execute(OperationRunner& runner, grpc::CallPtr call) : runner_(runner), call_(std::move(call)) {}

  void OnMessage(std::string message) override {
    ExecuteRequest asked;
    if (!grpc::Parse(message, asked)) return call_->Finish(grpc::Unparsable());
    graphql::HttpGraphqlRequest request;
    request.query = std::move(*asked.mutable_query());
    request.operation_name = std::move(*asked.mutable_operation_name());
    if (!ReadVariables(asked.variables_json(), request)) {
      return call_->Finish(
          {grpc::Code::kInvalidArgument, "variables_json is not the text of one JSON object", {}});
    }
    runner_.Run(call_, std::move(request), [call = call_](api::OperationAnswer answer) {
      if (answer.status == 403 || answer.status == 503) {
        const std::string& id = OperationRunner::CallerOf(call).request_id;
        return call->Finish(StatusOfRefusal(answer.status, answer.body, id));
      }
      ExecuteResponse response;
      response.set_response_json(std::move(answer.body));
      call->Send(response.SerializeAsString());
      call->Finish({});
    });
  }

 private:
  OperationRunner& runner_;
  const grpc::CallPtr call_;
};

}  // namespace

grpc::Method ExecuteMethod(OperationRunner& runner) {
  return {"/strongroom.graphql.v1.GraphqlService/Execute", false, false, false,
          [&runner](const grpc::CallPtr& call) { return std::make_shared<Execute>(runner, call); }};
}

}  // namespace strongroom::services
