// Text and bytes of decimals, as an attacker sends them: nothing crashes, and what is read prints
// and stores back to itself.
#include <cstdint>
#include <cstdlib>

#include "scalars/decimal_encoding.h"
#include "scalars/decimal_math.h"
#include "scalars/format.h"

namespace {

using namespace strongroom::scalars;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckRoundTrips(const Decimal& d) {
  Require(ParseDecimal(d.ToString()).value().IdenticalTo(d));
  std::string stored;
  AppendDecimal(d, stored);
  std::string_view rest = stored;
  Require(TakeDecimal(rest).value().IdenticalTo(d) && rest.empty());
  std::string ordered;
  AppendOrderedDecimal(d, ordered);
  rest = ordered;
  Require(TakeOrderedDecimal(rest).value() == d && rest.empty());
  Require(Reduce(d) == d && Reduce(d).Hash() == d.Hash());
  (void)d.ToDouble();
  (void)FormatMoney({d, Currency()}, {.locale = "hi-IN", .group_digits = true});
}

void CheckPair(const Decimal& a, const Decimal& b) {
  if (const auto sum = Add(a, b); sum.ok() && a.IsFinite() && b.IsFinite()) {
    Require(Add(b, a).value().IdenticalTo(*sum));
    if (const auto back = Sub(*sum, b); back.ok()) Require(*back == a);
  }
  if (const auto product = Mul(a, b); product.ok() && product->IsFinite() && !b.IsZero())
    Require(Quo(*product, b).value() == a);
  const auto quotient = QuoInteger(a, b);
  const auto rest = Rem(a, b);
  if (quotient.ok() && rest.ok() && b.IsFinite()) Require(rest->Absolute() < b.Absolute());
  Require((a < b) == (b > a));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = text.find(' ');
  const auto a = ParseDecimal(text.substr(0, middle));
  if (a.ok()) CheckRoundTrips(*a);
  if (a.ok() && middle != std::string_view::npos)
    if (const auto b = ParseDecimal(text.substr(middle + 1)); b.ok()) CheckPair(*a, *b);
  std::string_view rest = text;
  if (const auto stored = TakeDecimal(rest); stored.ok()) {
    std::string again;
    AppendDecimal(*stored, again);
    Require(text.starts_with(again) && rest.size() + again.size() == text.size());
    CheckRoundTrips(*stored);
  }
  rest = text;
  if (const auto ordered = TakeOrderedDecimal(rest); ordered.ok()) {
    std::string again;
    AppendOrderedDecimal(*ordered, again);
    Require(text.starts_with(again) && rest.size() + again.size() == text.size());
  }
  return 0;
}
