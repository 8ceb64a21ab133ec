#include "ledger/posting/balanced.h"

#include <fmt/format.h>

namespace strongroom::ledger {

base::Result<Sums> SumSides(const std::vector<DraftEntry>& entries) {
  Sums sums;
  for (const DraftEntry& entry : entries) {
    SideSums& sides = sums[{entry.amount.currency, entry.layer}];
    const std::size_t side = entry.direction == kCredit ? 1 : 0;
    STRONGROOM_ASSIGN(sides.sums[side], Add(sides.sums[side], entry.amount.units));
    ++sides.counts[side];
  }
  return sums;
}

base::Error Unbalanced(std::string_view code, scalars::Currency currency, const SideSums& sides) {
  return base::MakeError(
      base::ErrorCode::kTranCodeError,
      fmt::format("'{0}' tran code entries unbalanced: 'DR {1} {3} != 'CR {2} {3}'", code,
                  sides.sums[0].ToString(), sides.sums[1].ToString(), currency.ToString()));
}

base::Status CheckBalanced(std::string_view code, const std::vector<DraftEntry>& entries) {
  STRONGROOM_ASSIGN(const Sums sums, SumSides(entries));
  for (const auto& [place, sides] : sums) {
    if (!sides.Balanced()) return Unbalanced(code, place.first, sides);
  }
  return {};
}

}  // namespace strongroom::ledger
