// ResponseReader: reads one HTTP/1.1 response (rfc9112), strictly and within limits. It knows no
// connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/chunked_body.h"
#include "net/fetch.h"

namespace strongroom::net {

class ResponseReader {
 public:
  enum class Step { kMore, kDone, kFailed };

  // `to_head`: the answer to a HEAD request, which has no body whatever its headers say.
  ResponseReader(std::size_t body_bytes_max, bool to_head)
      : body_bytes_max_(body_bytes_max), to_head_(to_head) {}

  Step Read(std::string_view input);
  // The other side has said that it will send no more.
  Step ReadEnd();

  FetchResponse Take() { return std::move(response_); }
  // What is wrong, after kFailed: the rest of a sentence that begins with "the answer".
  const char* why() const { return why_; }

 private:
  enum class State { kHead, kLength, kChunks, kUntilEnd, kDone };

  Step Fail(const char* why);
  Step ReadHead(std::string_view& input);
  bool ParseHead(std::string_view head);
  bool JudgeFraming();
  bool Append(std::string_view bytes);
  Step ReadChunks(std::string_view input);

  const std::size_t body_bytes_max_;
  const bool to_head_;
  State state_ = State::kHead;
  std::string head_;
  std::size_t searched_ = 0;
  int interim_ = 0;  // 1xx answers so far
  std::uint64_t left_ = 0;
  ChunkedBody chunks_;
  FetchResponse response_;
  const char* why_ = "";
};

}  // namespace strongroom::net
