// GraphqlService/Execute: a GraphQL document over gRPC.
#pragma once

#include "grpc/call.h"
#include "services/operation_runner.h"

namespace strongroom::services {

// `runner` must outlive the calls.
grpc::Method ExecuteMethod(OperationRunner& runner);

}  // namespace strongroom::services
