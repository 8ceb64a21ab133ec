// The errors of the ledger as statuses of gRPC, with the standard details of google.rpc.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "base/error.h"
#include "grpc/status.h"

namespace strongroom::services {

// INVALID_ARGUMENT for what the caller should change, and so on: docs/reference/grpc.md.
grpc::Code CodeOf(base::ErrorCode code);

// An error of a GraphQL answer (`{"message","path","extensions"}`): ErrorInfo with the code as its
// reason and the further extensions as metadata; BadRequest when an argument is at fault; RetryInfo
// when the same call may succeed later; RequestInfo. `code` overrides CodeOf; `path_skip` leading
// parts of the path name the document that we wrote, and are left out.
grpc::Status StatusOf(const boost::json::object& error, std::string_view request_id,
                      const grpc::Code* code = nullptr, std::size_t path_skip = 1);
// The same for an error that never was in an answer.
grpc::Status StatusOf(const base::Error& error, std::string_view request_id,
                      const grpc::Code* code = nullptr);
// The first error of an answer that was refused: `status` is what HTTP would say (401, 403, 503).
grpc::Status StatusOfRefusal(int http_status, std::string_view body, std::string_view request_id);

}  // namespace strongroom::services
