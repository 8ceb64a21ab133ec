// money.*: arithmetic within one currency.
#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

using Binary = base::Result<Money> (*)(const Money&, const Money&);
using Scale = base::Result<Money> (*)(const Money&, const Decimal&);

template <Binary kFunction>
Value OfAmounts(const Call& call) {
  return Give(call, kFunction(MoneyOf(call[0]), MoneyOf(call[1])));
}
template <Scale kFunction>
Value ByText(const Call& call) {
  const auto factor = ParseDecimal(call[1].AsString());
  return factor.ok() ? Give(call, kFunction(MoneyOf(call[0]), *factor)) : Give(call, factor);
}
template <Scale kFunction>
Value ByDecimal(const Call& call) {
  return Give(call, kFunction(MoneyOf(call[0]), DecimalOf(call[1])));
}

}  // namespace

void AddMoneyFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"money.Add(money, money): money", OfAmounts<Add>, "the exact sum; both of one currency",
        "string(money.Add(money('1', 'USD'), money('0.50', 'USD'))) == '1.50 USD'"},
       {"money.Sub(money, money): money", OfAmounts<Sub>,
        "the exact difference; both of one currency",
        "string(money.Sub(money('1', 'USD'), money('0.50', 'USD'))) == '0.50 USD'"},
       {"money.Mul(money, string): money", ByText<Mul>, "the exact product",
        "string(money.Mul(money('2', 'USD'), '1.5')) == '3.0 USD'"},
       {"money.Mul(money, decimal): money", ByDecimal<Mul>, "the exact product",
        "string(money.Mul(money('2', 'USD'), decimal('1.5'))) == '3.0 USD'"},
       {"money.Div(money, string): money", ByText<Div>,
        "the quotient, rounded half to even at 34 digits",
        "string(money.Div(money('3', 'USD'), '2')) == '1.5 USD'"},
       {"money.Div(money, decimal): money", ByDecimal<Div>,
        "the quotient, rounded half to even at 34 digits",
        "string(money.Div(money('3', 'USD'), decimal('2'))) == '1.5 USD'"}});
}

}  // namespace strongroom::scalars
