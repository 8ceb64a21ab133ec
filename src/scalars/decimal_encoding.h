// Decimals as bytes in the store. Both forms are canonical: one spelling per value, anything else
// is refused when decoding.
//
// Stored form (keeps the scale), 2 + n bytes for small exponents:
//   byte 0     bits 7-6 kind (0 finite, 1 +infinity, 2 -infinity), bit 5 sign, bits 4-0 n
//   varint     exponent, zigzag, 7 bits a byte, low first; absent for infinities
//   n bytes    |coefficient|, big endian, without leading zero bytes
// Ordered form (for index keys; scale is dropped): bytes compare as the numbers do, and no
// encoding is a prefix of another:
//   2 bytes    big endian: 0x0000 -infinity, 0x8000 zero, 0xFFFF +infinity, otherwise
//              0x8000 ± (e + 6200), the number being ±0.d1d2… × 10^e with d1 ≠ 0
//   bytes      two digits a byte, value × 2 + 1, the last one value × 2; all complemented for
//              negative numbers
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "scalars/decimal.h"

namespace strongroom::scalars {

// Appends the stored form to `out`.
void AppendDecimal(const Decimal& d, std::string& out);
// Reads a stored form off the front of `bytes` and advances it. kInternalServerError when damaged.
base::Result<Decimal> TakeDecimal(std::string_view& bytes);

// Appends the ordered form to `out`. At most 19 bytes.
void AppendOrderedDecimal(const Decimal& d, std::string& out);
// Reads an ordered form off the front of `bytes` and advances it; the value comes back reduced
// (1.50 as 1.5). kInternalServerError when damaged.
base::Result<Decimal> TakeOrderedDecimal(std::string_view& bytes);

}  // namespace strongroom::scalars
