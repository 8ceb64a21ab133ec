#include "net/http2_session.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "net/http2_callbacks.h"
#include "net/response_head.h"

namespace strongroom::net {
namespace {

constexpr std::uint32_t kStreamWindowBytes = std::uint32_t{256} << 10;
constexpr std::int32_t kConnectionWindowBytes = std::int32_t{1} << 20;
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
constexpr std::size_t kDiscardedBytesMax = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kRestTime{2000};
constexpr std::size_t kOutboundAcksMax = 1000;
// A stream that flows and is not read holds this much, and nothing of the other streams' window.
constexpr std::uint32_t kFlowWindowBytes = std::uint32_t{64} << 10;

using OptionHandle = std::unique_ptr<nghttp2_option, decltype(&nghttp2_option_del)>;

OptionHandle MakeOption(bool streams) {
  nghttp2_option* option = nullptr;
  STRONGROOM_CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_no_closed_streams(option, 1);
  nghttp2_option_set_max_outbound_ack(option, kOutboundAcksMax);
  nghttp2_option_set_server_fallback_rfc7540_priorities(option, 0);
  nghttp2_option_set_no_auto_window_update(option, streams ? 1 : 0);
  return {option, nghttp2_option_del};
}

nghttp2_nv Pair(std::string_view name, std::string_view value) {
  return {reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
          reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
          value.size(), NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

Http2Session::Http2Session(SessionHost& host)
    : host_(host), guard_(host.now()), idle_since_(host.now()), checked_(host.now()) {
  static const OptionHandle kOption = MakeOption(false);
  static const OptionHandle kFlowOption = MakeOption(true);
  const OptionHandle& option = host.streams() ? kFlowOption : kOption;
  STRONGROOM_CHECK(nghttp2_session_server_new2(&session_, Callbacks::All(), this, option.get()) ==
                   0);
  const std::array settings{
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
                             host.limits().http2_streams_max},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE,
                             host.streams() ? kFlowWindowBytes : kStreamWindowBytes},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
                             static_cast<std::uint32_t>(host.limits().header_bytes_max)},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1}};
  STRONGROOM_CHECK(
      nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) == 0);
  STRONGROOM_CHECK(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                                         kConnectionWindowBytes) == 0);
}

Http2Session::~Http2Session() {
  // Receivers may let go of exchanges, which leave the set.
  for (const auto& [id, stream] : streams_)
    if (stream->exchange) stream->exchange->Close();
  for (Http2Exchange* exchange : std::exchange(exchanges_, {})) exchange->Forget();
  nghttp2_session_del(session_);
}

void Http2Session::Receive(std::string_view bytes) {
  if (!wants_input()) return;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const ssize_t taken = nghttp2_session_mem_recv(session_, data, bytes.size());
  if (taken < 0 && !terminated_) {
    if (taken == NGHTTP2_ERR_FLOODED) host_.CountAbuse();
    dead_ = true;
  }
  host_.WakeOutput();
}

void Http2Session::PeerClosed() {
  peer_closed_ = true;
  // Streams could wait for ever, and nobody would ever tell that nobody reads them.
  dead_ = dead_ || host_.streams();
  host_.WakeOutput();
}

void Http2Session::Produce(std::string& out) {
  while (!dead_ && out.size() < kPieceBytes) {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) dead_ = true;
    if (size > 0) {
      out.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    } else if (size < 0 || drained_.empty()) {
      return;
    } else {
      TellWritable();
    }
  }
}

bool Http2Session::finished() const {
  if (dead_) return true;
  if (nghttp2_session_want_write(session_) != 0) return false;
  return terminated_ || nghttp2_session_want_read(session_) == 0 ||
         (peer_closed_ && streams_.empty());
}

Http2Stream* Http2Session::Find(std::int32_t id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

bool Http2Session::OnFrameBegin(std::uint8_t type, std::uint8_t flags, std::size_t size) {
  const TimePoint now = host_.now();
  const bool is_block = type == NGHTTP2_HEADERS || type == NGHTTP2_CONTINUATION;
  if (is_block) {
    if (type == NGHTTP2_HEADERS) block_bytes_ = 0;
    block_bytes_ += size;
    block_since_ = std::min(block_since_, now);
    // Far more than any list within the limit can take: not worth decoding (CVE-2024-28182).
    if (block_bytes_ > 2 * host_.limits().header_bytes_max) OnFlood();
  } else {
    block_since_ = TimePoint::max();
  }
  const bool ack = (flags & NGHTTP2_FLAG_ACK) != 0;
  const bool ends = (flags & NGHTTP2_FLAG_END_STREAM) != 0;
  bool fine = true;
  switch (type) {
    case NGHTTP2_HEADERS: break;
    case NGHTTP2_RST_STREAM: fine = guard_.OnReset(now); break;
    case NGHTTP2_DATA: fine = size > 0 || ends || guard_.OnIdleFrame(now); break;
    case NGHTTP2_SETTINGS:
      greeted_ = true;
      fine = ack || guard_.OnIdleFrame(now);
      break;
    case NGHTTP2_PING:
      if (ack && drain_pending_) FinishDrain();
      fine = ack ? guard_.OnIdleFrame(now) : OnPing(now);
      break;
    default: fine = guard_.OnIdleFrame(now); break;
  }
  if (!fine) OnFlood();
  return !terminated_;
}

void Http2Session::OnHeadBegin(std::int32_t id) {
  // Resetting a stream does not make room: its request is still with the handler.
  if (with_handler_ >= host_.limits().http2_streams_max ||
      answer_bytes_ > base::limits::kHttp2AnswerBytesMax) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    return;
  }
  if (streams_.empty()) checked_ = host_.now();
  streams_.emplace(id, std::make_unique<Http2Stream>(id, host_.body_budget(), host_.now()));
}

bool Http2Session::OnHeader(std::int32_t id, std::string_view name, std::string_view value) {
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return true;
  stream->AddHeader(name, value, host_.limits());
  // An HPACK bomb: small on the wire, large once it is unpacked.
  if (stream->header_bytes() > 4 * host_.limits().header_bytes_max) OnFlood();
  return !terminated_;
}

void Http2Session::OnFrameReceived(std::uint8_t type, std::int32_t id, bool ends_stream,
                                   bool is_request_head) {
  if (type == NGHTTP2_HEADERS) block_since_ = TimePoint::max();
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return;
  stream->received_all = stream->received_all || ends_stream;
  if (ends_stream && stream->phase == Http2Stream::Phase::kFlow) {
    const std::shared_ptr<Http2Exchange> exchange = stream->exchange;
    if (!exchange->closed()) exchange->receiver()->OnEnd();
    return;
  }
  if (is_request_head) return OnHeadComplete(*stream);
  if (ends_stream && stream->phase == Http2Stream::Phase::kBody) Dispatch(*stream);
}

void Http2Session::OnHeadComplete(Http2Stream& stream) {
  if (const auto refusal = stream.FinishHead()) return Refuse(stream, *refusal);
  if (host_.streams()) return OpenExchange(stream);
  if (stream.received_all) return Dispatch(stream);
  stream.phase = Http2Stream::Phase::kBody;
  stream.since = host_.now();
  if (!stream.expects_continue()) return;
  const nghttp2_nv status = Pair(":status", "100");
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream.id, nullptr, &status, 1, nullptr);
}

void Http2Session::OnData(std::int32_t id, std::string_view bytes) {
  // A stream that is not read must not hold up the others.
  if (host_.streams()) nghttp2_session_consume_connection(session_, bytes.size());
  Http2Stream* stream = Find(id);
  if (stream == nullptr) return;
  if (stream->phase == Http2Stream::Phase::kFlow) {
    const std::shared_ptr<Http2Exchange> exchange = stream->exchange;
    if (!exchange->closed()) exchange->receiver()->OnData(bytes);
    return;
  }
  if (stream->phase == Http2Stream::Phase::kRest || stream->phase == Http2Stream::Phase::kAnswer) {
    const bool stopped = stream->discarded > kDiscardedBytesMax;
    stream->discarded += bytes.size();
    if (!stopped && stream->discarded > kDiscardedBytesMax) StopSender(*stream);
    return;
  }
  if (const auto refusal = stream->AppendBody(bytes, host_.limits())) Refuse(*stream, *refusal);
}

void Http2Session::Dispatch(Http2Stream& stream) {
  guard_.OnRequest();
  ++with_handler_;
  stream.phase = Http2Stream::Phase::kHandler;
  host_.Dispatch(stream.Finish(host_.peer()), stream.id);
}

void Http2Session::Answer(std::int32_t id, Response response) {
  --with_handler_;
  if (Http2Stream* stream = Find(id)) Submit(*stream, std::move(response));
  host_.WakeOutput();
}

void Http2Session::Refuse(Http2Stream& stream, const Refusal& refusal) {
  Submit(stream, host_.Refuse(refusal));
}

void Http2Session::Submit(Http2Stream& stream, Response response) {
  stream.phase = Http2Stream::Phase::kAnswer;
  stream.since = host_.now();
  const std::string status = std::to_string(response.status);
  const std::string length = std::to_string(response.body.size());
  std::vector<nghttp2_nv> fields{Pair(":status", status), Pair("date", host_.date())};
  if (response.content_type != nullptr && MayHaveBody(response.status))
    fields.push_back(Pair("content-type", response.content_type));
  for (const Header& header : response.headers) fields.push_back(Pair(header.name, header.value));
  fields.push_back(Pair("strict-transport-security", kStrictTransportSecurity));
  if (MayHaveBody(response.status)) fields.push_back(Pair("content-length", length));

  const bool has_body = !response.body.empty() && !stream.is_head && MayHaveBody(response.status);
  nghttp2_data_provider provider{{.ptr = &stream}, Callbacks::ReadAnswer};
  if (has_body) {
    stream.answer = std::move(response.body);
    answer_bytes_ += stream.answer.size();
  }
  nghttp2_submit_response(session_, stream.id, fields.data(), fields.size(),
                          has_body ? &provider : nullptr);
}

void Http2Session::OnFrameSent(std::uint8_t type, std::int32_t id, bool ends_stream,
                               std::size_t size, std::uint32_t error) {
  if (type == NGHTTP2_DATA) guard_.OnDataSent(size);
  if (type == NGHTTP2_DATA || type == NGHTTP2_HEADERS) keepalive_.OnSent();
  if (type == NGHTTP2_RST_STREAM && error != NGHTTP2_NO_ERROR && !guard_.OnReset(host_.now()))
    return OnFlood();
  Http2Stream* stream = ends_stream ? Find(id) : nullptr;
  if (stream == nullptr || stream->received_all) return;
  stream->phase = Http2Stream::Phase::kRest;
  stream->since = host_.now();
}

void Http2Session::OnStreamClosed(std::int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  answer_bytes_ -= found->second->answer.size();
  const std::unique_ptr<Http2Stream> stream = std::move(found->second);
  streams_.erase(found);
  if (streams_.empty()) idle_since_ = host_.now();
  if (stream->exchange) stream->exchange->Close();
}

TimePoint Http2Session::deadline() const {
  const ServerLimits& limits = host_.limits();
  TimePoint deadline = idle_since_ + (greeted_ ? limits.idle_timeout : limits.header_timeout);
  if (!streams_.empty()) {
    const auto shortest = std::min(limits.header_timeout, limits.stall_timeout);
    deadline = checked_ + std::clamp<std::chrono::milliseconds>(
                              shortest / 4, std::chrono::milliseconds(10), std::chrono::seconds(1));
  }
  if (block_since_ != TimePoint::max())
    deadline = std::min(deadline, block_since_ + limits.header_timeout);
  return terminated_ ? TimePoint::max() : deadline;
}

void Http2Session::Expire() {
  checked_ = host_.now();
  const bool head_late =
      block_since_ != TimePoint::max() && block_since_ + host_.limits().header_timeout <= checked_;
  if (head_late || streams_.empty()) {
    host_.CountTimeout();
    return Terminate(NGHTTP2_NO_ERROR);
  }
  // Answering can't close a stream; sending does.
  for (const auto& [id, stream] : streams_) CheckStream(*stream);
  host_.WakeOutput();
}

void Http2Session::CheckStream(Http2Stream& stream) {
  const ServerLimits& limits = host_.limits();
  const TimePoint late = stream.since + limits.stall_timeout;
  if (stream.phase == Http2Stream::Phase::kBody) {
    const std::chrono::milliseconds earned(1000 * stream.body_bytes() /
                                           limits.body_bytes_per_second_min);
    if (late + earned > checked_) return;
    host_.CountTimeout();
    Refuse(stream, kTooSlow);
  } else if (stream.phase == Http2Stream::Phase::kRest) {
    if (stream.since + kRestTime <= checked_) StopSender(stream);
  } else if (late <= checked_ && (stream.phase == Http2Stream::Phase::kAnswer ||
                                  (stream.exchange && stream.exchange->unsent() > 0))) {
    // Its window is shut.
    host_.CountTimeout();
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_CANCEL);
    stream.since = checked_;
  }
}

// rfc9113 8.1: the rest of the request is not wanted. Not at once with the answer: curl 7.88 takes
// a reset that it reads together with an answer for an error of the stream.
void Http2Session::StopSender(const Http2Stream& stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_NO_ERROR);
}

void Http2Session::Drain() {
  if (host_.streams()) {
    // In two steps, for streams that are on their way while we say so (rfc9113 6.8).
    drain_pending_ = true;
    nghttp2_submit_shutdown_notice(session_);
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    for (Http2Exchange* exchange : std::vector(exchanges_.begin(), exchanges_.end())) {
      if (exchanges_.count(exchange) > 0 && exchange->receiver()) exchange->receiver()->OnDrain();
    }
    return host_.WakeOutput();
  }
  FinishDrain();
}

void Http2Session::FinishDrain() {
  drain_pending_ = false;
  // Streams after the last one we know are the client's to try elsewhere (rfc9113 6.8).
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                        nullptr, 0);
  host_.WakeOutput();
}

bool Http2Session::OnPing(TimePoint now) {
  if (!host_.streams()) return guard_.OnIdleFrame(now);
  if (keepalive_.OnPing(now)) return true;
  // What clients of gRPC look for, to ask less often.
  constexpr std::string_view kReason = "too_many_pings";
  host_.CountAbuse();
  terminated_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_),
                        NGHTTP2_ENHANCE_YOUR_CALM,
                        reinterpret_cast<const std::uint8_t*>(kReason.data()), kReason.size());
  host_.WakeOutput();
  return true;
}

void Http2Session::OnFlood() {
  if (terminated_) return;
  host_.CountAbuse();
  Terminate(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Session::Terminate(std::uint32_t error) {
  terminated_ = true;
  nghttp2_session_terminate_session(session_, error);
  host_.WakeOutput();
}

}  // namespace strongroom::net
