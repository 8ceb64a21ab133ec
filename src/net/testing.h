// For tests: a server on loopback with a certificate of its own, and a plain, blocking TLS client
// that can be made to say anything.
#pragma once

#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "net/certificate.h"
#include "net/descriptor.h"
#include "net/openssl_handle.h"
#include "net/server.h"
#include "net/socket_address.h"

namespace strongroom::net {

// One authority for the whole test program.
inline const CertificatePair& TestAuthority() {
  static const CertificatePair kAuthority =
      MakeAuthority("test authority", std::chrono::hours(24), base::SystemClock()).value();
  return kAuthority;
}

inline TlsServerOptions TestTls(const std::vector<std::string>& names = LocalNames()) {
  CertificatePair pair =
      MakeServerCertificate(TestAuthority(), names, std::chrono::hours(24), base::SystemClock())
          .value();
  TlsServerOptions options;
  options.certificate_pem = std::move(pair.certificate_pem);
  options.private_key_pem = std::move(pair.private_key_pem);
  return options;
}

// Answers with the body of the request, or with method and target if it has none.
inline void Echo(Request request, Responder responder) {
  Response response;
  response.content_type = "text/plain";
  response.body = request.body().empty()
                      ? std::string(request.method()) + " " + std::string(request.target())
                      : request.TakeBody();
  responder.Send(std::move(response));
}

inline constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nhost: localhost\r\n\r\n";

// Limits of time short enough to wait for, and long enough for a busy machine.
inline ServerLimits Impatient() {
  ServerLimits limits;
  limits.handshake_timeout = std::chrono::milliseconds(1000);
  limits.header_timeout = std::chrono::milliseconds(300);
  limits.idle_timeout = std::chrono::milliseconds(600);
  limits.stall_timeout = std::chrono::milliseconds(300);
  return limits;
}

inline Response Text(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

// Keeps responders until a test lets them go.
class Shelf {
 public:
  Handler handler() {
    return [this](Request, Responder responder) {
      std::lock_guard lock(mutex_);
      shelf_.push_back(std::move(responder));
      changed_.notify_all();
    };
  }
  Responder Take() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(5), [this] { return !shelf_.empty(); });
    Responder responder = std::move(shelf_.front());
    shelf_.erase(shelf_.begin());
    return responder;
  }
  void AnswerAll(const std::string& body) {
    std::lock_guard lock(mutex_);
    for (Responder& responder : shelf_) {
      Response response;
      response.body = body;
      responder.Send(std::move(response));
    }
    shelf_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Responder> shelf_;
};

class TestServer {
 public:
  explicit TestServer(ServerLimits limits = {}, Handler handler = Echo,
                      TlsServerOptions tls = TestTls(), std::size_t threads = 1)
      : loop_(EventLoop::Start(threads)) {
    ServerOptions options;
    options.limits = limits;
    options.tls = std::move(tls);
    server_ = Server::Start(std::move(options), std::move(handler), *loop_).value();
  }
  Server& operator*() { return *server_; }
  Server* operator->() { return server_.get(); }
  std::uint16_t port() const { return server_->port(); }
  void Stop() { server_.reset(); }
  // Waits until `condition` of the metrics holds; false after three seconds.
  bool Await(const std::function<bool(const ServerMetrics&)>& condition) const {
    for (int i = 0; i < 300; ++i) {
      if (condition(server_->Metrics())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

 private:
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Server> server_;
};

// A TCP connection to loopback; reads give up after five seconds.
inline Descriptor ConnectTo(std::uint16_t port, int receive_buffer = 0) {
  signal(SIGPIPE, SIG_IGN);  // the library's own socket writes raise it
  socklen_t size = 0;
  const sockaddr_storage address = ToSocketAddress({IpAddress::V4({127, 0, 0, 1}), port}, size);
  Descriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval timeout{5, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (receive_buffer > 0)
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) fd.Reset();
  return fd;
}

// Trusts the test authority.
inline SslContextHandle TestClientContext() {
  SslContextHandle context(SSL_CTX_new(TLS_client_method()));
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                      ReadCertificate(TestAuthority().certificate_pem).get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

class TestClient {
 public:
  // ALPN's wire form, such as "\x02h2"; "" offers nothing.
  explicit TestClient(std::uint16_t port, std::string_view alpn = "",
                      const SslContextHandle& context = TestClientContext(),
                      SSL_SESSION* session = nullptr, int receive_buffer = 0)
      : fd_(ConnectTo(port, receive_buffer)), ssl_(SSL_new(context.get())) {
    if (!fd_) return;
    SSL_set_fd(ssl_.get(), fd_.get());
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()),
                        static_cast<unsigned>(alpn.size()));
    SSL_set1_host(ssl_.get(), "localhost");
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
    connected_ = SSL_connect(ssl_.get()) == 1;
  }

  bool connected() const { return connected_; }
  SSL* ssl() const { return ssl_.get(); }
  int fd() const { return fd_.get(); }

  bool Send(std::string_view bytes) {
    return connected_ && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // Some bytes; "" at the end or after five seconds.
  std::string Read() {
    char buffer[16384];
    const int count = connected_ ? SSL_read(ssl_.get(), buffer, sizeof buffer) : 0;
    return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : std::string();
  }
  // Everything up to the end of the connection.
  std::string ReadAll() {
    std::string all;
    for (std::string piece = Read(); !piece.empty(); piece = Read()) all += piece;
    return all;
  }
  // Until `all` contains `mark`.
  std::string ReadUntil(std::string_view mark) {
    std::string all;
    while (all.find(mark) == all.npos) {
      const std::string piece = Read();
      if (piece.empty()) break;
      all += piece;
    }
    return all;
  }
  // Whether the other side ended the connection, orderly or not, rather than keeping still.
  bool AtEnd() {
    char byte = 0;
    const int count = SSL_read(ssl_.get(), &byte, 1);
    return count <= 0 && SSL_get_error(ssl_.get(), count) != SSL_ERROR_WANT_READ;
  }
  // One HTTP/1 exchange; the answer with its head.
  std::string Ask(std::string_view request) {
    Send(request);
    std::string answer = ReadUntil("\r\n\r\n");
    const std::size_t at = answer.find("content-length: ");
    if (at == answer.npos) return answer;
    const std::size_t size = std::stoul(answer.substr(at + 16));
    const std::size_t whole = answer.find("\r\n\r\n") + 4 + size;
    while (answer.size() < whole) {
      const std::string piece = Read();
      if (piece.empty()) break;
      answer += piece;
    }
    return answer;
  }

 private:
  Descriptor fd_;
  SslHandle ssl_;
  bool connected_ = false;
};

}  // namespace strongroom::net
