#include "net/fetch_exchange.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/secret.h"
#include "net/field_line.h"
#include "net/socket_address.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;
using Outcome = TlsStream::Outcome;

constexpr std::size_t kAddressesMax = 8;

// Headers that are the client's own, or would change how messages are framed.
constexpr std::string_view kReserved[] = {"host",       "content-length", "transfer-encoding",
                                          "connection", "expect",         "accept-encoding",
                                          "te",         "upgrade",        "trailer"};

base::Result<std::string> WriteRequest(const FetchRequest& request, const FetchUrl& url) {
  const auto unusable = [](const char* what) {
    return base::MakeError(ErrorCode::kBadRequest, std::string("the request is unusable: ") + what);
  };
  if (!IsMethod(request.method) || request.method == "CONNECT")
    return unusable("its method is malformed");
  std::string out = request.method + " " + url.target + " HTTP/1.1\r\nhost: " + url.authority +
                    "\r\naccept-encoding: identity\r\nconnection: close\r\n";
  for (const Header& header : request.headers) {
    if (!IsToken(header.name) || !IsFieldValue(header.value))
      return unusable("a header is malformed");
    if (std::ranges::any_of(kReserved, [&](std::string_view name) {
          return EqualsIgnoringCase(header.name, name);
        }))
      return unusable("a header is the client's own");
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
    out.append("content-length: ").append(std::to_string(request.body.size())).append("\r\n");
  return out.append("\r\n").append(request.body);
}

}  // namespace

FetchExchange::FetchExchange(std::shared_ptr<LoopThread> thread, FetchRequest request,
                             TimePoint started, Ended ended)
    : thread_(std::move(thread)),
      request_(std::move(request)),
      started_(started),
      ended_(std::move(ended)),
      timer_(*thread_, [this] { Expire(); }) {}

void FetchExchange::Start(Resolver& resolver, Trust& trust) {
  trust_ = &trust;
  if (base::Status status = Prepare(); !status) return End(std::move(status).error());
  timer_.Set(started_ + std::min(request_.connect_timeout, request_.total_timeout));
  if (url_.address) return OnResolved(std::vector{*url_.address});
  const auto on_resolved = [weak = weak_from_this(),
                            thread = thread_](base::Result<std::vector<IpAddress>> addresses) {
    thread->Post([weak, addresses = std::move(addresses)]() mutable {
      const auto self = weak.lock();
      if (self && self->state_ == State::kResolving) self->OnResolved(std::move(addresses));
    });
  };
  resolver.Resolve(url_.host, on_resolved);
}

void FetchExchange::Cancel() { End(Unavailable("the client has ended")); }

base::Status FetchExchange::Prepare() {
  STRONGROOM_ASSIGN(url_, FetchUrl::Parse(request_.url));
  STRONGROOM_ASSIGN(out_, WriteRequest(request_, url_));
  reader_.emplace(request_.response_bytes_max, request_.method == "HEAD");
  return {};
}

// security 2.41
bool FetchExchange::MayReach(const IpAddress& address) const {
  return IsPublic(address) || (request_.allow_loopback && IsLoopback(address)) ||
         std::ranges::any_of(request_.allowed_networks,
                             [&](const Cidr& network) { return network.Contains(address); });
}

void FetchExchange::OnResolved(base::Result<std::vector<IpAddress>> addresses) {
  if (!addresses) return End(std::move(addresses).error());
  for (const IpAddress& address : *addresses)
    if (addresses_.size() < kAddressesMax && MayReach(address)) addresses_.push_back(address);
  if (addresses_.empty()) return End(Unacceptable("has no address that may be reached"));
  ConnectNext();
}

void FetchExchange::ConnectNext() {
  CloseSocket();
  const TimePoint until = started_ + std::min(request_.connect_timeout, request_.total_timeout);
  while (next_ < addresses_.size()) {
    // What is left of the time is shared among the addresses that are left.
    const auto share = (until - thread_->now()) / static_cast<int>(addresses_.size() - next_);
    socklen_t size = 0;
    // INVARIANT: addresses_ holds only what MayReach has passed, and is what we connect to.
    const sockaddr_storage address = ToSocketAddress({addresses_[next_++], url_.port}, size);
    socket_.Reset(socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_) continue;
    const int on = 1;
    setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int result = connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size);
    if (result != 0 && errno != EINPROGRESS) continue;
    state_ = State::kConnecting;
    timer_.Set(thread_->now() + share);
    watched_ = EPOLLOUT;
    if (thread_->Watch(socket_.get(), EPOLLOUT, *this)) return;
  }
  End(Unavailable("can't be connected to"));
}

void FetchExchange::OnEvents(std::uint32_t) {
  const auto self = shared_from_this();
  if (tls_) tls_->Readable();
  switch (state_) {
    case State::kConnecting: return OnConnected();
    case State::kHandshake: return Handshake();
    case State::kExchanging: return Exchange();
    case State::kResolving:
    case State::kEnded: return;
  }
}

void FetchExchange::OnConnected() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return ConnectNext();
  auto ssl = trust_->NewSsl(request_.ca_pem, url_.host, url_.address.has_value());
  if (!ssl) return End(std::move(ssl).error());
  tls_.emplace(*std::move(ssl), std::move(socket_));
  state_ = State::kHandshake;
  timer_.Set(started_ + request_.total_timeout);
  Handshake();
}

void FetchExchange::Handshake() {
  switch (tls_->Handshake()) {
    case Outcome::kWantRead: return Watch(EPOLLIN);
    case Outcome::kWantWrite: return Watch(EPOLLOUT);
    case Outcome::kDone: state_ = State::kExchanging; return Exchange();
    case Outcome::kClosed:
    case Outcome::kFailed: break;
  }
  const long verdict = SSL_get_verify_result(tls_->ssl());
  if (verdict != X509_V_OK)
    return End(Unacceptable(std::string("has a certificate that is not accepted: ") +
                            X509_verify_cert_error_string(verdict)));
  End(Unavailable("ended the TLS handshake"));
}

void FetchExchange::Exchange() {
  bool blocked = false;
  while (sent_ < out_.size() && !blocked) {
    const auto [outcome, bytes] = tls_->Write(std::string_view(out_).substr(sent_));
    if (outcome == Outcome::kClosed || outcome == Outcome::kFailed)
      return End(Unavailable("closed the connection"));
    blocked = outcome != Outcome::kDone;
    sent_ += bytes;
  }
  // What services answer can be a key.
  struct Scratch {
    std::array<char, 16384> bytes;
    ~Scratch() { base::Wipe({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}); }
  } scratch;
  while (state_ == State::kExchanging) {
    const auto [outcome, bytes] = tls_->Read(scratch.bytes);
    switch (outcome) {
      case Outcome::kDone: OnRead(reader_->Read({scratch.bytes.data(), bytes})); break;
      case Outcome::kWantRead:
      case Outcome::kWantWrite: return Watch(blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
      case Outcome::kClosed:
        // An end that anyone on the way could have made proves nothing.
        if ((SSL_get_shutdown(tls_->ssl()) & SSL_RECEIVED_SHUTDOWN) == 0)
          return End(Unavailable("closed the connection"));
        return OnRead(reader_->ReadEnd());
      case Outcome::kFailed: return End(Unavailable("closed the connection"));
    }
  }
}

void FetchExchange::OnRead(ResponseReader::Step step) {
  if (step == ResponseReader::Step::kMore) return;
  if (step == ResponseReader::Step::kDone) return End(reader_->Take());
  End(Unacceptable(std::string("sent an answer that ") + reader_->why()));
}

void FetchExchange::Watch(std::uint32_t events) {
  if (events == watched_) return;
  watched_ = events;
  thread_->Rewatch(tls_->fd(), events, *this);
}

void FetchExchange::Expire() {
  const auto self = shared_from_this();
  if (state_ == State::kConnecting && next_ < addresses_.size()) return ConnectNext();
  End(Unavailable("took too long"));
}

void FetchExchange::CloseSocket() {
  const int fd = tls_ ? tls_->fd() : socket_.get();
  if (fd >= 0) thread_->Unwatch(fd, *this);
  if (state_ == State::kExchanging) tls_->FinishSending();
  tls_.reset();
  socket_.Reset();
}

void FetchExchange::End(base::Result<FetchResponse> result) {
  if (state_ == State::kEnded) return;
  CloseSocket();
  state_ = State::kEnded;
  timer_.Cancel();
  for (std::string* const sent : {&out_, &request_.body})
    base::Wipe({reinterpret_cast<std::uint8_t*>(sent->data()), sent->size()});
  std::exchange(ended_, nullptr)(*this, std::move(result));
}

base::Error FetchExchange::Unavailable(const std::string& what) const {
  base::Error error = base::MakeError(ErrorCode::kUnavailable, "`" + url_.host + "` " + what);
  error.retriable = true;
  return error;
}

base::Error FetchExchange::Unacceptable(const std::string& what) const {
  return base::MakeError(ErrorCode::kDependencyError, "`" + url_.host + "` " + what);
}

}  // namespace strongroom::net
