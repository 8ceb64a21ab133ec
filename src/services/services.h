// All services of the ledger.
#pragma once

#include <string>
#include <vector>

#include "grpc/call.h"
#include "services/operation_runner.h"

namespace strongroom::services {

// `runner` must outlive the calls.
std::vector<grpc::Method> Methods(OperationRunner& runner);
// "strongroom.graphql.v1.GraphqlService" and so on.
std::vector<std::string> ServiceNames();

}  // namespace strongroom::services
