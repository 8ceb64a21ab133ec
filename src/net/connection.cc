#include "net/connection.h"

#include <algorithm>

#include "net/http1_session.h"
#include "net/http2_session.h"

namespace strongroom::net {
namespace {

// What one connection may read before others have their turn.
constexpr std::size_t kReadBytesPerTurn = std::size_t{256} << 10;
// A closed connection still takes what is under way: a reset would destroy our last answer
// (rfc9112 9.6).
constexpr std::chrono::milliseconds kLingerTime{2000};
constexpr std::size_t kIdleBufferBytes = std::size_t{16} << 10;

}  // namespace

Connection::Connection(Worker& worker, std::uint64_t id, Accepted accepted)
    : worker_(worker),
      id_(id),
      ticket_(std::move(accepted.ticket)),
      tls_(std::move(accepted.ssl), std::move(accepted.socket)),
      peer_(std::make_shared<const Peer>(std::move(accepted.peer))),
      timer_(worker.thread(), [this] { Expire(); }),
      moved_(worker.thread().now()) {}

Connection::~Connection() = default;

void Connection::Open() {
  watched_ = EPOLLIN;
  if (!worker_.thread().Watch(tls_.fd(), watched_, *this)) return Close();
  Settle();
}

void Connection::Close() {
  if (state_ == State::kClosed) return;
  CountBytes();
  worker_.counters().requests_open.Subtract(dispatched_);
  state_ = State::kClosed;
  timer_.Cancel();
  worker_.thread().Unwatch(tls_.fd(), *this);
  worker_.Remove(id_);
}

void Connection::Drain() {
  draining_ = true;
  if (state_ == State::kHandshake) return Close();
  if (state_ == State::kOpen) session_->Drain();
}

std::size_t Connection::requests_open() const {
  if (state_ != State::kOpen) return 0;
  return std::max<std::size_t>(session_->requests_open(), sent_ < out_.size() ? 1 : 0);
}

void Connection::OnEvents(std::uint32_t events) {
  if ((events & EPOLLERR) != 0) return Close();
  tls_.Readable();
  switch (state_) {
    case State::kHandshake: return Handshake();
    case State::kLingering:
      if (!tls_.Discard(worker_.scratch())) Close();
      return;
    case State::kOpen: break;
    case State::kClosed: return;
  }
  if ((events & EPOLLHUP) != 0 && (events & EPOLLIN) == 0) return Close();
  if ((events & EPOLLOUT) != 0) {
    blocked_ = false;
    WakeOutput();
  }
  if ((events & EPOLLIN) != 0) Read();
}

void Connection::Handshake() {
  const TlsStream::Outcome outcome = tls_.Handshake();
  switch (outcome) {
    case TlsStream::Outcome::kWantRead:
    case TlsStream::Outcome::kWantWrite:
      handshake_writes_ = outcome == TlsStream::Outcome::kWantWrite;
      return Settle();
    case TlsStream::Outcome::kClosed:
    case TlsStream::Outcome::kFailed: worker_.counters().handshakes_failed.Add(1); return Close();
    case TlsStream::Outcome::kDone: break;
  }
  BeginSession();
  if (state_ != State::kOpen) return;
  // The first request often comes together with the end of the handshake.
  Read();
}

void Connection::BeginSession() {
  Counters& counters = worker_.counters();
  counters.handshakes_completed.Add(1);
  if (SSL_session_reused(tls_.ssl()) == 1) counters.handshakes_resumed.Add(1);
  if (std::string subject = tls_.PeerSubject(); !subject.empty()) {
    Peer named = *peer_;
    named.certificate_subject = std::move(subject);
    peer_ = std::make_shared<const Peer>(std::move(named));
  }
  state_ = State::kOpen;
  moved_ = now();
  if (tls_.protocol() == "h2") {
    session_ = std::make_unique<Http2Session>(*this);
  } else if (streams()) {
    return Close();  // no ALPN at all: nothing was agreed upon
  } else {
    session_ = std::make_unique<Http1Session>(*this);
  }
  WakeOutput();
}

void Connection::Read() {
  std::size_t total = 0;
  while (state_ == State::kOpen && session_->wants_input()) {
    const auto [outcome, bytes] = tls_.Read(worker_.scratch());
    if (outcome == TlsStream::Outcome::kFailed) return Close();
    if (outcome == TlsStream::Outcome::kClosed) {
      peer_closed_ = true;
      session_->PeerClosed();
    }
    if (outcome != TlsStream::Outcome::kDone) break;
    session_->Receive(std::string_view(worker_.scratch().data(), bytes));
    total += bytes;
    if (total >= kReadBytesPerTurn) break;
  }
  WakeOutput();
}

void Connection::ReadMore() {
  read_queued_ = false;
  if (state_ != State::kOpen) return;
  if (session_->has_work()) session_->Continue();
  Read();
}

void Connection::Dispatch(Request request, std::int32_t stream) {
  worker_.counters().requests.Add(1);
  worker_.counters().requests_open.Add(1);
  ++dispatched_;
  worker_.state().handler(std::move(request), Responder(worker_.sink(), id_, stream));
}

std::shared_ptr<StreamReceiver> Connection::Open(Request head, std::shared_ptr<Stream> stream) {
  worker_.counters().requests.Add(1);
  worker_.counters().requests_open.Add(1);
  ++dispatched_;
  return worker_.state().streams(std::move(head), std::move(stream));
}

void Connection::StreamReleased() {
  if (state_ == State::kClosed) return;  // what was left has been counted
  worker_.counters().requests_open.Subtract(1);
  --dispatched_;
}

void Connection::Answer(std::int32_t stream, Response response) {
  worker_.counters().requests_open.Subtract(1);
  --dispatched_;
  if (state_ == State::kOpen) session_->Answer(stream, std::move(response));
}

Response Connection::Refuse(const Refusal& refusal) {
  if (refusal.status < 500) worker_.counters().requests_refused.Add(1);
  return worker_.ErrorAnswer(refusal);
}

void Connection::WakeOutput() {
  if (flush_queued_ || state_ == State::kClosed) return;
  flush_queued_ = true;
  worker_.FlushLater(*this);
}

void Connection::Flush() {
  flush_queued_ = false;
  if (state_ != State::kOpen) return;
  if (!blocked_ && !Send()) return Close();
  CountBytes();
  if (sent_ == out_.size() && session_->finished()) return Linger();
  const bool room = session_->wants_input() && !peer_closed_;
  if (!read_queued_ && (session_->has_work() || (room && tls_.HasPending()))) {
    read_queued_ = true;
    worker_.ReadLater(id_);
  }
  Settle();
}

// False if the connection is broken.
bool Connection::Send() {
  while (true) {
    if (sent_ == out_.size()) {
      out_.clear();
      sent_ = 0;
      session_->Produce(out_);
      if (out_.empty()) break;
      moved_ = now();
    }
    const auto [outcome, bytes] = tls_.Write(std::string_view(out_).substr(sent_));
    if (outcome == TlsStream::Outcome::kWantRead || outcome == TlsStream::Outcome::kWantWrite) {
      blocked_ = true;
      return true;
    }
    if (outcome != TlsStream::Outcome::kDone) return false;
    sent_ += bytes;
    moved_ = now();
  }
  if (out_.capacity() > kIdleBufferBytes) std::string().swap(out_);
  return true;
}

void Connection::Linger() {
  tls_.FinishSending();
  CountBytes();
  if (peer_closed_) return Close();
  state_ = State::kLingering;
  moved_ = now();
  session_.reset();
  Settle();
}

void Connection::Expire() {
  if (state_ == State::kHandshake) worker_.counters().handshakes_failed.Add(1);
  const bool stalled = blocked_ && moved_ + limits().stall_timeout <= now();
  if (state_ != State::kOpen || stalled) {
    if (state_ != State::kLingering) CountTimeout();
    return Close();
  }
  if (session_->deadline() <= now()) session_->Expire();
  WakeOutput();
}

void Connection::CountBytes() {
  worker_.counters().bytes_received.Add(tls_.bytes_received() - counted_received_);
  worker_.counters().bytes_sent.Add(tls_.bytes_sent() - counted_sent_);
  counted_received_ = tls_.bytes_received();
  counted_sent_ = tls_.bytes_sent();
}

void Connection::Settle() {
  std::uint32_t events = 0;
  TimePoint deadline = moved_ + kLingerTime;
  if (state_ == State::kHandshake) {
    events = handshake_writes_ ? EPOLLOUT : EPOLLIN;
    deadline = moved_ + limits().handshake_timeout;
  } else if (state_ == State::kLingering) {
    events = EPOLLIN;
  } else {
    if (session_->wants_input() && !peer_closed_) events |= EPOLLIN;
    if (blocked_) events |= EPOLLOUT;
    deadline = session_->deadline();
    if (blocked_) deadline = std::min(deadline, moved_ + limits().stall_timeout);
  }
  timer_.Set(deadline);
  if (events == watched_) return;
  watched_ = events;
  worker_.thread().Rewatch(tls_.fd(), events, *this);
}

}  // namespace strongroom::net
