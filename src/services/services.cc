#include "services/services.h"

#include <algorithm>

#include "services/execute.h"
#include "services/prepared_method.h"

namespace strongroom::services {
namespace {

using Start = std::shared_ptr<grpc::CallHandler> (*)(const PreparedMethod&, grpc::CallPtr);

Start StartOf(MethodKind kind) {
  switch (kind) {
    case MethodKind::kUnary: return StartUnary;
    case MethodKind::kList: return StartList;
    case MethodKind::kBatch: return StartBatch;
    case MethodKind::kStream: return StartStream;
  }
  return nullptr;
}

grpc::Method MethodOf(const MethodSpec& spec, OperationRunner& runner) {
  auto prepared = std::make_shared<const PreparedMethod>(spec, runner);
  grpc::Method method;
  method.path = "/" + std::string(spec.service) + "/" + std::string(spec.name);
  method.client_streams = prepared->described.client_streaming();
  method.server_streams = prepared->described.server_streaming();
  method.start = [prepared, start = StartOf(spec.kind)](const grpc::CallPtr& call) {
    return start(*prepared, call);
  };
  return method;
}

}  // namespace

std::vector<grpc::Method> Methods(OperationRunner& runner) {
  std::vector<grpc::Method> methods{ExecuteMethod(runner)};
  for (const MethodSpec& spec : MethodTable()) methods.push_back(MethodOf(spec, runner));
  return methods;
}

std::vector<std::string> ServiceNames() {
  std::vector<std::string> names{"strongroom.graphql.v1.GraphqlService"};
  for (const MethodSpec& spec : MethodTable()) {
    if (std::find(names.begin(), names.end(), spec.service) == names.end())
      names.emplace_back(spec.service);
  }
  return names;
}

}  // namespace strongroom::services
