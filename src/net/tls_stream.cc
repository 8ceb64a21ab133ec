#include "net/tls_stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/check.h"

namespace strongroom::net {
namespace {

TlsStream::Socket& SocketOf(BIO* bio) {
  return *static_cast<TlsStream::Socket*>(BIO_get_data(bio));
}

bool TryAgain(int error) { return error == EAGAIN || error == EINTR; }

// A read that brings less than was asked for has emptied the socket; the next one would only cost
// a call to be told so. Epoll is level-triggered and tells when there is more.
int ReadSocket(BIO* bio, char* out, int size) {
  TlsStream::Socket& socket = SocketOf(bio);
  BIO_clear_retry_flags(bio);
  if (socket.drained) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const ssize_t count =
      recv(socket.descriptor.get(), out, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0) {
    if (TryAgain(errno)) BIO_set_retry_read(bio);
    return -1;
  }
  socket.drained = count > 0 && count < size;
  socket.received += static_cast<std::uint64_t>(count);
  return static_cast<int>(count);
}

int WriteSocket(BIO* bio, const char* bytes, int size) {
  TlsStream::Socket& socket = SocketOf(bio);
  BIO_clear_retry_flags(bio);
  const ssize_t count =
      send(socket.descriptor.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0) {
    if (TryAgain(errno)) BIO_set_retry_write(bio);
    return -1;
  }
  socket.sent += static_cast<std::uint64_t>(count);
  return static_cast<int>(count);
}

long ControlSocket(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* SocketMethod() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "strongroom");
    STRONGROOM_CHECK(method != nullptr);
    BIO_meth_set_read(method, ReadSocket);
    BIO_meth_set_write(method, WriteSocket);
    BIO_meth_set_ctrl(method, ControlSocket);
    return method;
  }();
  return kMethod;
}

}  // namespace

TlsStream::TlsStream(SslHandle ssl, Descriptor socket) : ssl_(std::move(ssl)) {
  socket_.descriptor = std::move(socket);
  BIO* bio = BIO_new(SocketMethod());
  STRONGROOM_CHECK(bio != nullptr);
  BIO_set_data(bio, &socket_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::Outcome TlsStream::Handshake() {
  ERR_clear_error();
  return Explain(SSL_do_handshake(ssl_.get()));
}

TlsStream::Transfer TlsStream::Read(std::span<char> out) {
  ERR_clear_error();
  const int result = SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
  if (result > 0) return {Outcome::kDone, static_cast<std::size_t>(result)};
  return {Explain(result), 0};
}

TlsStream::Transfer TlsStream::Write(std::string_view bytes) {
  ERR_clear_error();
  const int result = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (result > 0) return {Outcome::kDone, static_cast<std::size_t>(result)};
  return {Explain(result), 0};
}

void TlsStream::FinishSending() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
  shutdown(fd(), SHUT_WR);
}

bool TlsStream::Discard(std::span<char> scratch) {
  for (int rounds = 0; rounds < 64; ++rounds) {
    const ssize_t count = recv(fd(), scratch.data(), scratch.size(), 0);
    if (count < 0) return TryAgain(errno);
    if (count == 0) return false;
  }
  return true;
}

std::string_view TlsStream::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsStream::PeerSubject() const {
  const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return {};
  const BioHandle bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0,
                                 XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
    return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

TlsStream::Outcome TlsStream::Explain(int result) {
  if (result > 0) return Outcome::kDone;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return Outcome::kWantRead;
    case SSL_ERROR_WANT_WRITE: return Outcome::kWantWrite;
    case SSL_ERROR_ZERO_RETURN: return Outcome::kClosed;
    default: break;
  }
  // Many clients close the TCP connection alone. Messages have lengths of their own, so that a cut
  // is noticed there.
  const bool eof = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  ERR_clear_error();
  return eof ? Outcome::kClosed : Outcome::kFailed;
}

}  // namespace strongroom::net
