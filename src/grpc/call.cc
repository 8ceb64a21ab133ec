#include "grpc/call.h"

#include <algorithm>

#include "base/check.h"
#include "grpc/limits.h"

namespace strongroom::grpc {
namespace {

constexpr const char* kContentType = "application/grpc";
constexpr std::uint32_t kCancel = 8;  // rfc9113 7

bool IsGrpc(std::string_view content_type) {
  constexpr std::string_view kName = kContentType;
  if (!content_type.starts_with(kName)) return false;
  const std::string_view rest = content_type.substr(kName.size());
  return rest.empty() || rest[0] == '+' || rest[0] == ';';
}

Call::Deadline DeadlineOf(const Method* method, std::optional<std::chrono::nanoseconds> wish) {
  const bool streams = method != nullptr && (method->client_streams || method->server_streams);
  const std::chrono::nanoseconds usual = streams ? limits::kStreamDeadline : limits::kUnaryDeadline;
  const std::chrono::nanoseconds most =
      streams ? limits::kStreamDeadlineMax : limits::kUnaryDeadlineMax;
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::min(wish.value_or(usual), most));
}

class ServedCalls {
 public:
  ServedCalls(Router router, Door door) : router_(std::move(router)), door_(std::move(door)) {}
  const Method* Find(std::string_view path) const { return router_(path); }
  void Enter(const CallPtr& call) const { door_(call); }

 private:
  Router router_;
  Door door_;
};

}  // namespace

net::StreamHandler Serve(Router router, Door door) {
  return [served = std::make_shared<const ServedCalls>(std::move(router), std::move(door))](
             net::Request head, std::shared_ptr<net::Stream> stream) {
    const Method* method = served->Find(head.path());
    auto call = std::make_shared<Call>(std::move(head), std::move(stream), method);
    if (call->Begin()) served->Enter(call);
    return std::static_pointer_cast<net::StreamReceiver>(call);
  };
}

Call::Call(net::Request head, std::shared_ptr<net::Stream> stream, const Method* method)
    : head_(std::move(head)),
      stream_(std::move(stream)),
      method_(method),
      cancelled_(std::make_shared<std::atomic<bool>>(false)),
      cancelled_view_(cancelled_) {}

Call::~Call() = default;

bool Call::Begin() {
  if (head_.method() != "POST" || !IsGrpc(head_.Find("content-type").value_or(""))) {
    // gRPC over HTTP/2: other content gets an answer of HTTP.
    net::Response refusal;
    refusal.status = head_.method() != "POST" ? 405 : 415;
    refusal.content_type = nullptr;
    if (refusal.status == 405) refusal.headers.push_back({"allow", "POST"});
    stream_->SendHead(refusal);
    stream_->Finish({});
    over_ = true;
    return false;
  }
  const auto timeout = head_.Find("grpc-timeout");
  const auto wish = timeout ? ParseTimeout(*timeout) : std::nullopt;
  deadline_ = DeadlineOf(method_, wish);
  if (timeout && !wish) {
    Finish({Code::kInvalidArgument, "grpc-timeout is malformed", {}});
    return false;
  }
  const std::string_view encoding = head_.Find("grpc-encoding").value_or("identity");
  gzip_in_ = encoding == "gzip";
  if (!gzip_in_ && encoding != "identity") {
    answer_headers.push_back({"grpc-accept-encoding", "identity,gzip"});
    Finish({Code::kUnimplemented, "this compression is not supported; gzip is", {}});
    return false;
  }
  // Who compresses gets compressed answers: others would pay for what they did not ask for.
  gzip_out_ = gzip_in_ && head_.Find("grpc-accept-encoding").value_or("").find("gzip") !=
                              std::string_view::npos;
  stream_->SetTimer(deadline_);
  return true;
}

void Call::Admit() {
  if (over_) return;
  if (method_ == nullptr) {
    return Finish({Code::kUnimplemented, "there is no such method", {}});
  }
  handler_ = method_->start(shared_from_this());
  wanted_ = true;
  Advance();
}

void Call::EndBy(Deadline deadline) {
  if (over_ || deadline >= deadline_) return;
  deadline_ = deadline;
  stream_->SetTimer(deadline_);
}

void Call::Next() {
  if (over_) return;
  wanted_ = true;
  Advance();
}

void Call::OnData(std::string_view bytes) {
  if (over_) return;
  unconsumed_ += bytes.size();
  deframer_.Append(bytes);
  if (!stream_->Hold(deframer_.size())) {
    return Finish({Code::kUnavailable, "the server is receiving too much at once", {}});
  }
  Advance();
}

void Call::OnEnd() {
  all_received_ = true;
  if (!over_) Advance();
}

// INVARIANT: handlers that ask for the next message from within OnMessage don't nest.
void Call::Advance() {
  if (advancing_) return;
  advancing_ = true;
  const CallPtr self = shared_from_this();
  while (!over_ && wanted_ && !ended_ && handler_) {
    const bool before = wanted_;
    const std::size_t size = deframer_.size();
    Deliver();
    if (before == wanted_ && size == deframer_.size()) break;
  }
  advancing_ = false;
}

// At most one message.
void Call::Deliver() {
  const bool one = !method_->client_streams;
  if (one && !all_received_) {
    // Its room is bounded by what a message may have; a second one is refused below.
    if (deframer_.size() > limits::kMessageBytesMax + 5)
      return Finish({Code::kResourceExhausted, "the request is too long", {}});
    stream_->Consume(std::exchange(unconsumed_, 0));
    return;
  }
  Status refused;
  std::optional<std::string> message = deframer_.Next(gzip_in_, refused);
  if (!refused.ok()) return Finish(std::move(refused));
  if (message) {
    stream_->Hold(deframer_.size());
    if (one && deframer_.size() > 0)
      return Finish({Code::kInvalidArgument, "this method takes one message", {}});
    wanted_ = false;
    ended_ = one;
    const std::shared_ptr<CallHandler> handler = handler_;
    return handler->OnMessage(std::move(*message));
  }
  if (!all_received_) return stream_->Consume(std::exchange(unconsumed_, 0));
  if (deframer_.size() > 0) return Finish({Code::kInternal, "the last message is cut short", {}});
  if (one) return Finish({Code::kInvalidArgument, "this method takes one message", {}});
  ended_ = true;
  const std::shared_ptr<CallHandler> handler = handler_;
  handler->OnEnd();
}

void Call::Send(std::string_view message) {
  if (over_) return;
  if (!std::exchange(head_sent_, true)) {
    net::Response head;
    head.content_type = kContentType;
    head.headers = std::move(answer_headers);
    if (gzip_out_) head.headers.push_back({"grpc-encoding", "gzip"});
    stream_->SendHead(head);
  }
  stream_->Write(Frame(message, gzip_out_));
}

void Call::Finish(Status status) {
  if (over_) return;
  std::vector<net::Header> trailers = TrailersOf(status);
  if (!head_sent_) {  // Trailers-Only
    trailers.insert(trailers.begin(), {"content-type", kContentType});
    for (net::Header& header : answer_headers) trailers.push_back(std::move(header));
  }
  Over(status);
  stream_->Finish(std::move(trailers));
}

void Call::Over(const Status& status) {
  over_ = true;
  cancelled_->store(true, std::memory_order_relaxed);
  deframer_ = Deframer();
  stream_->Hold(0);
  if (auto told = std::exchange(on_over, nullptr)) told(status);
  handler_.reset();  // whoever calls it holds it
}

void Call::Abandon(Status status) {
  const std::shared_ptr<CallHandler> handler = handler_;
  Over(status);
  if (handler) handler->OnAbandoned();
}

void Call::OnWritable() {
  const std::shared_ptr<CallHandler> handler = handler_;
  if (!over_ && handler) handler->OnWritable();
}

void Call::OnTimer() {
  if (over_) return;
  const std::shared_ptr<CallHandler> handler = handler_;
  Finish({Code::kDeadlineExceeded, "the deadline has passed", {}});
  // What has not been read by now will not be.
  if (stream_->unsent() > 0) stream_->Reset(kCancel);
  if (handler) handler->OnAbandoned();
}

void Call::OnDrain() {
  const std::shared_ptr<CallHandler> handler = handler_;
  if (!over_ && handler) handler->OnDrain();
}

void Call::OnClosed() {
  if (!over_) Abandon({Code::kCancelled, "the caller has gone", {}});
}

}  // namespace strongroom::grpc
