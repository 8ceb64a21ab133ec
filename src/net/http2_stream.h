// Http2Stream: one exchange of an HTTP/2 connection: the request while it arrives, then the answer
// while it is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/body_budget.h"
#include "net/http2_exchange.h"
#include "net/loop_thread.h"
#include "net/request_builder.h"
#include "net/request_head.h"

namespace strongroom::net {

class Http2Stream {
 public:
  Http2Stream(std::int32_t stream_id, BodyBudget& budget, TimePoint now)
      : id(stream_id), since(now), charge_(budget), head_charge_(budget, kFreeHeadBytes) {
    builder_.SetVersion(HttpVersion::kHttp2);
  }

  // One header field, pseudo headers included. What is wrong with it is told by FinishHead.
  void AddHeader(std::string_view name, std::string_view value, const ServerLimits& limits);
  // The head is complete: why it is refused, if it is.
  std::optional<Refusal> FinishHead();
  // More of the body: why it is refused, if it is.
  std::optional<Refusal> AppendBody(std::string_view bytes, const ServerLimits& limits);
  Request Finish(std::shared_ptr<const Peer> peer);

  std::size_t header_bytes() const { return header_bytes_; }
  std::size_t body_bytes() const { return builder_.body_size(); }
  bool expects_continue() const { return expects_continue_; }

  enum class Phase {
    kHead,
    kBody,
    kHandler,  // the handler owes the answer
    kAnswer,   // the answer is being sent
    kRest,     // the answer is sent, the client is still sending
    kFlow,     // both bodies flow, through `exchange`
  };

  const std::int32_t id;
  Phase phase = Phase::kHead;
  bool received_all = false;  // the client has ended its side
  bool is_head = false;
  TimePoint since;     // the phase began, or the answer last moved
  std::string answer;  // the body, from `sent` on still to be sent
  std::size_t sent = 0;
  std::size_t discarded = 0;                // bytes of the client that came too late
  std::shared_ptr<Http2Exchange> exchange;  // of kFlow

 private:
  void AddPseudoHeader(std::string_view name, std::string_view value, const ServerLimits& limits);
  void AddHost(std::string_view value);
  void Refuse(const Refusal& refusal) {
    if (!refusal_) refusal_ = refusal;
  }

  // What the head of an honest request stays below.
  static constexpr std::size_t kFreeHeadBytes = std::size_t{2} << 10;

  RequestBuilder builder_;
  BodyCharge charge_;
  BodyCharge head_charge_;
  std::optional<Refusal> refusal_;
  std::size_t header_bytes_ = 0;
  std::size_t header_count_ = 0;
  std::string host_;
  bool has_cookies_ = false;
  bool has_target_ = false;
  bool expects_continue_ = false;
};

}  // namespace strongroom::net
