#include "net/server.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/check.h"
#include "net/listener.h"
#include "net/tls_context.h"
#include "net/worker.h"

namespace strongroom::net {

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler, StreamHandler streams, EventLoop& loop)
      : state_(std::make_shared<ServerState>()),
        admission_(std::make_shared<Admission>(options.limits.connections_max,
                                               options.limits.connections_per_source_max)) {
    state_->limits = options.limits;
    state_->error_body = std::move(options.error_body);
    state_->handler = std::move(handler);
    state_->streams = std::move(streams);
    for (std::size_t i = 0; i < loop.thread_count(); ++i) {
      threads_.push_back(loop.thread(i));
      workers_.push_back(std::make_unique<Worker>(state_, loop.thread(i)));
    }
  }

  base::Status Open(ListeningSocket socket, SslContextHandle context) {
    port_ = socket.port;
    for (std::size_t i = 0; i < workers_.size(); ++i)
      threads_[i]->Run([worker = workers_[i].get()] { worker->Open(); });
    listener_ = std::make_unique<Listener>(std::move(socket.descriptor), std::move(context),
                                           admission_, workers_, threads_[0]);
    bool open = false;
    threads_[0]->Run([&] { open = listener_->Open(); });
    if (open) return {};
    return base::MakeError(base::ErrorCode::kUnavailable, "the kernel can't watch the socket");
  }

  // Returns how many requests were cut off. The second call does nothing.
  std::size_t Drain(std::chrono::milliseconds deadline) {
    if (closed_) return 0;
    if (listener_) threads_[0]->Run([this] { listener_->Close(); });
    const auto until = std::chrono::steady_clock::now() + deadline;
    if (deadline.count() > 0) {
      for (const auto& worker : workers_)
        worker->thread().Post([drained = worker.get()] { drained->Drain(); });
      const auto left = until - std::chrono::steady_clock::now();
      admission_->WaitUntilEmpty(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
    std::size_t cut_off = 0;
    for (const auto& worker : workers_) worker->thread().Run([&] { cut_off += worker->Close(); });
    closed_ = true;
    return cut_off;
  }

  base::Status Reload(TlsServerOptions tls) {
    tls.http2_only = tls.http2_only || state_->streams != nullptr;
    STRONGROOM_ASSIGN(SslContextHandle context, MakeServerContext(tls));
    listener_->UseContext(std::move(context));
    return {};
  }

  ServerMetrics Metrics() const {
    ServerMetrics metrics;
    for (const auto& worker : workers_) worker->counters().AddTo(metrics);
    metrics.connections_refused += listener_->refused().Get();
    metrics.connections_open = admission_->open();
    return metrics;
  }

  std::uint16_t port() const { return port_; }

 private:
  std::shared_ptr<ServerState> state_;
  std::shared_ptr<Admission> admission_;
  std::vector<std::shared_ptr<LoopThread>> threads_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;
  std::uint16_t port_ = 0;
  bool closed_ = false;
};

base::Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler,
                                                    EventLoop& loop) {
  STRONGROOM_CHECK(handler);
  return StartWith(std::move(options), std::move(handler), nullptr, loop);
}

base::Result<std::unique_ptr<Server>> Server::StartStreams(ServerOptions options,
                                                           StreamHandler handler, EventLoop& loop) {
  STRONGROOM_CHECK(handler);
  options.tls.http2_only = true;
  return StartWith(std::move(options), nullptr, std::move(handler), loop);
}

base::Result<std::unique_ptr<Server>> Server::StartWith(ServerOptions options, Handler handler,
                                                        StreamHandler streams, EventLoop& loop) {
  STRONGROOM_CHECK(options.error_body);
  STRONGROOM_ASSIGN(SslContextHandle context, MakeServerContext(options.tls));
  STRONGROOM_ASSIGN(ListeningSocket socket, Listen(options.host, options.port));
  std::unique_ptr<Server> server(new Server(
      std::make_unique<Impl>(std::move(options), std::move(handler), std::move(streams), loop)));
  STRONGROOM_TRY(server->impl_->Open(std::move(socket), std::move(context)));
  return server;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { impl_->Drain(std::chrono::milliseconds(0)); }

std::uint16_t Server::port() const { return impl_->port(); }

base::Status Server::ReloadCertificate(TlsServerOptions tls) {
  return impl_->Reload(std::move(tls));
}

std::size_t Server::Drain(std::chrono::milliseconds deadline) { return impl_->Drain(deadline); }

ServerMetrics Server::Metrics() const { return impl_->Metrics(); }

}  // namespace strongroom::net
