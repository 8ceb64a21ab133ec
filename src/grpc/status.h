// How a call ended: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/message.h"

namespace strongroom::grpc {

enum class Code {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// "PERMISSION_DENIED"
std::string_view CodeName(Code code);

struct Status {
  Code code = Code::kOk;
  std::string message;
  // A serialized google.rpc.Status with the same code and message; empty: there are no details.
  std::string details;

  bool ok() const { return code == Code::kOk; }
};

// Not in RFC 3986's sense: only printable ASCII but `%` stays as it is (gRPC over HTTP/2).
std::string PercentEncode(std::string_view text);

// `grpc-status`, `grpc-message`, `grpc-status-details-bin`. What is too long is cut, details are
// left out.
std::vector<net::Header> TrailersOf(const Status& status);

}  // namespace strongroom::grpc
