#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/check.h"

namespace strongroom::crypto {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Looking an algorithm up by name takes longer than hashing a token: done once per process.
const EVP_MD* Fetch(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  STRONGROOM_CHECK(found != nullptr);
  return found;
}

EVP_MD_CTX* ThreadContext() {
  thread_local const std::unique_ptr<EVP_MD_CTX, ContextFree> context(EVP_MD_CTX_new());
  STRONGROOM_CHECK(context != nullptr);
  return context.get();
}

template <typename Digest>
Digest Run(const EVP_MD* algorithm, std::string_view first, std::string_view second = {}) {
  Digest digest;
  unsigned int size = 0;
  EVP_MD_CTX* context = ThreadContext();
  STRONGROOM_CHECK(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 &&
                   EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
                   EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
                   EVP_DigestFinal_ex(context, digest.data(), &size) == 1);
  STRONGROOM_CHECK(size == digest.size());
  return digest;
}

const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = Fetch("SHA256");
  return algorithm;
}

template <std::size_t kSize>
std::string_view View(const std::array<std::uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Md5Digest Md5(std::string_view message) {
  static const EVP_MD* const algorithm = Fetch("MD5");
  return Run<Md5Digest>(algorithm, message);
}

Sha1Digest Sha1(std::string_view message) {
  static const EVP_MD* const algorithm = Fetch("SHA1");
  return Run<Sha1Digest>(algorithm, message);
}

Sha256Digest Sha256(std::string_view message) {
  return Run<Sha256Digest>(Sha256Algorithm(), message);
}

Sha384Digest Sha384(std::string_view message) {
  static const EVP_MD* const algorithm = Fetch("SHA384");
  return Run<Sha384Digest>(algorithm, message);
}

Sha512Digest Sha512(std::string_view message) {
  static const EVP_MD* const algorithm = Fetch("SHA512");
  return Run<Sha512Digest>(algorithm, message);
}

Sha256Digest HmacSha256(std::span<const std::uint8_t> key, std::string_view message) {
  std::array<std::uint8_t, 64> inner{};  // rfc2104 2: the key, filled up to the block size
  if (key.size() > inner.size()) {
    const Sha256Digest hashed = Sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    std::copy(hashed.begin(), hashed.end(), inner.begin());
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  std::array<std::uint8_t, 64> outer = inner;
  for (std::uint8_t& byte : inner) byte = static_cast<std::uint8_t>(byte ^ 0x36);
  for (std::uint8_t& byte : outer) byte = static_cast<std::uint8_t>(byte ^ 0x5C);
  const Sha256Digest first = Run<Sha256Digest>(Sha256Algorithm(), View(inner), message);
  const Sha256Digest second = Run<Sha256Digest>(Sha256Algorithm(), View(outer), View(first));
  base::Wipe(inner);
  base::Wipe(outer);
  return second;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace strongroom::crypto
