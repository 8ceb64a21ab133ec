// Debits equal credits, per currency and layer, or the posting is refused (behaviour §9, §10).
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "ledger/posting/draft.h"

namespace strongroom::ledger {

struct SideSums {
  std::array<scalars::Decimal, 2> sums;    // of DEBIT and CREDIT
  std::array<std::size_t, 2> counts = {};  // of entries
  bool Balanced() const { return sums[0] == sums[1]; }
};
// By currency and layer.
using Sums = std::map<std::pair<scalars::Currency, std::int64_t>, SideSums>;

// Exact; kLimitExceeded when a sum needs more than 34 digits.
base::Result<Sums> SumSides(const std::vector<DraftEntry>& entries);

// kTranCodeError: "'TFR_TEST' tran code entries unbalanced: 'DR 1.00 USD != 'CR 0 USD'", with the
// quote marks that existing clients know (behaviour §9).
base::Error Unbalanced(std::string_view code, scalars::Currency currency, const SideSums& sides);

// Refuses the first currency and layer that does not balance.
base::Status CheckBalanced(std::string_view code, const std::vector<DraftEntry>& entries);

}  // namespace strongroom::ledger
