// TlsStream: TLS over one non-blocking socket, for both sides. It reads and writes the socket
// itself, without a system call more than needed. Belongs to one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/descriptor.h"
#include "net/openssl_handle.h"

namespace strongroom::net {

class TlsStream {
 public:
  enum class Outcome {
    kDone,
    kWantRead,   // go on when the socket is readable
    kWantWrite,  // go on when it is writable
    kClosed,     // the other side will send no more
    kFailed,     // broken; only to be destroyed
  };
  struct Transfer {
    Outcome outcome;
    std::size_t bytes;  // with kDone only, and then at least one
  };

  // `ssl` has its role (accept or connect) set.
  TlsStream(SslHandle ssl, Descriptor socket);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  int fd() const { return socket_.descriptor.get(); }
  SSL* ssl() const { return ssl_.get(); }

  // To be called when the socket has become readable: reads may ask the kernel again.
  void Readable() { socket_.drained = false; }

  Outcome Handshake();
  Transfer Read(std::span<char> out);
  Transfer Write(std::string_view bytes);
  // Whether bytes are waiting that the socket will not announce.
  bool HasPending() const { return SSL_has_pending(ssl_.get()) == 1; }
  // Says that nothing more will be sent; the other side may still send.
  void FinishSending();
  // Throws away what the socket has; false when the other side has closed.
  bool Discard(std::span<char> scratch);

  // "h2", "http/1.1" or "" (no ALPN).
  std::string_view protocol() const;
  // The subject (rfc4514) of the certificate that the other side has shown; "" without one.
  std::string PeerSubject() const;

  std::uint64_t bytes_received() const { return socket_.received; }
  std::uint64_t bytes_sent() const { return socket_.sent; }

  // What the library reads and writes through.
  struct Socket {
    Descriptor descriptor;
    bool drained = false;  // the last read took all there was
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
  };

 private:
  Outcome Explain(int result);

  Socket socket_;
  SslHandle ssl_;
};

}  // namespace strongroom::net
