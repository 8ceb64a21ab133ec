// finance.*: payments of a loan or a saving at a constant rate, with the signs and the arguments of
// spreadsheets' PMT, IPMT and PPMT. What is paid out is negative.
#include <cmath>

#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

struct Terms {
  double rate;
  std::int64_t periods;
  double present;
  double future;
  bool at_start;  // of each period, not at its end
};

double Payment(const Terms& t) {
  const auto n = static_cast<double>(t.periods);
  if (t.rate == 0) return -(t.present + t.future) / n;
  const double growth = std::pow(1 + t.rate, n);
  return -t.rate * (t.future + growth * t.present) / ((growth - 1) * (t.at_start ? 1 + t.rate : 1));
}

// What is owed after so many periods.
double ValueAfter(const Terms& t, std::int64_t periods, double payment) {
  const auto n = static_cast<double>(periods);
  if (t.rate == 0) return -(t.present + payment * n);
  const double growth = std::pow(1 + t.rate, n);
  return -t.present * growth - payment * (t.at_start ? 1 + t.rate : 1) * (growth - 1) / t.rate;
}

double Interest(const Terms& t, std::int64_t period) {
  if (period == 1) return t.at_start ? 0 : -t.present * t.rate;
  const double payment = Payment(t);
  return t.at_start ? (ValueAfter(t, period - 2, payment) - payment) * t.rate
                    : ValueAfter(t, period - 1, payment) * t.rate;
}

// The terms in the arguments from `first` on.
Terms TermsOf(const Call& call, std::size_t first) {
  return {call[0].AsDouble(), call[first].AsInt(), call[first + 1].AsDouble(),
          call[first + 2].AsDouble(), call[first + 3].AsInt() != 0};
}

Value PaymentOf(const Call& call) {
  const Terms terms = TermsOf(call, 1);
  if (terms.periods < 1) return call.Invalid("the number of periods is at least 1");
  return Value::Double(Payment(terms));
}

template <bool kInterest>
Value PartOf(const Call& call) {
  const Terms terms = TermsOf(call, 2);
  const std::int64_t period = call[1].AsInt();
  if (period < 1 || period > terms.periods)
    return call.Invalid("a period is counted from 1 to the number of periods");
  const double interest = Interest(terms, period);
  return Value::Double(kInterest ? interest : Payment(terms) - interest);
}

}  // namespace

void AddFinanceFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"finance.Payment(double, int, double, double, int): double", PaymentOf,
        "each payment, given rate, number of periods, present value, future value, and when it is "
        "due (0: end of the period, 1: start)",
        "math.Round(finance.Payment(0.1, 10, 1000.0, 0.0, 0) * 100.0) == -16275.0"},
       {"finance.InterestPayment(double, int, int, double, double, int): double", PartOf<true>,
        "the interest in the payment of a period, given rate, period, and the rest as for Payment",
        "finance.InterestPayment(0.1, 1, 10, 1000.0, 0.0, 0) == -100.0"},
       {"finance.PrincipalPayment(double, int, int, double, double, int): double", PartOf<false>,
        "the payment of a period without its interest, given rate, period, and the rest as for "
        "Payment",
        "math.Round(finance.PrincipalPayment(0.1, 1, 10, 1000.0, 0.0, 0) * 100.0) == -6275.0"}});
}

}  // namespace strongroom::scalars
