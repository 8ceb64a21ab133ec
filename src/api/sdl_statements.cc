// Trial balances and account statements, as SDL: what money people ask at the end of a day.
#include "api/sdl.h"

namespace strongroom::api {

std::string_view StatementsSdl() {
  return R"sdl(
"The balances of all accounts of a journal."
type TrialBalance {
  "The balances, by account and currency; account sets are left out."
  balances(first: Int!, after: String): BalanceConnection!
  "Sums over all of them, by currency and layer. Debits equal credits for who sees all accounts."
  totals: [TrialBalanceTotal!]!
}
"The sums of one currency and layer."
type TrialBalanceTotal {
  "Of which layer."
  layer: Layer!
  "Sum of debits."
  drBalance: Money!
  "Sum of credits."
  crBalance: Money!
}
"What happened to an account between two days."
type AccountStatement {
  "The account."
  account: Account!
  "The balance before the first day; null before the first entry."
  opening: Balance
  "The balance at the end of the last day; null before the first entry."
  closing: Balance
  "The entries of these days, newest first."
  entries(first: Int!, after: String): EntryConnection!
}
)sdl";
}

}  // namespace strongroom::api
