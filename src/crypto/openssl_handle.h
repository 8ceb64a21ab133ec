// Owners of OpenSSL's objects, for the .cc files of this folder alone.
#pragma once

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>
#include <string_view>

namespace strongroom::crypto {

template <auto kFree>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using PkeyHandle = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using PkeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContextHandle = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using BignumHandle = std::unique_ptr<BIGNUM, Freer<BN_clear_free>>;
using EcdsaHandle = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>>;
using ParamBuilderHandle = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using ParamsHandle = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;

inline const unsigned char* OpenSslBytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Big-endian bytes to a number; null only when memory is short.
inline BignumHandle ToBignum(std::string_view bytes) {
  return BignumHandle(BN_bin2bn(OpenSslBytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Big-endian, filled up on the left to `size` bytes; "" if the number is larger.
inline std::string FromBignum(const BIGNUM* number, std::size_t size) {
  std::string bytes(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  if (BN_bn2binpad(number, out, static_cast<int>(size)) < 0) return {};
  return bytes;
}

}  // namespace strongroom::crypto
