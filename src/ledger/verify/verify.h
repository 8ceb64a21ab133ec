// Whether what is stored is what it should be: every record opens under its seal, documents and
// indexes say the same, versions have no holes, references lead somewhere, every transaction
// balances, and every balance is the sum of its entries.
//
// It reads everything, past all rights, and trusts no code that writes: sums are added up here
// anew, in the order of the postings. What it finds names records by their ids, and shows no other
// values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/engine.h"
#include "storage/store.h"

namespace strongroom::ledger {

struct Finding {
  std::string account_id;  // the tenant; empty: the installation
  std::string check;       // "seals", "documents", "indexes", "versions", "references", …
  std::string text;        // one sentence
};

struct VerifyReport {
  std::uint64_t tenants = 0;
  std::uint64_t records = 0;    // opened, of every kind
  std::uint64_t documents = 0;  // current ones
  std::uint64_t entries = 0;
  std::uint64_t found = 0;  // things that are wrong; the first of them:
  std::vector<Finding> findings;
  bool ok() const { return found == 0; }
};

struct VerifyOptions {
  std::size_t findings_max = 100;  // kept; all are counted
  // Whether everything was written through the api, which audits it: then every transaction has to
  // stand in the audit log.
  bool audited = false;
  // Told now and then; an error ends the verification with it. May be empty.
  std::function<base::Status(const std::string& account_id, const VerifyReport&)> progress = {};
};

// Errors are failures of the engine; what is wrong with the data is in the report. Needs memory for
// one transaction's entries and one account's journals, whatever the size of the store.
base::Result<VerifyReport> Verify(storage::Reader& reader, Engine& engine,
                                  const VerifyOptions& options);

}  // namespace strongroom::ledger
