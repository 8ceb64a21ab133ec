// PreparedMethod: what every call of one method shares, and how answers become messages.
#pragma once

#include <google/protobuf/message.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "api/graphql_api.h"
#include "grpc/call.h"
#include "services/method_table.h"
#include "services/operation_runner.h"
#include "services/shape.h"

namespace strongroom::services {

struct PreparedMethod {
  PreparedMethod(const MethodSpec& spec, OperationRunner& runner);

  const MethodSpec& spec;
  OperationRunner& runner;
  const google::protobuf::MethodDescriptor& described;
  const google::protobuf::Message& request;  // prototype
  const Shape shape;                         // of the response; of kList that of its documents
  std::vector<std::string> root;
  std::string document;
  bool mutates = false;
};

// An answer of GraphQL, taken apart.
struct Taken {
  boost::json::value whole;
  const boost::json::object* data = nullptr;  // at the root; null when something there is null
  const boost::json::array* errors = nullptr;
};
// The status that the answer ends the call with, if it does: it was refused, an error rolled it
// back, or errors are all there is.
std::variant<Taken, grpc::Status> Take(const PreparedMethod& method, const grpc::CallPtr& call,
                                       const api::OperationAnswer& answer);

// Parses a message and makes variables of it, or finishes the call.
std::optional<boost::json::object> ReadVariables(const PreparedMethod& method,
                                                 const grpc::CallPtr& call,
                                                 const std::string& message,
                                                 const std::vector<std::string_view>& except = {});
grpc::Status BadVariables(const base::Error& error, std::string_view request_id);

// Appends `problems` (15): errors whose path begins with `prefix`, or all.
void AppendProblems(const boost::json::array* errors, std::string_view prefix, std::string& wire);

// The handlers.
std::shared_ptr<grpc::CallHandler> StartUnary(const PreparedMethod& method, grpc::CallPtr call);
std::shared_ptr<grpc::CallHandler> StartList(const PreparedMethod& method, grpc::CallPtr call);
std::shared_ptr<grpc::CallHandler> StartBatch(const PreparedMethod& method, grpc::CallPtr call);
std::shared_ptr<grpc::CallHandler> StartStream(const PreparedMethod& method, grpc::CallPtr call);

}  // namespace strongroom::services
