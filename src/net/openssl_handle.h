// Owners of OpenSSL's objects, for the .cc files of this folder alone.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <span>
#include <string_view>

#include "base/secret.h"

namespace strongroom::net {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
inline void FreeMemoryBio(BIO* bio) { BIO_free(bio); }
inline void FreeExtensions(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}

using BioHandle = std::unique_ptr<BIO, Freer<FreeMemoryBio>>;
using PkeyHandle = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, Freer<X509_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, Freer<SSL_free>>;

// A reader over `text`, which must outlive it.
inline BioHandle ReadOnlyBio(std::string_view text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}
inline std::string_view AsText(const base::SecretBytes& secret) {
  const std::span<const std::uint8_t> bytes = secret.Expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
// Never asks a terminal for a passphrase: an encrypted key is simply unusable.
inline int NoPassphrase(char*, int, int, void*) { return -1; }

// The first certificate, or the key, of a PEM text; null if there is none.
inline X509Handle ReadCertificate(std::string_view pem) {
  const BioHandle bio = ReadOnlyBio(pem);
  return X509Handle(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
}
inline PkeyHandle ReadPrivateKey(const base::SecretBytes& pem) {
  const BioHandle bio = ReadOnlyBio(AsText(pem));
  return PkeyHandle(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
}

}  // namespace strongroom::net
