// What entries do to balances: one record per account, journal and currency, with the sums of each
// layer (behaviour §11). Exact; a sum that needs more than 34 digits is kLimitExceeded.
#pragma once

#include "base/result.h"
#include "ledger/document.h"
#include "ledger/posting/draft.h"

namespace strongroom::ledger {

struct BalanceKey {
  base::Uuid account;
  base::Uuid journal;
  scalars::Currency currency;
  auto operator<=>(const BalanceKey&) const = default;
};

// A balance before its first entry: every sum is 0. Without the system properties.
Document NewBalance(const Ledger& ledger, const BalanceKey& key, base::Timestamp now);

// Adds one entry to the sums of its layer.
base::Status AddEntry(Document& balance, const DraftEntry& entry, const base::Uuid& entry_id,
                      const base::Uuid& transaction_id, base::Timestamp now);

// Sets the account's normal side and, from it, the normal balances of all layers.
base::Status Normalize(Document& balance, std::int64_t normal_side);

// "settled", "pending", "encumbrance".
std::string_view LayerProperty(std::int64_t layer);

}  // namespace strongroom::ledger
