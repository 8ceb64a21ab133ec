// Generated messages and their bytes.
#pragma once

#include <google/protobuf/message_lite.h>

#include <string>
#include <string_view>

#include "grpc/status.h"

namespace strongroom::grpc {

inline bool Parse(std::string_view bytes, google::protobuf::MessageLite& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

inline Status Unparsable() { return {Code::kInvalidArgument, "the message can't be parsed", {}}; }

}  // namespace strongroom::grpc
