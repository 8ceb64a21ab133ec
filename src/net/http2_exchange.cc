#include "net/http2_exchange.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "net/http2_session.h"

namespace strongroom::net {

Http2Exchange::Http2Exchange(Http2Session& session, std::int32_t id,
                             std::shared_ptr<LoopThread> thread, BodyBudget& budget)
    : session_(&session),
      id_(id),
      thread_(std::move(thread)),
      charge_(budget),
      timer_(*thread_, [this] {
        if (receiver_) receiver_->OnTimer();
      }) {}

Http2Exchange::~Http2Exchange() {
  Release();
  if (session_ != nullptr) session_->OnExchangeGone(*this);
}

std::shared_ptr<Http2Exchange> Http2Exchange::Make(Http2Session& session, std::int32_t id,
                                                   std::shared_ptr<LoopThread> thread,
                                                   BodyBudget& budget) {
  auto* made = new Http2Exchange(session, id, thread, budget);
  return {made, [thread](Http2Exchange* exchange) {
            std::unique_ptr<Http2Exchange> owned(exchange);
            if (thread->IsCurrent()) return;
            // INVARIANT: a loop that has stopped has no sessions any more, and no timers run.
            thread->Post([owned = std::move(owned)] {});
          }};
}

void Http2Exchange::Post(Task task) { thread_->Post(std::move(task)); }

void Http2Exchange::SendHead(const Response& head) {
  if (closed_ || head_sent_) return;
  head_sent_ = true;
  session_->SubmitHead(id_, head, true);
}

void Http2Exchange::Write(std::string bytes) {
  if (closed_ || finished_ || bytes.empty()) return;
  STRONGROOM_CHECK(head_sent_);
  unsent_ += bytes.size();
  session_->OnExchangeWrote(id_, bytes.size());
  pieces_.push_back(std::move(bytes));
  if (std::exchange(waiting_, false)) session_->Resume(id_);
}

void Http2Exchange::Finish(std::vector<Header> trailers) {
  if (closed_ || finished_) return;
  finished_ = true;
  timer_.Cancel();
  if (!head_sent_) {
    Response whole;
    whole.content_type = nullptr;
    whole.headers = std::move(trailers);
    session_->SubmitHead(id_, whole, false);
  } else {
    trailers_ = std::move(trailers);
    if (std::exchange(waiting_, false)) session_->Resume(id_);
  }
  Release();
}

void Http2Exchange::Reset(std::uint32_t error) {
  if (closed_) return;
  session_->ResetStream(id_, error);
  Release();
}

void Http2Exchange::Consume(std::size_t bytes) {
  if (!closed_) session_->ConsumeStream(id_, bytes);
}

bool Http2Exchange::Hold(std::size_t bytes) { return closed_ || charge_.Set(bytes); }

void Http2Exchange::SetTimer(TimePoint at) {
  if (!closed_) timer_.Set(at);
}

void Http2Exchange::Close() {
  if (std::exchange(closed_, true)) return;
  timer_.Cancel();
  charge_.Set(0);
  if (session_ != nullptr) session_->OnExchangeDropped(unsent_);
  unsent_ = 0;
  pieces_.clear();
  const std::shared_ptr<StreamReceiver> receiver = std::move(receiver_);
  if (receiver) receiver->OnClosed();
}

void Http2Exchange::Forget() {
  Close();
  session_ = nullptr;
}

std::ptrdiff_t Http2Exchange::Read(std::uint8_t* out, std::size_t size, std::uint32_t* flags) {
  std::size_t taken = 0;
  while (taken < size && first_ < pieces_.size()) {
    const std::string& piece = pieces_[first_];
    const std::size_t count = std::min(size - taken, piece.size() - first_sent_);
    std::memcpy(out + taken, piece.data() + first_sent_, count);
    taken += count;
    first_sent_ += count;
    if (first_sent_ < piece.size()) break;
    std::string().swap(pieces_[first_++]);
    first_sent_ = 0;
  }
  if (first_ == pieces_.size()) {
    pieces_.clear();
    first_ = 0;
  }
  unsent_ -= taken;
  if (pieces_.empty() && finished_) {
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!trailers_.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      session_->SubmitTrailers(id_, trailers_);
    }
  } else if (taken == 0) {
    waiting_ = true;
    return NGHTTP2_ERR_DEFERRED;
  }
  return static_cast<std::ptrdiff_t>(taken);
}

void Http2Exchange::Release() {
  if (std::exchange(released_, true) || session_ == nullptr) return;
  session_->OnExchangeReleased();
}

}  // namespace strongroom::net
