// Keys inside of OpenSSL: expanded keys in its contexts, private keys, buffers of TLS.
#pragma once

namespace strongroom::crypto {

// Puts all memory of OpenSSL where secrets are kept (base/secret_memory.h). To be called first
// thing in a program; aborts when OpenSSL has been used already.
void KeepOpenSslSecret();

}  // namespace strongroom::crypto
