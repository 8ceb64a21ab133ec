#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cel/env.h"
#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"

namespace strongroom::cel {
namespace {

constexpr std::size_t kArgumentsMax = 12;  // of greatest and least; lists take more

bool IsNumber(const Value& value) {
  return value.is(Kind::kInt) || value.is(Kind::kUint) || value.is(Kind::kDouble);
}

// The first of the greatest (or least) of `count` values.
template <bool kGreatest, typename At>
Value Extreme(const Call& call, std::size_t count, const At& at) {
  if (!call.budget.Charge(count)) return Value::Null();
  if (count == 0) return call.Invalid("an empty list has no greatest and no least element");
  Value best = at(0);
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = at(i);
    if (!IsNumber(value))
      return call.Fail(EvaluationErrorCode::kNoSuchOverload, "only numbers can be compared here");
    const auto order = Compare(value, best);
    if (order && (kGreatest ? *order > 0 : *order < 0)) best = value;
  }
  return best;
}

template <bool kGreatest>
Value OfArguments(const Call& call) {
  return Extreme<kGreatest>(call, call.arguments.size(), [&](std::size_t i) { return call[i]; });
}

template <bool kGreatest>
Value OfList(const Call& call) {
  return Extreme<kGreatest>(call, call[0].Size(),
                            [&](std::size_t i) { return call[0].At(i, call.arena); });
}

struct Extremes {
  std::string_view name;
  std::string_view id;
  Value (*of_arguments)(const Call&);
  Value (*of_list)(const Call&);
  std::string_view description;
  std::string_view example;
};
constexpr Extremes kExtremes[] = {
    {"math.greatest", "math_greatest_", OfArguments<true>, OfList<true>,
     "the greatest of the numbers",
     "math.greatest(1, 2.5, 2u) == 2.5 && math.greatest([3, 1]) == 3"},
    {"math.least", "math_least_", OfArguments<false>, OfList<false>, "the least of the numbers",
     "math.least(1, 2.5, 2u) == 1 && math.least([3, 1]) == 1"},
};

const std::vector<Type>& Numbers() {
  static const std::vector<Type> numbers = {Type::Int(), Type::Uint(), Type::Double()};
  return numbers;
}

void AddExtreme(EnvBuilder& builder, const Extremes& row) {
  const auto add = [&](std::vector<Type> parameters, const Type& result, auto callback) {
    std::string id(row.id);
    for (const Type& type : parameters) id += type.ToString() + "_";
    id.pop_back();
    builder.Function(row.name, {.id = std::move(id),
                                .parameters = std::move(parameters),
                                .result = result,
                                .callback = callback,
                                .description = std::string(row.description),
                                .example = std::string(row.example)});
  };
  for (const Type& a : Numbers()) {
    add({a}, a, row.of_arguments);
    add({Type::List(a)}, a, row.of_list);
    for (const Type& b : Numbers()) add({a, b}, a == b ? a : Type::Dyn(), row.of_arguments);
  }
  add({Type::List(Type::Dyn())}, Type::Dyn(), row.of_list);
  for (std::size_t count = 3; count <= kArgumentsMax; ++count)
    add(std::vector<Type>(count, Type::Dyn()), Type::Dyn(), row.of_arguments);
}

// ---- Functions of one number.

Value AbsInt(const Call& call) {
  const std::int64_t i = call[0].AsInt();
  if (i == std::numeric_limits<std::int64_t>::min())
    return call.Fail(EvaluationErrorCode::kOverflow, "integer overflow");
  return Value::Int(i < 0 ? -i : i);
}
Value SignInt(const Call& call) {
  const std::int64_t i = call[0].AsInt();
  return Value::Int((i > 0) - (i < 0));
}
Value SignDouble(const Call& call) {
  const double d = call[0].AsDouble();
  return Value::Double(std::isnan(d) ? d : static_cast<double>((d > 0) - (d < 0)));
}
template <double (*kFunction)(double)>
Value OfDouble(const Call& call) {
  return Value::Double(kFunction(call[0].AsDouble()));
}
Value IsNan(const Call& call) { return Value::Bool(std::isnan(call[0].AsDouble())); }
Value IsInfinite(const Call& call) { return Value::Bool(std::isinf(call[0].AsDouble())); }
Value IsFinite(const Call& call) { return Value::Bool(std::isfinite(call[0].AsDouble())); }

// ---- Bits. Ints are taken as their 64 bits.

std::uint64_t Bits(const Value& value) {
  return value.is(Kind::kInt) ? std::bit_cast<std::uint64_t>(value.AsInt()) : value.AsUint();
}
// Of the kind that `like` has.
Value FromBits(const Value& like, std::uint64_t bits) {
  return like.is(Kind::kInt) ? Value::Int(std::bit_cast<std::int64_t>(bits)) : Value::Uint(bits);
}
Value BitAnd(const Call& call) { return FromBits(call[0], Bits(call[0]) & Bits(call[1])); }
Value BitOr(const Call& call) { return FromBits(call[0], Bits(call[0]) | Bits(call[1])); }
Value BitXor(const Call& call) { return FromBits(call[0], Bits(call[0]) ^ Bits(call[1])); }
Value BitNot(const Call& call) { return FromBits(call[0], ~Bits(call[0])); }

template <bool kLeft>
Value BitShift(const Call& call) {
  const std::int64_t by = call[1].AsInt();
  if (by < 0) return call.Invalid("the distance of a shift is negative");
  if (by > 63) return FromBits(call[0], 0);
  const std::uint64_t bits = Bits(call[0]);
  return FromBits(call[0], kLeft ? bits << by : bits >> by);
}

}  // namespace

void AddMath(EnvBuilder& builder) {
  for (const Extremes& row : kExtremes) AddExtreme(builder, row);
  const auto same = [](const Call& call) { return call[0]; };
  AddFunctions(
      builder,
      {{"math.ceil(double): double", OfDouble<std::ceil>,
        "the smallest whole number that is not below", "math.ceil(1.2) == 2.0"},
       {"math.floor(double): double", OfDouble<std::floor>,
        "the largest whole number that is not above", "math.floor(-1.2) == -2.0"},
       {"math.round(double): double", OfDouble<std::round>,
        "the nearest whole number, halves away from zero", "math.round(-1.5) == -2.0"},
       {"math.trunc(double): double", OfDouble<std::trunc>, "the whole part",
        "math.trunc(-1.7) == -1.0"},
       {"math.sqrt(double): double", OfDouble<std::sqrt>, "the square root",
        "math.sqrt(81.0) == 9.0"},
       {"math.sqrt(int): double",
        [](const Call& c) { return Value::Double(std::sqrt(static_cast<double>(c[0].AsInt()))); },
        "the square root", "math.sqrt(81) == 9.0"},
       {"math.sqrt(uint): double",
        [](const Call& c) { return Value::Double(std::sqrt(static_cast<double>(c[0].AsUint()))); },
        "the square root", "math.sqrt(81u) == 9.0"},
       {"math.abs(double): double", OfDouble<std::fabs>, "without its sign",
        "math.abs(-11.5) == 11.5"},
       {"math.abs(int): int", AbsInt, "without its sign", "math.abs(-11) == 11"},
       {"math.abs(uint): uint", same, "the number itself", "math.abs(1u) == 1u"},
       {"math.sign(double): double", SignDouble, "-1, 0 or 1", "math.sign(-32.0) == -1.0"},
       {"math.sign(int): int", SignInt, "-1, 0 or 1", "math.sign(-11) == -1"},
       {"math.sign(uint): uint",
        [](const Call& c) { return Value::Uint(c[0].AsUint() > 0 ? 1 : 0); }, "0 or 1",
        "math.sign(100u) == 1u"},
       {"math.isNaN(double): bool", IsNan, "whether it is not a number", "math.isNaN(0.0 / 0.0)"},
       {"math.isInf(double): bool", IsInfinite, "whether it is infinite", "math.isInf(1.0 / 0.0)"},
       {"math.isFinite(double): bool", IsFinite, "whether it is neither infinite nor no number",
        "math.isFinite(1.5)"}});
  AddFunctions(
      builder,
      {{"math.bitAnd(int, int): int", BitAnd, "the bits that both have", "math.bitAnd(1, 3) == 1"},
       {"math.bitAnd(uint, uint): uint", BitAnd, "the bits that both have",
        "math.bitAnd(1u, 3u) == 1u"},
       {"math.bitOr(int, int): int", BitOr, "the bits that either has", "math.bitOr(1, 2) == 3"},
       {"math.bitOr(uint, uint): uint", BitOr, "the bits that either has",
        "math.bitOr(1u, 4u) == 5u"},
       {"math.bitXor(int, int): int", BitXor, "the bits that one has", "math.bitXor(1, 3) == 2"},
       {"math.bitXor(uint, uint): uint", BitXor, "the bits that one has",
        "math.bitXor(1u, 3u) == 2u"},
       {"math.bitNot(int): int", BitNot, "the bits that it lacks", "math.bitNot(1) == -2"},
       {"math.bitNot(uint): uint", BitNot, "the bits that it lacks",
        "math.bitNot(1u) == 18446744073709551614u"},
       {"math.bitShiftLeft(int, int): int", BitShift<true>, "the bits moved towards the high end",
        "math.bitShiftLeft(1, 2) == 4"},
       {"math.bitShiftLeft(uint, int): uint", BitShift<true>, "the bits moved towards the high end",
        "math.bitShiftLeft(1u, 2) == 4u"},
       {"math.bitShiftRight(int, int): int", BitShift<false>,
        "the bits moved towards the low end; zeros follow, also below 0",
        "math.bitShiftRight(1024, 2) == 256"},
       {"math.bitShiftRight(uint, int): uint", BitShift<false>,
        "the bits moved towards the low end", "math.bitShiftRight(1024u, 2) == 256u"}});
}

}  // namespace strongroom::cel
