#include "services/services.h"

#include "services/execute.h"

namespace strongroom::services {

std::vector<grpc::Method> Methods(OperationRunner& runner) { return {ExecuteMethod(runner)}; }

std::vector<std::string> ServiceNames() { return {"strongroom.graphql.v1.GraphqlService"}; }

}  // namespace strongroom::services
