// rand.*: numbers by chance, from the generator of the host.
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "cel/activation.h"
#include "scalars/cel_call.h"
#include "scalars/cel_host.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

std::uint64_t Bits(base::Random& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.Fill(bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes.data(), sizeof bits);
  return bits;
}

// 0 <= x < 1, in steps of 2^-53.
double Fraction(base::Random& random) {
  return std::ldexp(static_cast<double>(Bits(random) >> 11), -53);
}
// 0 < x <= 1, whose logarithm is finite.
double Positive(base::Random& random) { return 1 - Fraction(random); }

double Normal(base::Random& random) {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log(Positive(random)));
  return radius * std::cos(2 * std::numbers::pi * Fraction(random));
}

// Every number below `end` as likely as the others.
std::uint64_t Below(base::Random& random, std::uint64_t end) {
  const std::uint64_t spare = (0 - end) % end;  // 2^64 mod end
  std::uint64_t bits = Bits(random);
  while (bits < spare) bits = Bits(random);
  return bits % end;
}

template <typename Draw>
Value Drawn(const Call& call, Draw draw) {
  const auto* host = static_cast<const CelHost*>(call.activation.host());
  if (host == nullptr || host->random == nullptr)
    return call.Invalid("there is no randomness where this expression runs");
  return draw(*host->random);
}

template <int kBits>
Value Int(const Call& call) {
  return Drawn(call, [](base::Random& random) {
    return Value::Int(static_cast<std::int64_t>(Bits(random) >> (64 - kBits)));
  });
}

template <int kBits>
Value IntBelow(const Call& call) {
  const std::int64_t end = call[0].AsInt();
  if (end <= 0 || (kBits < 63 && end >> kBits != 0))
    return call.Fail(cel::EvaluationErrorCode::kOutOfRange,
                     "the end of a range of random numbers is out of range");
  return Drawn(call, [end](base::Random& random) {
    return Value::Int(static_cast<std::int64_t>(Below(random, static_cast<std::uint64_t>(end))));
  });
}

template <int kBits>
Value Uint(const Call& call) {
  return Drawn(call,
               [](base::Random& random) { return Value::Uint(Bits(random) >> (64 - kBits)); });
}

template <double (*kDraw)(base::Random&)>
Value Double(const Call& call) {
  return Drawn(call, [](base::Random& random) { return Value::Double(kDraw(random)); });
}

double SingleFraction(base::Random& random) {
  return std::ldexp(static_cast<double>(Bits(random) >> 40), -24);
}
double Exponential(base::Random& random) { return -std::log(Positive(random)); }

}  // namespace

void AddRandomFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"rand.Int(): int", Int<63>, "0 to 2^63-1", "rand.Int() >= 0", false},
       {"rand.Int31(): int", Int<31>, "0 to 2^31-1", "rand.Int31() <= 2147483647", false},
       {"rand.Int63(): int", Int<63>, "0 to 2^63-1", "rand.Int63() >= 0", false},
       {"rand.Intn(int): int", IntBelow<63>, "below a number", "rand.Intn(3) < 3", false},
       {"rand.Int31n(int): int", IntBelow<31>, "below a number of at most 31 bits",
        "rand.Int31n(3) < 3", false},
       {"rand.Int63n(int): int", IntBelow<63>, "below a number", "rand.Int63n(1) == 0", false},
       {"rand.Uint32(): uint", Uint<32>, "0 to 2^32-1", "rand.Uint32() <= 4294967295u", false},
       {"rand.Uint64(): uint", Uint<64>, "0 to 2^64-1", "rand.Uint64() >= 0u", false},
       {"rand.Float32(): double", Double<SingleFraction>, "from 0 to below 1, in steps of 2^-24",
        "rand.Float32() < 1.0", false},
       {"rand.Float64(): double", Double<Fraction>, "from 0 to below 1, in steps of 2^-53",
        "rand.Float64() < 1.0", false},
       {"rand.NormFloat64(): double", Double<Normal>,
        "normally distributed, mean 0 and standard deviation 1", "rand.NormFloat64() < 100.0",
        false},
       {"rand.ExpFloat64(): double", Double<Exponential>, "exponentially distributed, mean 1",
        "rand.ExpFloat64() >= 0.0", false}});
}

}  // namespace strongroom::scalars
