#include "crypto/scrypt.h"

#include <openssl/evp.h>

#include "base/encoding.h"

namespace strongroom::crypto {
namespace {

constexpr std::uint8_t kLanesMax = 16;  // each takes the whole time once more
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{1} << 30;

}  // namespace

base::Result<base::SecretBytes> Scrypt(const base::SecretBytes& passphrase, std::string_view salt,
                                       const ScryptCost& cost, std::size_t size) {
  const bool sane = cost.log2_n >= 1 && cost.log2_n <= 24 && cost.r >= 1 && cost.p >= 1 && cost.p <= kLanesMax &&
                    ((std::uint64_t{128} * cost.r) << cost.log2_n) <= kMemoryBytesMax;
  if (!sane)
    return base::MakeError(base::ErrorCode::kBadRequest, "the cost of a passphrase is unusable");
  base::SecretBytes derived(size);
  // What is asked for, and what the other buffers take.
  constexpr std::uint64_t kMemory = kMemoryBytesMax + (std::uint64_t{64} << 20);
  const int done =
      EVP_PBE_scrypt(reinterpret_cast<const char*>(passphrase.Expose().data()), passphrase.size(),
                     base::AsBytes(salt).data(), salt.size(), std::uint64_t{1} << cost.log2_n,
                     cost.r, cost.p, kMemory, derived.ExposeMutable().data(), size);
  if (done != 1)
    return base::MakeError(base::ErrorCode::kInternalServerError,
                           "there is no memory to check a passphrase with");
  return derived;
}

}  // namespace strongroom::crypto
