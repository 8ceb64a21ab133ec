#include "crypto/roca.h"

#include <array>
#include <cstdint>

namespace strongroom::crypto {
namespace {

// The odd primes up to 167: the flawed generator makes primes k*M + (65537^a mod M) with M their
// product (for 512-bit keys; larger keys use these and more).
constexpr std::array<std::uint32_t, 38> kPrimes = {
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

bool IsPowerOf65537(std::uint32_t residue, std::uint32_t prime) {
  std::uint32_t power = 1;
  do {
    if (power == residue) return true;
    power = power * (65537 % prime) % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool HasRocaPattern(const BIGNUM* modulus) {
  for (const std::uint32_t prime : kPrimes) {
    const auto residue = static_cast<std::uint32_t>(BN_mod_word(modulus, prime));
    if (!IsPowerOf65537(residue, prime)) return false;
  }
  return true;
}

}  // namespace strongroom::crypto
