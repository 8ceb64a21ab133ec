// Trust: the certificates by which an HttpsClient judges others (security 2.37).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "net/openssl_handle.h"

namespace strongroom::net {

// Thread-safe. Reads the system's certificates once, when it is made.
class Trust {
 public:
  Trust();

  // A client side for one connection, which trusts the system's certificates and those of `ca_pem`,
  // and accepts a certificate only for `host`. Errors: kBadRequest if `ca_pem` has no certificate.
  base::Result<SslHandle> NewSsl(const std::string& ca_pem, const std::string& host,
                                 bool host_is_address);

 private:
  using SharedContext = std::shared_ptr<SSL_CTX>;
  base::Result<SharedContext> Context(const std::string& ca_pem);
  base::Result<SharedContext> MakeContext(const std::string& ca_pem) const;

  std::unique_ptr<X509_STORE, Freer<X509_STORE_free>> system_;
  std::mutex mutex_;
  std::map<std::string, SharedContext> contexts_;  // by ca_pem; guarded by mutex_
};

}  // namespace strongroom::net
