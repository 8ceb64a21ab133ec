#include "base/check.h"
#include "net/answer_sink.h"
#include "net/server.h"

namespace strongroom::net {
namespace {

Response Unanswered() {
  Response response;
  response.status = 500;
  response.body = DefaultErrorBody(
      500, base::MakeError(base::ErrorCode::kInternalServerError, "the request was not answered"));
  return response;
}

class TestSink final : public AnswerSink {
 public:
  explicit TestSink(std::function<void(Response)> on_response)
      : on_response_(std::move(on_response)) {}
  void Deliver(std::uint64_t, std::int32_t, Response response) override {
    on_response_(std::move(response));
  }
  void Drop(std::uint64_t, std::int32_t) override { on_response_(Unanswered()); }

 private:
  std::function<void(Response)> on_response_;
};

}  // namespace

Responder::Responder(std::shared_ptr<AnswerSink> sink, std::uint64_t connection,
                     std::int32_t stream)
    : sink_(std::move(sink)), connection_(connection), stream_(stream) {}

Responder::Responder(Responder&& other) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this == &other) return *this;
  if (sink_) sink_->Drop(connection_, stream_);
  sink_ = std::move(other.sink_);
  connection_ = other.connection_;
  stream_ = other.stream_;
  return *this;
}

Responder::~Responder() {
  if (sink_) sink_->Drop(connection_, stream_);
}

void Responder::Send(Response response) {
  STRONGROOM_CHECK(sink_ != nullptr);
  const std::shared_ptr<AnswerSink> sink = std::move(sink_);
  sink->Deliver(connection_, stream_, std::move(response));
}

Responder Responder::ForTest(std::function<void(Response)> on_response) {
  return Responder(std::make_shared<TestSink>(std::move(on_response)), 0, 0);
}

}  // namespace strongroom::net
