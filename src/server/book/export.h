// A book to files: journals, accounts, account sets, tran codes, transactions with their entries,
// and balances, a file each, as the token's policies let it see them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "server/book/remote.h"

namespace strongroom::server::book {

struct ExportOptions {
  std::string directory;  // made; must not hold an export
  bool csv = false;       // else JSON Lines
  std::function<void(const std::string& what, std::uint64_t count)> progress;  // now and then
};

struct ExportReport {
  std::uint64_t records = 0;
  std::uint64_t entries = 0;
  std::uint64_t withheld = 0;  // values that policies keep from the caller: empty in the files
};

base::Result<ExportReport> Export(Remote& remote, const ExportOptions& options);

}  // namespace strongroom::server::book
