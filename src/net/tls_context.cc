#include "net/tls_context.h"

#include <openssl/err.h>

#include <algorithm>

#include "net/ticket_keys.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;

constexpr char kCiphersTls12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr char kCiphersTls13[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr char kGroups[] = "X25519:P-256:P-384";
constexpr std::string_view kHttp2Protocol = "h2";
constexpr std::string_view kHttp11Protocol = "http/1.1";
constexpr unsigned char kSessionContext[] = "strongroom";

base::Error Unusable(const char* what) {
  ERR_clear_error();
  return base::MakeError(ErrorCode::kBadRequest, what);
}

// Prefers HTTP/2, or takes nothing else when `http2_only` is set. A client that offers neither is
// refused (rfc7301 3.2); one without ALPN gets HTTP/1.1.
int SelectProtocol(SSL*, const unsigned char** out, unsigned char* out_size,
                   const unsigned char* in, unsigned int in_size, void* http2_only) {
  std::string_view offered(reinterpret_cast<const char*>(in), in_size);
  std::string_view chosen;
  while (!offered.empty()) {
    const std::size_t size = static_cast<unsigned char>(offered[0]);
    const std::string_view name = offered.substr(1, size);
    const bool takes = name == kHttp11Protocol && http2_only == nullptr && chosen.empty();
    if (name == kHttp2Protocol || takes) chosen = name;
    offered.remove_prefix(std::min(offered.size(), size + 1));
  }
  if (chosen.empty()) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = reinterpret_cast<const unsigned char*>(chosen.data());
  *out_size = static_cast<unsigned char>(chosen.size());
  return SSL_TLSEXT_ERR_OK;
}

base::Status UseCertificate(SSL_CTX* context, const TlsServerOptions& options) {
  const BioHandle bio = ReadOnlyBio(options.certificate_pem);
  const X509Handle leaf(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1)
    return Unusable("the server's certificate is not a certificate in PEM");
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    return Unusable("the server's certificate chain is unusable");
  }
  const PkeyHandle key = ReadPrivateKey(options.private_key_pem);
  if (!key) return Unusable("the server's private key is not an unencrypted key in PEM");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return Unusable("the server's private key does not belong to its certificate");
  ERR_clear_error();
  return {};
}

base::Status UseClientAuthorities(SSL_CTX* context, const TlsServerOptions& options) {
  if (options.client_ca_pem.empty()) {
    if (!options.client_certificate_required) return {};
    return Unusable("client certificates are required, but no authority for them is given");
  }
  const BioHandle bio = ReadOnlyBio(options.client_ca_pem);
  int count = 0;
  while (const X509Handle authority{PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)}) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1)
      return Unusable("an authority for client certificates is unusable");
    ++count;
  }
  if (count == 0) return Unusable("the authority for client certificates is not in PEM");
  ERR_clear_error();
  SSL_CTX_set_verify(
      context,
      SSL_VERIFY_PEER | (options.client_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
      nullptr);
  return {};
}

}  // namespace

base::Result<SslContextHandle> MakeServerContext(const TlsServerOptions& options) {
  SslContextHandle handle(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = handle.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, kCiphersTls12) != 1 ||
      SSL_CTX_set_ciphersuites(context, kCiphersTls13) != 1 ||
      SSL_CTX_set1_groups_list(context, kGroups) != 1 ||
      SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1) != 1 ||
      !UseTicketKeys(context))
    return Unusable("the TLS library refuses its settings");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Buffers of idle connections are given back (security 8.16).
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_max_early_data(context, 0);
  static bool http2_only = true;
  SSL_CTX_set_alpn_select_cb(context, SelectProtocol, options.http2_only ? &http2_only : nullptr);
  STRONGROOM_TRY(UseCertificate(context, options));
  STRONGROOM_TRY(UseClientAuthorities(context, options));
  return handle;
}

}  // namespace strongroom::net
