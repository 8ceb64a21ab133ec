// The TLS settings of a server (security 9.25): TLS 1.2 and 1.3, forward secret AEAD suites only,
// no renegotiation, no compression, no early data; sessions resume by tickets.
#pragma once

#include "base/result.h"
#include "net/openssl_handle.h"
#include "net/server.h"

namespace strongroom::net {

// Settings with one certificate; connections share them. Errors: kBadRequest, naming the part of
// `options` that is unusable.
base::Result<SslContextHandle> MakeServerContext(const TlsServerOptions& options);

}  // namespace strongroom::net
