// What the checks of one space share. Internal.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

#include "ledger/document.h"
#include "ledger/scope.h"
#include "ledger/verify/verify.h"

namespace strongroom::ledger {

struct Inspection {
  ReadScope scope;
  Home home = Home::kTenant;
  std::string account_id;
  VerifyReport& report;
  const VerifyOptions& options;

  void Find(std::string_view check, std::string text);
  // Asked per record: tells the progress now and then.
  base::Status Step();
  // Runs a check. What can't be read is a finding, and ends that check alone.
  base::Status Run(std::string_view check, const std::function<base::Status()>& body);
  // Calls `see` with each record of a range; of `keys_only` the values are empty.
  base::Status Each(const storage::KeyRange& range, bool keys_only,
                    const std::function<base::Status(std::string_view, std::string_view)>& see);
  // Calls `see` with each current document of the ledger and its location.
  base::Status EachDocument(
      const Ledger& ledger,
      const std::function<base::Status(const SharedDocument&, std::string_view)>& see);
  base::Result<std::uint64_t> Count(const std::string& prefix);

  storage::SpaceId space() const {
    return home == Home::kTenant ? scope.tenant : storage::kInstallation;
  }
};

// "Account 8cd11607-…": the ledger and the key properties.
std::string NameOf(const Document& document);

// Every record opens (seals); those of documents decode.
base::Status InspectRecords(Inspection& inspection);
// Locations, indexes, versions and references of one ledger.
base::Status InspectDocuments(Inspection& inspection, const Ledger& ledger);
// Balances are the sums of their entries.
base::Status InspectBalances(Inspection& inspection);
// Debits equal credits, sequences have no holes, voids name each other.
base::Status InspectTransactions(Inspection& inspection);
// Memberships stand on both sides.
base::Status InspectSets(Inspection& inspection);
// The chain of the audit log is whole; with VerifyOptions::audited every transaction stands in it.
base::Status InspectAudit(Inspection& inspection);

}  // namespace strongroom::ledger
