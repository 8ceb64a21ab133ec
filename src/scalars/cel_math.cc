// math.* with Go's names, for doubles.
#include <algorithm>
#include <cmath>
#include <limits>

#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

template <double (*kFunction)(double)>
Value One(const Call& call) {
  return Value::Double(kFunction(call[0].AsDouble()));
}
template <double (*kFunction)(double, double)>
Value Two(const Call& call) {
  return Value::Double(kFunction(call[0].AsDouble(), call[1].AsDouble()));
}

// NaN when either is, and +0 is above -0.
double Max(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  if (a == b) return std::signbit(a) ? b : a;
  return std::max(a, b);
}
double Min(double a, double b) { return -Max(-a, -b); }
// How far `a` is above `b`, or 0.
double Dim(double a, double b) { return a - b <= 0 ? 0 : a - b; }
// With one step of Newton's: the library's own root of 27 is not 3.
double Cbrt(double d) {
  const double root = std::cbrt(d);
  const double better = root - (root * root * root - d) / (3 * root * root);
  return std::isfinite(better) ? better : root;
}
double Pow(double a, double b) { return std::pow(a, b); }

Value Pow10(const Call& call) {
  const std::int64_t exponent = std::clamp<std::int64_t>(call[0].AsInt(), -400, 400);
  return Value::Double(std::pow(10.0, static_cast<double>(exponent)));
}

Value Fma(const Call& call) {
  return Value::Double(std::fma(call[0].AsDouble(), call[1].AsDouble(), call[2].AsDouble()));
}

void AddParts(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"math.Abs(double): double", One<std::fabs>, "without its sign", "math.Abs(-1.5) == 1.5"},
       {"math.Max(double, double): double", Two<Max>, "the greater", "math.Max(1.0, 2.0) == 2.0"},
       {"math.Min(double, double): double", Two<Min>, "the lesser", "math.Min(1.0, 2.0) == 1.0"},
       {"math.Dim(double, double): double", Two<Dim>, "how far the first is above, or 0",
        "math.Dim(4.0, 1.0) == 3.0 && math.Dim(1.0, 4.0) == 0.0"},
       {"math.Copysign(double, double): double", Two<std::copysign>,
        "the first with the sign of the second", "math.Copysign(3.0, -1.0) == -3.0"},
       {"math.Signbit(double): bool",
        [](const Call& c) { return Value::Bool(std::signbit(c[0].AsDouble())); },
        "whether it has a minus", "math.Signbit(-0.0)"},
       {"math.Ceil(double): double", One<std::ceil>, "the smallest whole number that is not below",
        "math.Ceil(1.2) == 2.0"},
       {"math.Floor(double): double", One<std::floor>, "the largest whole number that is not above",
        "math.Floor(1.8) == 1.0"},
       {"math.Round(double): double", One<std::round>,
        "the nearest whole number, halves away from zero", "math.Round(2.5) == 3.0"},
       {"math.RoundToEven(double): double", One<std::nearbyint>,
        "the nearest whole number, halves to the even one", "math.RoundToEven(2.5) == 2.0"},
       {"math.Trunc(double): double", One<std::trunc>, "the whole part",
        "math.Trunc(-1.7) == -1.0"},
       {"math.Mod(double, double): double", Two<std::fmod>,
        "what dividing leaves, with the sign of the first", "math.Mod(-7.0, 4.0) == -3.0"},
       {"math.Remainder(double, double): double", Two<std::remainder>,
        "what dividing to the nearest whole number leaves", "math.Remainder(7.0, 4.0) == -1.0"},
       {"math.FMA(double, double, double): double", Fma,
        "the product of two plus the third, rounded once", "math.FMA(2.0, 3.0, 4.0) == 10.0"}});
}

void AddPowers(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"math.Pow(double, double): double", Two<Pow>, "the first to the power of the second",
        "math.Pow(2.0, 3.0) == 8.0"},
       {"math.Pow10(int): double", Pow10, "10 to the power of the number",
        "math.Pow10(2) == 100.0"},
       {"math.Sqrt(double): double", One<std::sqrt>, "the square root", "math.Sqrt(9.0) == 3.0"},
       {"math.Cbrt(double): double", One<Cbrt>, "the cube root", "math.Cbrt(27.0) == 3.0"},
       {"math.Hypot(double, double): double", Two<std::hypot>,
        "the longest side of a right triangle", "math.Hypot(3.0, 4.0) == 5.0"},
       {"math.Exp(double): double", One<std::exp>, "e to the power of the number",
        "math.Exp(0.0) == 1.0"},
       {"math.Exp2(double): double", One<std::exp2>, "2 to the power of the number",
        "math.Exp2(3.0) == 8.0"},
       {"math.Expm1(double): double", One<std::expm1>, "e to the power of the number, minus 1",
        "math.Expm1(0.0) == 0.0"},
       {"math.Log(double): double", One<std::log>, "the natural logarithm", "math.Log(1.0) == 0.0"},
       {"math.Log10(double): double", One<std::log10>, "the decimal logarithm",
        "math.Log10(100.0) == 2.0"},
       {"math.Log2(double): double", One<std::log2>, "the binary logarithm",
        "math.Log2(8.0) == 3.0"},
       {"math.Log1p(double): double", One<std::log1p>, "the natural logarithm of 1 plus the number",
        "math.Log1p(0.0) == 0.0"}});
}

}  // namespace

void AddMathFunctions(cel::EnvBuilder& builder) {
  AddParts(builder);
  AddPowers(builder);
}

}  // namespace strongroom::scalars
