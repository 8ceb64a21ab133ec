#include "net/http1_session.h"

#include "base/check.h"
#include "net/response_head.h"

namespace strongroom::net {
namespace {

constexpr std::size_t kWaitingBytesMax = std::size_t{64} << 10;
constexpr std::size_t kOutputBytesMax = std::size_t{64} << 10;  // before the next request begins
constexpr std::size_t kSmallBodyBytes = std::size_t{16} << 10;  // sent together with its head
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

}  // namespace

Http1Session::Http1Session(SessionHost& host)
    : host_(host), reader_(host.limits()), charge_(host.body_budget()), since_(host.now()) {}

void Http1Session::Receive(std::string_view bytes) {
  if (closing_) return;
  if (waiting_.empty() && CanStart()) {
    Process(bytes);
  } else {
    waiting_.append(bytes);
  }
}

void Http1Session::PeerClosed() {
  peer_closed_ = true;
  if (!in_flight_ && waiting_.empty()) closing_ = true;
  host_.WakeOutput();
}

void Http1Session::Continue() {
  const std::string input = std::exchange(waiting_, {});
  Process(input);
}

bool Http1Session::wants_input() const {
  return !closing_ && !peer_closed_ && waiting_.size() < kWaitingBytesMax;
}

bool Http1Session::CanStart() const {
  return !in_flight_ && !closing_ && body_.empty() && out_.size() < kOutputBytesMax;
}

Http1Session::Phase Http1Session::phase() const {
  if (reader_.in_body()) return Phase::kBody;
  return reader_.in_head() ? Phase::kHead : Phase::kIdle;
}

void Http1Session::Process(std::string_view input) {
  while (CanStart() && !input.empty()) {
    const Phase before = phase();
    const Http1Reader::Step step = reader_.Read(input);
    if (phase() != before) since_ = host_.now();
    switch (step) {
      case Http1Reader::Step::kMore: break;
      case Http1Reader::Step::kContinue:
        out_.append("HTTP/1.1 100 Continue\r\n\r\n");
        host_.WakeOutput();
        break;
      case Http1Reader::Step::kRequest: {
        charge_.Set(0);
        Request request = reader_.Take(host_.peer());
        is_head_ = request.is_head();
        in_flight_ = true;
        host_.Dispatch(std::move(request), 0);
        break;
      }
      case Http1Reader::Step::kRefused: RefuseAndClose(reader_.refusal()); return;
    }
  }
  if (closing_) return;
  if (reader_.in_body() && !charge_.Set(reader_.body_bytes())) return RefuseAndClose(kBusy);
  waiting_.assign(input);
  if (peer_closed_ && !in_flight_ && waiting_.empty()) {
    closing_ = true;
    host_.WakeOutput();
  }
}

void Http1Session::RefuseAndClose(const Refusal& refusal) {
  charge_.Set(0);
  waiting_.clear();
  is_head_ = false;
  Write(host_.Refuse(refusal), true);
}

void Http1Session::Answer(std::int32_t, Response response) {
  STRONGROOM_CHECK(in_flight_);
  in_flight_ = false;
  since_ = host_.now();
  const bool last = !reader_.keep_alive() || draining_ || (peer_closed_ && waiting_.empty());
  Write(std::move(response), last);
}

void Http1Session::Write(Response response, bool close) {
  AppendHttp1Head(out_, response, host_.date(), close);
  if (!is_head_ && MayHaveBody(response.status)) {
    if (response.body.size() <= kSmallBodyBytes) {
      out_.append(response.body);
    } else {
      body_ = std::move(response.body);
      body_sent_ = 0;
    }
  }
  closing_ = closing_ || close;
  host_.WakeOutput();
}

void Http1Session::Produce(std::string& out) {
  out.swap(out_);
  if (body_.empty()) return;
  if (out.size() < kPieceBytes) {
    const std::size_t size = std::min(kPieceBytes - out.size(), body_.size() - body_sent_);
    out.append(body_, body_sent_, size);
    body_sent_ += size;
  }
  if (body_sent_ == body_.size()) std::string().swap(body_);
}

TimePoint Http1Session::deadline() const {
  const ServerLimits& limits = host_.limits();
  if (closing_ || in_flight_ || has_output() || !waiting_.empty()) return TimePoint::max();
  switch (phase()) {
    case Phase::kIdle: return since_ + limits.idle_timeout;
    case Phase::kHead: return since_ + limits.header_timeout;
    case Phase::kBody: break;
  }
  return since_ + limits.stall_timeout +
         std::chrono::milliseconds(1000 * reader_.body_bytes() / limits.body_bytes_per_second_min);
}

void Http1Session::Expire() {
  host_.CountTimeout();
  if (phase() != Phase::kIdle) return RefuseAndClose(kTooSlow);
  closing_ = true;
  host_.WakeOutput();
}

void Http1Session::Drain() {
  draining_ = true;
  // A request that has begun to arrive is still answered.
  if (!in_flight_ && waiting_.empty() && phase() == Phase::kIdle) closing_ = true;
  host_.WakeOutput();
}

}  // namespace strongroom::net
