// Stored records: any bytes are refused or read, and what was read is stored as it was read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ledger/catalog/catalog.h"
#include "ledger/encoding.h"

using namespace strongroom::ledger;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckDocument(const Document& document) {
  const auto again = Decode(document.ledger(), Encode(document));
  Require(again.ok());
  for (PropertyIndex i = 0; i < document.ledger().properties().size(); ++i)
    Require(Identical(document.At(i), (*again)->At(i)));
}

}  // namespace

// The first byte chooses the ledger.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Catalog> catalog = Catalog::Make();
  if (size == 0) return 0;
  const Ledger& ledger = catalog->At(static_cast<LedgerId>(data[0] % kLedgerCount));
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (const auto document = Decode(ledger, bytes); document.ok()) CheckDocument(**document);
  return 0;
}
