#include "net/trust.h"

#include <openssl/err.h>

#include <cstdlib>

#include "base/check.h"

namespace strongroom::net {
namespace {

constexpr std::size_t kContextsMax = 64;  // issuers with an authority of their own are few
constexpr unsigned char kProtocols[] = "\x08http/1.1";
constexpr char kDebianCertificates[] = "/etc/ssl/certs/ca-certificates.crt";

using StoreHandle = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;

StoreHandle ReadSystemStore() {
  StoreHandle store(X509_STORE_new());
  STRONGROOM_CHECK(store != nullptr);
  const char* chosen = std::getenv(X509_get_default_cert_file_env());
  for (const char* file : {chosen, X509_get_default_cert_file(), kDebianCertificates})
    if (file != nullptr && X509_STORE_load_file(store.get(), file) == 1) break;
  ERR_clear_error();
  return store;
}

// Adds the certificates of `from` without reading them again.
bool AddAll(X509_STORE* to, X509_STORE* from) {
  const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(from);
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    X509* certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
    if (certificate != nullptr && X509_STORE_add_cert(to, certificate) != 1) return false;
  }
  return true;
}

base::Error Unusable(base::ErrorCode code, const char* message) {
  ERR_clear_error();
  return base::MakeError(code, message);
}

}  // namespace

Trust::Trust() : system_(ReadSystemStore()) {}

base::Result<Trust::SharedContext> Trust::MakeContext(const std::string& ca_pem) const {
  SslContextHandle context(SSL_CTX_new(TLS_client_method()));
  StoreHandle store(X509_STORE_new());
  if (!context || !store || !AddAll(store.get(), system_.get()) ||
      SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(context.get(), kProtocols, sizeof kProtocols - 1) != 0)
    return Unusable(base::ErrorCode::kInternalServerError, "the TLS library refuses its settings");
  if (!ca_pem.empty()) {
    const BioHandle bio = ReadOnlyBio(ca_pem);
    int count = 0;
    while (
        const X509Handle certificate{PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)})
      count += X509_STORE_add_cert(store.get(), certificate.get());
    if (count == 0)
      return Unusable(base::ErrorCode::kBadRequest, "the certificate authority is not in PEM");
    // Whoever names a certificate trusts it, be it a root or not.
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  }
  ERR_clear_error();
  SSL_CTX_set_cert_store(context.get(), store.release());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context.get(), 1);
  return SharedContext(context.release(), SSL_CTX_free);
}

base::Result<Trust::SharedContext> Trust::Context(const std::string& ca_pem) {
  std::lock_guard lock(mutex_);
  if (const auto found = contexts_.find(ca_pem); found != contexts_.end()) return found->second;
  STRONGROOM_ASSIGN(SharedContext context, MakeContext(ca_pem));
  if (contexts_.size() >= kContextsMax) contexts_.clear();
  contexts_.emplace(ca_pem, context);
  return context;
}

base::Result<SslHandle> Trust::NewSsl(const std::string& ca_pem, const std::string& host,
                                      bool host_is_address) {
  STRONGROOM_ASSIGN(const SharedContext context, Context(ca_pem));
  SslHandle ssl(SSL_new(context.get()));
  if (!ssl) return Unusable(base::ErrorCode::kInternalServerError, "out of memory for TLS");
  SSL_set_connect_state(ssl.get());
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl.get());
  X509_VERIFY_PARAM_set_hostflags(
      expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const bool set = host_is_address ? X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1
                                   : SSL_set1_host(ssl.get(), host.c_str()) == 1 &&
                                         SSL_set_tlsext_host_name(ssl.get(), host.c_str()) == 1;
  if (!set) return Unusable(base::ErrorCode::kBadRequest, "the host can't be verified");
  return ssl;
}

}  // namespace strongroom::net
