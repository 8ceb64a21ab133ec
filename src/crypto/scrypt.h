// scrypt (rfc7914): keys from passphrases, at a cost in memory that guessing has to pay each time.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::crypto {

// rfc7914 2: N = 2^log2_n blocks of 128 * r bytes, p times. The default takes 128 MiB.
struct ScryptCost {
  std::uint8_t log2_n = 17;
  std::uint8_t r = 8;
  std::uint8_t p = 1;
};

// Refuses costs of more than 1 GiB or p of more than 16, and none at all, with kBadRequest: they may come from a file.
base::Result<base::SecretBytes> Scrypt(const base::SecretBytes& passphrase, std::string_view salt,
                                       const ScryptCost& cost, std::size_t size);

}  // namespace strongroom::crypto
