// Cursors and global ids as callers send them: refused, never a crash; what is sealed opens.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ledger/catalog/catalog.h"
#include "ledger/cursors.h"
#include "ledger/read.h"

using namespace strongroom;
using namespace strongroom::ledger;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Catalog> catalog = Catalog::Make();
  static const CursorSealer sealer =
      CursorSealer::New(base::SecretBytes(std::string(CursorSealer::kKeyBytes, 'k'))).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Require(!sealer.Open("list", text).ok());
  const auto cursor = sealer.Seal("list", text);
  Require(cursor.ok() && sealer.Open("list", *cursor).value() == text);
  if (const auto id = ParseGlobalId(*catalog, text); id.ok()) Require(!id->key.bytes().empty());
  return 0;
}
