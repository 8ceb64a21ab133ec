// What accountants ask at the end of a day (UTC): the balances of a whole journal, and one account
// with what happened to it. By the time of posting, and not by the accounting date.
//
// A balance as it was is a version of it, which is shown when both it and the current one are
// visible (SPEC 4.1.8).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/list.h"

namespace strongroom::ledger {

// The current version, or, with a time, the last one that was written up to it. Nothing: there was
// none yet, or it is invisible.
base::Result<std::optional<VisibleDocument>> GetBalanceAt(const authz::Permit& permit,
                                                          ReadScope& scope, const DocumentKey& key,
                                                          std::optional<base::Timestamp> at);

struct TrialBalanceRequest {
  base::Uuid journal;
  std::string currency = {};  // empty: all
  std::optional<base::Timestamp> at = {};
};
// The balances of a journal's accounts, by account and currency; account sets, which repeat them,
// are left out. Takes Select on Balance.indexes.journal_id and the properties it uses.
base::Result<Page> TrialBalance(const authz::Permit& permit, ReadScope& scope,
                                const TrialBalanceRequest& request, const PageRequest& page);

// The sums of a layer over all balances that TrialBalance lists. Where the caller sees all accounts
// of the journal, debits equal credits.
struct TrialTotal {
  scalars::Currency currency;
  std::string_view layer;  // "SETTLED"
  scalars::Money debits;
  scalars::Money credits;
};
base::Result<std::vector<TrialTotal>> TrialTotals(const authz::Permit& permit, ReadScope& scope,
                                                  const TrialBalanceRequest& request);

}  // namespace strongroom::ledger
