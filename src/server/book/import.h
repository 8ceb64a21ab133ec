// An exported book (export.h, JSON Lines) into a tenant, through the public interface: what is
// there already is left as it is, so that an import can be repeated, and goes on where it was cut
// off.
//
// Journals, accounts, account sets, memberships and tran codes keep their ids and words; what was
// locked is locked at the end. Transactions keep their ids, dates, words and entries, under new
// entry ids, and are posted by tran codes of the import's own, `STRONGROOM_IMPORT_<number of
// entries>`. Times, versions and what voided what are those of the import, and balances are what
// the entries make of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "server/book/remote.h"

namespace strongroom::server::book {

struct ImportOptions {
  std::string directory;
  // Now and then: of which file, and how many of its lines are done of how many.
  std::function<void(const std::string& what, std::uint64_t done, std::uint64_t all)> progress;
};

struct ImportReport {
  std::uint64_t made = 0;
  std::uint64_t there = 0;  // already, with the same id
};

// Stops at the first record that is refused, with its line; what was made stays.
base::Result<ImportReport> Import(Remote& remote, const ImportOptions& options);

}  // namespace strongroom::server::book
