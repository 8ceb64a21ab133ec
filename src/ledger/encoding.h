// The stored form of documents. Internal.
//
// Byte 0 is the format, 1. Then, per value that isn't null: its tag (StoredTag of the name, two
// bytes, big endian) and the value. A value says what it is by its first byte, so that an unknown
// one can be passed over:
//   1 false · 2 true · 3 integer (zigzag varint) · 4 text (varint length, bytes) · 5 UUID (16
//   bytes) 6 date (zigzag varint of days) · 7 time (8 bytes, big endian, nanoseconds) · 8 decimal
//   (scalars/decimal_encoding.h) · 9 money (currency number in 2 bytes, decimal) · 10 JSON (as
//   text) 11 record (varint count, then tag and value each) · 12 list (varint count, then values; a
//   null among them is 0)
#pragma once

#include <string>
#include <string_view>

#include "ledger/document.h"

namespace strongroom::ledger {

std::string Encode(const Document& document);
// kInternalServerError when the bytes are damaged or of a newer format. Properties that the ledger
// no longer has are passed over.
base::Result<SharedDocument> Decode(const Ledger& ledger, std::string_view bytes);

}  // namespace strongroom::ledger
