// The fingerprint of RSA keys made by the flawed generator of CVE-2017-15361 (ROCA).
#pragma once

#include <openssl/bn.h>

namespace strongroom::crypto {

// True if the modulus lies, for every small prime that can tell, in the subgroup that 65537
// generates. A good key does so with a chance of about 1 in 2^27.
bool HasRocaPattern(const BIGNUM* modulus);

}  // namespace strongroom::crypto
