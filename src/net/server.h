// Server: HTTPS on one address: TLS 1.2/1.3, HTTP/1.1 with keep-alive and pipelining, and HTTP/2,
// chosen by ALPN. There is no way to listen without TLS.
//
// What is refused before a handler sees it, and with what, is in docs/reference/network.md; the
// limits are those of security 8.16-19 and 9.1.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/event_loop.h"
#include "net/message.h"

namespace strongroom::net {

class AnswerSink;  // net/answer_sink.h; for the inside of this folder

// The right and the duty to answer one request. Move-only, from any thread, now or later. Dropped
// without an answer it answers 500. An answer to a client that has gone is dropped silently; it may
// also come after the server or the loop is gone.
class Responder {
 public:
  Responder() = default;
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  // Answers the request; call it at most once. On the loop thread of the connection (that is, from
  // within the handler) it costs no hop; from other threads the answer is posted there, and answers
  // that come together wake that thread once.
  void Send(Response response);

  // Whether Send is still owed.
  bool pending() const { return sink_ != nullptr; }

  // For tests of handlers: `on_response` receives the answer, on the thread that sends it.
  static Responder ForTest(std::function<void(Response)> on_response);

 private:
  friend class Connection;
  Responder(std::shared_ptr<AnswerSink> sink, std::uint64_t connection, std::int32_t stream);
  std::shared_ptr<AnswerSink> sink_;
  std::uint64_t connection_ = 0;
  std::int32_t stream_ = 0;
};

// Called on a loop thread for each complete request within the limits. It must not block and must
// not throw; it answers at once or keeps the responder.
using Handler = std::function<void(Request, Responder)>;

// The other way to serve, for HTTP/2 alone (net/stream.h).
class Stream;
class StreamReceiver;
using StreamHandler =
    std::function<std::shared_ptr<StreamReceiver>(Request head, std::shared_ptr<Stream> stream)>;

struct TlsServerOptions {
  std::string certificate_pem;        // the server's certificate, then its chain
  base::SecretBytes private_key_pem;  // unencrypted
  std::string client_ca_pem;          // empty: clients are not asked for a certificate
  bool client_certificate_required = false;
  bool http2_only = false;  // ALPN must offer h2
};

// Defaults: base/limits.h.
struct ServerLimits {
  std::size_t connections_max = 16384;
  std::size_t connections_per_source_max = 1024;  // IPv6 sources count by /64
  std::size_t uri_bytes_max = base::limits::kHttpUriBytesMax;
  std::size_t header_bytes_max = base::limits::kHttpHeaderBytesMax;
  std::size_t header_count_max = base::limits::kHttpHeaderCountMax;
  std::size_t body_bytes_max = base::limits::kHttpBodyBytesMax;
  std::size_t body_bytes_per_second_min = base::limits::kHttpBodyBytesPerSecondMin;
  std::chrono::milliseconds handshake_timeout = base::limits::kTlsHandshakeTimeout;
  std::chrono::milliseconds header_timeout = base::limits::kHttpHeaderTimeout;
  std::chrono::milliseconds idle_timeout = base::limits::kHttpIdleTimeout;
  // A body may be as slow as it likes for this long; and a client that takes nothing of an answer
  // for this long is cut off.
  std::chrono::milliseconds stall_timeout{10000};
  std::uint32_t http2_streams_max = base::limits::kHttp2StreamsMax;
};

// The body of an answer that the server itself gives (400, 404 for no handler, 408, 413, 414, 431,
// 500, 503, …).
using ErrorBody = std::function<std::string(int status, const base::Error& error)>;

// {"errors":[{"message":…,"extensions":{"code":…}}]}
std::string DefaultErrorBody(int status, const base::Error& error);

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, not a name; "::" is both families
  std::uint16_t port = 0;          // 0: the kernel chooses, see port()
  TlsServerOptions tls;
  ServerLimits limits;
  ErrorBody error_body = DefaultErrorBody;
};

// Counted since the start of the server; `connections_open` and `requests_open` are of now.
struct ServerMetrics {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_refused = 0;  // by the caps, or for lack of descriptors
  std::uint64_t handshakes_completed = 0;
  std::uint64_t handshakes_resumed = 0;
  std::uint64_t handshakes_failed = 0;
  std::uint64_t requests = 0;
  std::uint64_t requests_open = 0;
  std::uint64_t requests_refused = 0;  // answered by the server itself, with 4xx
  std::uint64_t timeouts = 0;          // connections closed for being slow or idle
  std::uint64_t http2_abuse = 0;       // connections closed for flooding
  std::uint64_t bytes_received = 0;    // ciphertext
  std::uint64_t bytes_sent = 0;
};

class Server {
 public:
  // Binds, listens and serves. Fails when the address can't be bound or the certificate, key or CA
  // is unusable. `loop` must outlive the server.
  static base::Result<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler,
                                                     EventLoop& loop);
  // The same with streams instead of whole requests: HTTP/2 alone, whatever `options.tls` says.
  static base::Result<std::unique_ptr<Server>> StartStreams(ServerOptions options,
                                                            StreamHandler handler, EventLoop& loop);

  // Closes what is still open at once. Not to be called from a loop thread.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;

  // New connections use the new certificate; open ones go on. If it is unusable, the old one stays.
  base::Status ReloadCertificate(TlsServerOptions tls);

  // Stops accepting, tells clients to go (GOAWAY, `connection: close`), lets requests in flight
  // finish, and returns when no connection is left or when `deadline` has passed and the rest was
  // cut off. Returns how many requests were cut off. Blocks; not to be called from a loop thread.
  std::size_t Drain(std::chrono::milliseconds deadline);

  ServerMetrics Metrics() const;

  class Impl;

 private:
  explicit Server(std::unique_ptr<Impl> impl);
  static base::Result<std::unique_ptr<Server>> StartWith(ServerOptions options, Handler handler,
                                                         StreamHandler streams, EventLoop& loop);
  std::unique_ptr<Impl> impl_;
};

}  // namespace strongroom::net
