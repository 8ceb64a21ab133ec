#include "net/listener.h"

#include <fcntl.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <system_error>

#include "base/log.h"
#include "net/socket_address.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kPause{100};

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

base::Result<ListeningSocket> Listen(const std::string& host, std::uint16_t port) {
  STRONGROOM_ASSIGN(const IpAddress address, IpAddress::Parse(host));
  socklen_t size = 0;
  sockaddr_storage bound = ToSocketAddress({address, port}, size);
  auto* generic = reinterpret_cast<sockaddr*>(&bound);
  ListeningSocket listening;
  listening.descriptor.Reset(
      socket(bound.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = listening.descriptor.get();
  const int on = 1;
  const int off = 0;
  const bool ready =
      fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      (address.is_v4() || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
      bind(fd, generic, size) == 0 && listen(fd, kBacklog) == 0 &&
      getsockname(fd, generic, &size) == 0;
  if (!ready)
    return base::MakeError(ErrorCode::kUnavailable,
                           "listening on `" + host + "` port " + std::to_string(port) +
                               " failed: " + std::generic_category().message(errno));
  listening.port = ToEndpoint(generic).port;
  return listening;
}

Listener::Listener(Descriptor socket, SslContextHandle context,
                   std::shared_ptr<Admission> admission,
                   std::vector<std::unique_ptr<Worker>>& workers,
                   std::shared_ptr<LoopThread> thread)
    : socket_(std::move(socket)),
      spare_(OpenSpare()),
      admission_(std::move(admission)),
      workers_(workers),
      thread_(std::move(thread)),
      context_(std::move(context)) {}

bool Listener::Open() {
  resume_ = std::make_unique<Timer>(*thread_,
                                    [this] { thread_->Rewatch(socket_.get(), EPOLLIN, *this); });
  return thread_->Watch(socket_.get(), EPOLLIN, *this);
}

void Listener::Close() {
  if (!socket_) return;
  resume_.reset();
  thread_->Unwatch(socket_.get(), *this);
  socket_.Reset();
  spare_.Reset();
}

void Listener::UseContext(SslContextHandle context) {
  std::lock_guard lock(mutex_);
  context_.swap(context);
}

SslHandle Listener::NewSsl() {
  std::lock_guard lock(mutex_);
  SslHandle ssl(SSL_new(context_.get()));
  if (ssl) SSL_set_accept_state(ssl.get());
  return ssl;
}

void Listener::OnEvents(std::uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i)
    if (AcceptOne() == Next::kEnough) return;
}

Listener::Next Listener::AcceptOne() {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  Descriptor accepted(accept4(socket_.get(), generic, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted) return OnAcceptError(errno);
  // IPv4 clients of a socket for both families come as mapped addresses; they are IPv4 clients.
  const Endpoint endpoint = ToEndpoint(generic);
  const IpAddress address = Unmapped(endpoint.address);
  auto ticket = admission_->Enter(address);
  SslHandle ssl = ticket ? NewSsl() : nullptr;
  if (!ssl) {
    refused_.Add(1);
    return Next::kAgain;
  }
  // Without it, small frames of HTTP/2 wait for the client's delayed acknowledgements.
  const int on = 1;
  setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Worker& worker = *workers_[next_worker_++ % workers_.size()];
  Accepted connection{std::move(accepted), std::move(ssl),
                      Peer{address.ToString(), endpoint.port, {}}, *std::move(ticket)};
  if (worker.thread().IsCurrent()) {
    worker.Adopt(std::move(connection));
  } else {
    // INVARIANT: the listener closes before any worker, so that this runs before its end.
    worker.thread().Post([&worker, connection = std::move(connection)]() mutable {
      worker.Adopt(std::move(connection));
    });
  }
  return Next::kAgain;
}

Listener::Next Listener::OnAcceptError(int error) {
  switch (error) {
    case EAGAIN: return Next::kEnough;
    case EMFILE:
    case ENFILE: break;
    case ENOBUFS:
    case ENOMEM: Pause(); return Next::kEnough;
    default: return Next::kAgain;  // of the connection that was to be accepted (accept(2))
  }
  // The client gets an end instead of silence, and the queue does not keep us spinning.
  spare_.Reset();
  Descriptor turned_away(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (turned_away) refused_.Add(1);
  turned_away.Reset();
  spare_ = OpenSpare();
  if (spare_) return Next::kAgain;
  Pause();
  return Next::kEnough;
}

void Listener::Pause() {
  base::Log(base::LogLevel::kWarning, "accepting pauses: out of descriptors or memory");
  thread_->Rewatch(socket_.get(), 0, *this);
  resume_->Set(thread_->now() + kPause);
}

}  // namespace strongroom::net
