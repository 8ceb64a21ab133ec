// Every function with every awkward argument: nothing crashes, and what comes back is an error or a
// sound value of the declared type, within the limits.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/encoding.h"
#include "cel/activation.h"
#include "cel/env.h"
#include "scalars/cel_env.h"
#include "scalars/cel_host.h"
#include "scalars/cel_types.h"

namespace strongroom::scalars {
namespace {

using cel::Kind;
using cel::Type;
using cel::TypeKind;
using cel::Value;

const Decimal kDecimals[] = {Decimal(),
                             Decimal::FromInt(-1),
                             Decimal::FromInt(3),
                             ParseDecimal("0.00000000000000000000000000000001").value(),
                             ParseDecimal("9999999999999999999999999999999999").value(),
                             ParseDecimal("-1E-6176").value(),
                             ParseDecimal("9E6111").value(),
                             Decimal::Infinity(),
                             Decimal::Infinity(true)};
const Money kAmounts[] = {{Decimal::FromInt(1), ParseCurrency("USD").value()},
                          {Decimal::Infinity(), ParseCurrency("EUR").value()}};
const Date kDates[] = {{0}, {kDateDaysMin}, {kDateDaysMax}};
const base::Uuid kIds[] = {{}, base::ParseUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value()};

template <typename T>
std::vector<Value> Opaques(const T& data) {
  std::vector<Value> values;
  for (const auto& one : data) values.push_back(ToCel(one));
  return values;
}

std::vector<Value> Texts() {
  static const std::string kLong = [] {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "aé€😀";
    return text;
  }();
  std::vector<Value> values;
  for (const char* text : {"",
                           "a",
                           " \t",
                           "-1",
                           "%",
                           "%s%.1000f%%%",
                           "%.",
                           "%.99999999999d",
                           "é€😀",
                           "../..//x/..",
                           "UTC",
                           "Europe/Berlin",
                           "+25:00",
                           "2024-02-29",
                           "2024-02-29T23:59:59.9Z",
                           "1e6111",
                           "inf",
                           "&#x110000;&#xD800;&amp&lt;",
                           "USD",
                           "half_even",
                           "::ffff:1.2.3.4",
                           "1.2.3.4/33",
                           "(a+)+$",
                           "0x",
                           "6ba7b810-9dad-11d1-80b4-00c04fd430c8"})
    values.push_back(Value::String(text));
  values.push_back(Value::String(kLong));
  values.push_back(Value::String(std::string_view("\0b", 2)));
  return values;
}

std::vector<Value> Numbers() {
  std::vector<Value> values;
  for (const std::int64_t i :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{3}, std::int64_t{64},
        std::int64_t{100000}, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max()})
    values.push_back(Value::Int(i));
  return values;
}

std::vector<Value> Doubles() {
  std::vector<Value> values;
  for (const double d : {0.0, -0.0, 1.5, -1.0, 1e308, 5e-324, std::nan(""), HUGE_VAL, -HUGE_VAL})
    values.push_back(Value::Double(d));
  return values;
}

// Values of a type; of `dyn` and parameters, some of every kind.
class Pool {
 public:
  std::vector<Value> Of(const Type& type) {
    switch (type.kind()) {
      case TypeKind::kNull: return {Value::Null()};
      case TypeKind::kBool: return {Value::Bool(false), Value::Bool(true)};
      case TypeKind::kInt: return Numbers();
      case TypeKind::kUint:
        return {Value::Uint(0), Value::Uint(35), Value::Uint(~std::uint64_t{0})};
      case TypeKind::kDouble: return Doubles();
      case TypeKind::kString: return Texts();
      case TypeKind::kBytes:
        return {Value::Bytes(""), Value::Bytes("\xFF\xC0"), Value::Bytes("0123456789abcdef"),
                Value::Bytes(Texts().end()[-2].AsString())};
      case TypeKind::kTimestamp:
        return {Value::Timestamp({-62135596800, 0}), Value::Timestamp({253402300799, 999999999})};
      case TypeKind::kDuration:
        return {Value::Duration({0, -1}), Value::Duration({9223372036, 854775807})};
      case TypeKind::kTypeType: return {Value::TypeValue(&int_)};
      case TypeKind::kList: return Lists(type.parameter(0));
      case TypeKind::kMap: return Maps();
      case TypeKind::kOptional: return {Value::None(), Value::Some(&null_)};
      case TypeKind::kOpaque: return Opaque(type.name());
      default: return Anything();
    }
  }

 private:
  std::vector<Value> Anything() {
    std::vector<Value> all;
    for (const Type& type :
         {Type::Null(), Type::Bool(), Type::Uint(), Type::Double(), Type::Bytes(),
          Type::Timestamp(), Type::Duration(), Type::List(Type::Int()), Type::Opaque("money")})
      for (const Value& value : Of(type)) all.push_back(value);
    for (const Value& value : Maps()) all.push_back(value);
    return all;
  }

  std::vector<Value> Lists(const Type& element) {
    std::vector<Value> lists = {Value::List(std::span<const Value>())};
    const bool any = element.is(TypeKind::kDyn) || element.is(TypeKind::kParam);
    const std::vector<Value> elements = Of(any ? Type::Double() : element);
    lists.push_back(Keep(elements));
    lists.push_back(Keep({Value::Null(), Value::Int(1), Value::String("a"), lists.back()}));
    lists.push_back(Keep(std::vector<Value>(300, lists[1])));
    return lists;
  }

  std::vector<Value> Maps() {
    const auto entries = arena_.NewArray<cel::MapEntry>(2);
    entries[0] = {Value::String("a"), Keep({Value::Double(0.5)})};
    entries[1] = {Value::Int(-1), Value::Null()};
    return {Value::Map(std::span<const cel::MapEntry>()), Value::Map(entries)};
  }

  std::vector<Value> Opaque(std::string_view name) {
    if (name == "decimal") return Opaques(kDecimals);
    if (name == "money") return Opaques(kAmounts);
    if (name == "date") return Opaques(kDates);
    if (name == "uuid") return Opaques(kIds);
    return {};  // the engine's own, which its tests know
  }

  Value Keep(const std::vector<Value>& values) {
    const auto kept = arena_.NewArray<Value>(values.size());
    std::ranges::copy(values, kept.begin());
    return Value::List(kept);
  }

  cel::Arena arena_;
  Type int_ = Type::Int();
  Value null_ = Value::Null();
};

bool IsOf(const Value& value, const Type& type) {
  switch (type.kind()) {
    case TypeKind::kBool: return value.is(Kind::kBool);
    case TypeKind::kInt: return value.is(Kind::kInt);
    case TypeKind::kUint: return value.is(Kind::kUint);
    case TypeKind::kDouble: return value.is(Kind::kDouble);
    case TypeKind::kString: return value.is(Kind::kString) && base::IsUtf8(value.AsString());
    case TypeKind::kBytes: return value.is(Kind::kBytes);
    case TypeKind::kTimestamp: return value.is(Kind::kTimestamp);
    case TypeKind::kDuration: return value.is(Kind::kDuration);
    case TypeKind::kList: return value.is(Kind::kList);
    case TypeKind::kMap: return value.is(Kind::kMap);
    case TypeKind::kOptional: return value.is(Kind::kOptional);
    case TypeKind::kOpaque: return value.is(Kind::kOpaque);
    default: return !value.absent();
  }
}

std::string Told(const std::vector<Value>& arguments) {
  std::string told;
  for (const Value& argument : arguments) told += " | " + cel::ToText(argument).substr(0, 80);
  return told;
}

TEST(HostileArguments, GiveErrorsOrSoundValues) {
  cel::EnvBuilder builder(*cel::StandardEnv());
  AddScalarTypes(builder);
  AddLedgerFunctions(builder);
  const auto env = std::move(builder).Build();
  const CelHost host{base::Timestamp(), &base::SystemRandom()};
  cel::Activation activation(*env);
  activation.SetHost(&host);
  Pool pool;
  cel::Arena arena;
  std::size_t calls = 0;
  for (const auto& function : env->Functions())
    for (const cel::Overload* overload : function.overloads) {
      if (overload->callback == nullptr) continue;
      std::vector<std::vector<Value>> choices;
      std::size_t combinations = 1;
      for (const Type& type : overload->parameters) {
        choices.push_back(pool.Of(type));
        combinations *= choices.back().size();
      }
      // All of them, or a thousand spread evenly.
      const std::size_t step = std::max<std::size_t>(1, combinations / 1000);
      for (std::size_t number = 0; number < combinations; number += step) {
        std::vector<Value> arguments;
        std::size_t rest = number;
        for (const auto& choice : choices) {
          arguments.push_back(choice[rest % choice.size()]);
          rest /= choice.size();
        }
        arena.Reset();
        cel::Budget budget;
        const Value value = overload->callback({arguments, arena, budget, activation});
        ++calls;
        const bool sound = budget.exhausted() || value.is_error() || IsOf(value, overload->result);
        EXPECT_TRUE(sound && arena.used() < budget.bytes_max())
            << function.name << ' ' << overload->id << Told(arguments);
      }
    }
  EXPECT_GT(calls, 10000u);
}

}  // namespace
}  // namespace strongroom::scalars
