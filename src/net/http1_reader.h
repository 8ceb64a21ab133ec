// Http1Reader: reads one HTTP/1 request after another from a stream of bytes, in whatever pieces
// they come. It knows no connection and no clock.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/chunked_body.h"
#include "net/request_head.h"

namespace strongroom::net {

class Http1Reader {
 public:
  enum class Step {
    kMore,      // all of the input is taken, more is needed
    kContinue,  // as kMore, and the client waits for "100 Continue"
    kRequest,   // a request is complete: Take() it before reading on
    kRefused,   // see refusal(); nothing can be read any more
  };

  explicit Http1Reader(const ServerLimits& limits) : limits_(limits) {}

  // Takes bytes from the front of `input`. Never holds more than the limits allow and one piece.
  Step Read(std::string_view& input);

  Request Take(std::shared_ptr<const Peer> peer);
  const Refusal& refusal() const { return refusal_; }

  // Of the request just read, also after Take().
  bool keep_alive() const { return framing_.keep_alive; }
  // What a client has begun to send.
  bool in_head() const { return state_ == State::kHead && !head_.empty(); }
  bool in_body() const { return state_ == State::kBody; }
  std::size_t body_bytes() const { return builder_.body_size(); }

 private:
  enum class State { kHead, kBody, kComplete, kRefused };

  void SkipEmptyLine(std::string_view& input);
  Step ReadHead(std::string_view& input);
  Step ReadBody(std::string_view& input);
  Step Refuse(Refusal refusal);
  // Looks at the lines of `text` that were not looked at before: the size of the head, 0 if its end
  // is not there yet. Sets state_ to kRefused when it will never be a head within the limits.
  std::size_t FindHeadEnd(std::string_view text);

  const ServerLimits& limits_;
  State state_ = State::kHead;
  std::string head_;            // of an incomplete head
  std::size_t line_begin_ = 0;  // of the line that is not complete yet
  std::size_t searched_ = 0;    // no line end before this
  std::size_t lines_ = 0;
  bool skipped_line_ = false;
  std::size_t request_line_bytes_ = 0;
  RequestBuilder builder_;
  Framing framing_;
  ChunkedBody chunks_;
  Refusal refusal_{};
};

}  // namespace strongroom::net
