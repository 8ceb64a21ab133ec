// decimal.*: the functions of the General Decimal Arithmetic model.
#include <algorithm>

#include "scalars/cel_call.h"
#include "scalars/decimal_math.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

using Unary = base::Result<Decimal> (*)(const Decimal&);
using Binary = base::Result<Decimal> (*)(const Decimal&, const Decimal&);

// What functions that work at 34 digits take longer than others.
constexpr std::uint64_t kSeriesCost = 20;

template <Unary kFunction, std::uint64_t kCost = 1>
Value OfOne(const Call& call) {
  if (!call.budget.Charge(kCost)) return Value::Null();
  return Give(call, kFunction(DecimalOf(call[0])));
}
template <Binary kFunction, std::uint64_t kCost = 1>
Value OfTwo(const Call& call) {
  if (!call.budget.Charge(kCost)) return Value::Null();
  return Give(call, kFunction(DecimalOf(call[0]), DecimalOf(call[1])));
}

// An int or uint argument; far out when it does not fit.
std::int64_t Number(const Value& value) {
  if (value.is(cel::Kind::kInt)) return value.AsInt();
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value.AsUint(), std::numeric_limits<std::int64_t>::max()));
}

base::Error PrecisionError() {
  return base::MakeError(base::ErrorCode::kBadRequest, "a precision is 1 to 34 digits");
}
base::Result<int> Precision(const Value& value) {
  const std::int64_t digits = Number(value);
  if (digits < 1 || digits > kDecimalDigitsMax) return PrecisionError();
  return static_cast<int>(digits);
}

Value QuoToPrecision(const Call& call) {
  const auto precision = Precision(call[2]);
  if (!precision.ok()) return Give(call, base::Result<Decimal>(precision.error()));
  return Give(call, Quo(DecimalOf(call[0]), DecimalOf(call[1]), *precision));
}

Value Round(const Call& call) {
  const auto mode = ParseRounding(call[1].AsString());
  if (!mode)
    return call.Invalid(
        "a rounding is one of down, up, half_up, half_down, half_even, ceiling, floor, 05up");
  const std::int64_t places = std::clamp<std::int64_t>(Number(call[2]), -10000, 10000);
  return Give(call, RoundToPlaces(DecimalOf(call[0]), static_cast<std::int32_t>(places), *mode));
}

Value QuantizeTo(const Call& call) {
  const auto precision = Precision(call[2]);
  if (!precision.ok()) return Give(call, base::Result<Decimal>(precision.error()));
  const std::int64_t exponent = std::clamp<std::int64_t>(call[1].AsInt(), -10000, 10000);
  return Give(call, Quantize(DecimalOf(call[0]), static_cast<std::int32_t>(exponent),
                             Rounding::kHalfEven, *precision));
}

Value Cmp(const Call& call) {
  const auto order = DecimalOf(call[0]) <=> DecimalOf(call[1]);
  return Give(call, Decimal::FromInt(order < 0 ? -1 : order > 0 ? 1 : 0));
}

void AddArithmetic(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder, {{"decimal.Add(decimal, decimal): decimal", OfTwo<Add>, "the exact sum",
                 "string(decimal.Add(decimal('100'), decimal('18.45'))) == '118.45'"},
                {"decimal.Sub(decimal, decimal): decimal", OfTwo<Sub>, "the exact difference",
                 "string(decimal.Sub(decimal('1'), decimal('0.10'))) == '0.90'"},
                {"decimal.Mul(decimal, decimal): decimal", OfTwo<Mul>, "the exact product",
                 "string(decimal.Mul(decimal('1.5'), decimal('2.0'))) == '3.00'"},
                {"decimal.Quo(decimal, decimal, uint): decimal", QuoToPrecision,
                 "the quotient to a number of significant digits, half to even",
                 "string(decimal.Quo(decimal('1'), decimal('3'), 5u)) == '0.33333'"},
                {"decimal.Quo(decimal, decimal, int): decimal", QuoToPrecision,
                 "the quotient to a number of significant digits, half to even",
                 "string(decimal.Quo(decimal('2'), decimal('3'), 3)) == '0.667'"},
                {"decimal.QuoInteger(decimal, decimal): decimal", OfTwo<QuoInteger>,
                 "the whole part of the quotient",
                 "decimal.QuoInteger(decimal('7'), decimal('2')) == decimal('3')"},
                {"decimal.Rem(decimal, decimal): decimal", OfTwo<Rem>,
                 "what dividing leaves, with the sign of the first",
                 "decimal.Rem(decimal('-7'), decimal('2')) == decimal('-1')"},
                {"decimal.Abs(decimal): decimal",
                 [](const Call& c) { return Give(c, DecimalOf(c[0]).Absolute()); },
                 "without its sign", "decimal.Abs(decimal('-1.5')) == decimal('1.5')"},
                {"decimal.Neg(decimal): decimal",
                 [](const Call& c) { return Give(c, DecimalOf(c[0]).Negated()); }, "the negative",
                 "decimal.Neg(decimal('1.5')) == decimal('-1.5')"},
                {"decimal.Cmp(decimal, decimal): decimal", Cmp, "-1, 0 or 1, as a decimal",
                 "decimal.Cmp(decimal('1'), decimal('2')) == decimal('-1')"}});
}

void AddRounding(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"decimal.Round(decimal, string, int): decimal", Round,
        "at most so many digits after the point, rounded down, up, half_up, half_down, half_even, "
        "ceiling, floor or 05up",
        "string(decimal.Round(decimal('9.005'), 'half_up', 2)) == '9.01'"},
       {"decimal.Round(decimal, string, uint): decimal", Round,
        "at most so many digits after the point",
        "string(decimal.Round(decimal('9.005'), 'half_even', 2u)) == '9.00'"},
       {"decimal.Quantize(decimal, int, uint): decimal", QuantizeTo,
        "with exactly this exponent (-2: cents), of at most so many digits, half to even",
        "string(decimal.Quantize(decimal('1.5'), -2, 34u)) == '1.50'"},
       {"decimal.Quantize(decimal, int, int): decimal", QuantizeTo,
        "with exactly this exponent (-2: cents), of at most so many digits, half to even",
        "string(decimal.Quantize(decimal('1.555'), -2, 34)) == '1.56'"},
       {"decimal.Ceil(decimal): decimal", OfOne<Ceil>,
        "the smallest whole number that is not below",
        "decimal.Ceil(decimal('1.2')) == decimal('2')"},
       {"decimal.Floor(decimal): decimal", OfOne<Floor>,
        "the largest whole number that is not above",
        "decimal.Floor(decimal('-1.2')) == decimal('-2')"},
       {"decimal.Reduce(decimal): decimal",
        [](const Call& c) { return Give(c, Reduce(DecimalOf(c[0]))); },
        "without zeros at the end of the digits after the point",
        "string(decimal.Reduce(decimal('1.200'))) == '1.2'"}});
}

void AddRoots(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder, {{"decimal.Pow(decimal, decimal): decimal", OfTwo<Pow, kSeriesCost>,
                 "the first to the power of the second",
                 "decimal.Pow(decimal('2'), decimal('10')) == decimal('1024')"},
                {"decimal.Exp(decimal): decimal", OfOne<Exp, kSeriesCost>,
                 "e to the power of the number", "decimal.Exp(decimal('0')) == decimal('1')"},
                {"decimal.Ln(decimal): decimal", OfOne<Ln, kSeriesCost>, "the natural logarithm",
                 "decimal.Ln(decimal('1')) == decimal('0')"},
                {"decimal.Log10(decimal): decimal", OfOne<Log10, kSeriesCost>,
                 "the decimal logarithm", "decimal.Log10(decimal('1000')) == decimal('3')"},
                {"decimal.Sqrt(decimal): decimal", OfOne<Sqrt, kSeriesCost>, "the square root",
                 "decimal.Sqrt(decimal('81')) == decimal('9')"},
                {"decimal.Cbrt(decimal): decimal", OfOne<Cbrt, kSeriesCost>, "the cube root",
                 "decimal.Cbrt(decimal('27')) == decimal('3')"}});
}

}  // namespace

void AddDecimalFunctions(cel::EnvBuilder& builder) {
  AddArithmetic(builder);
  AddRounding(builder);
  AddRoots(builder);
}

}  // namespace strongroom::scalars
