// AnswerSink: where a Responder's answer goes.
#pragma once

#include <cstdint>

#include "net/message.h"

namespace strongroom::net {

class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  // From any thread, once per request.
  virtual void Deliver(std::uint64_t connection, std::int32_t stream, Response response) = 0;
  // The request will never be answered.
  virtual void Drop(std::uint64_t connection, std::int32_t stream) = 0;
};

}  // namespace strongroom::net
