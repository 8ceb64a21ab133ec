#include "scalars/cel_env.h"

#include <chrono>
#include <string>

#include "scalars/cel_call.h"
#include "scalars/decimal_math.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

// ---- Conversions to texts and numbers.

Value Same(const Call& call) { return call[0]; }

void AddUuid(cel::EnvBuilder& builder) {
  constexpr auto kText = [](const Call& c) { return c.MakeString(UuidOf(c[0]).ToString()); };
  cel::AddFunctions(
      builder,
      {{"uuid(string): uuid",
        [](const Call& c) { return Give(c, base::ParseUuid(c[0].AsString())); },
        "the UUID of a text of 36 characters",
        "uuid('0E5D49F3-ABBF-4A3A-9E4E-B9E2A9F2A8F2').toString() == "
        "'0e5d49f3-abbf-4a3a-9e4e-b9e2a9f2a8f2'"},
       {"uuid(bytes): uuid",
        [](const Call& c) {
          base::Uuid id;
          if (c[0].AsBytes().size() != id.bytes.size()) return c.Invalid("a UUID has 16 bytes");
          c[0].AsBytes().copy(reinterpret_cast<char*>(id.bytes.data()), id.bytes.size());
          return Give(c, id);
        },
        "the UUID of 16 bytes",
        "uuid(b'0123456789abcdef') == uuid('30313233-3435-3637-3839-616263646566')"},
       {"uuid(uuid): uuid", Same, "the same UUID",
        "uuid(uuid('30313233-3435-3637-3839-616263646566')).toString().startsWith('3031')"},
       {"string(uuid): string", kText, "36 characters, lower case",
        "string(uuid('30313233-3435-3637-3839-616263646566')) == "
        "'30313233-3435-3637-3839-616263646566'"},
       {"(uuid).toString(): string", kText, "36 characters, lower case",
        "uuid('30313233-3435-3637-3839-616263646566').toString().size() == 36"},
       {"bytes(uuid): bytes",
        [](const Call& c) {
          const auto& bytes = UuidOf(c[0]).bytes;
          return c.MakeBytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        },
        "the 16 bytes",
        "bytes(uuid('30313233-3435-3637-3839-616263646566')) == b'0123456789abcdef'"}});
}

void AddDecimal(cel::EnvBuilder& builder) {
  constexpr auto kText = [](const Call& c) { return c.MakeString(DecimalOf(c[0]).ToString()); };
  cel::AddFunctions(
      builder,
      {{"decimal(string): decimal",
        [](const Call& c) { return Give(c, ParseDecimal(c[0].AsString())); },
        "the exact number of a text; its digits after the point are kept",
        "decimal('21.00').toString() == '21.00'"},
       {"decimal(int): decimal",
        [](const Call& c) { return Give(c, Decimal::FromInt(c[0].AsInt())); }, "the whole number",
        "decimal(7) == decimal('7')"},
       {"decimal(uint): decimal",
        [](const Call& c) { return Give(c, Decimal::FromUint(c[0].AsUint())); }, "the whole number",
        "decimal(7u) == decimal('7')"},
       {"decimal(money): decimal", [](const Call& c) { return Give(c, MoneyOf(c[0]).units); },
        "the units of the amount", "decimal(money('1.50', 'USD')) == decimal('1.50')"},
       {"decimal(decimal): decimal", Same, "the same number",
        "decimal(decimal('1')) == decimal('1')"},
       {"string(decimal): string", kText, "the digits, with those after the point as they are",
        "string(decimal('1.50')) == '1.50'"},
       {"(decimal).toString(): string", kText, "the digits, with those after the point as they are",
        "decimal('1.50').toString() == '1.50'"},
       {"int(decimal): int",
        [](const Call& c) {
          const auto whole = QuoInteger(DecimalOf(c[0]), Decimal::FromInt(1));
          return whole.ok() ? Give(c, whole->ToInt64()) : Give(c, whole);
        },
        "the whole part", "int(decimal('-1.9')) == -1"},
       {"double(decimal): double",
        [](const Call& c) { return Value::Double(DecimalOf(c[0]).ToDouble()); },
        "the nearest double", "double(decimal('1.5')) == 1.5"}});
}

using Binary = base::Result<Decimal> (*)(const Decimal&, const Decimal&);
template <Binary kFunction>
Value OfTwo(const Call& call) {
  return Give(call, kFunction(DecimalOf(call[0]), DecimalOf(call[1])));
}
base::Result<Decimal> Quotient(const Decimal& a, const Decimal& b) { return Quo(a, b); }

void AddDecimalOperators(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"_+_(decimal, decimal): decimal", OfTwo<Add>, "the exact sum, with the larger scale",
        "string(decimal('100') + decimal('18.45')) == '118.45'"},
       {"_-_(decimal, decimal): decimal", OfTwo<Sub>, "the exact difference, with the larger scale",
        "string(decimal('11.33') - decimal('11.33')) == '0.00'"},
       {"_*_(decimal, decimal): decimal", OfTwo<Mul>, "the exact product",
        "decimal('1.5') * decimal('2') == decimal('3')"},
       {"_/_(decimal, decimal): decimal", OfTwo<Quotient>,
        "the quotient, rounded half to even at 34 digits",
        "string(decimal('10') / decimal('4')) == '2.5'"},
       {"-_(decimal): decimal", [](const Call& c) { return Give(c, DecimalOf(c[0]).Negated()); },
        "the negative", "-decimal('1.5') == decimal('-1.5')"}});
}

void AddDate(cel::EnvBuilder& builder) {
  constexpr auto kText = [](const Call& c) { return c.MakeString(DateOf(c[0]).ToString()); };
  cel::AddFunctions(
      builder,
      {{"date(string): date", [](const Call& c) { return Give(c, ParseDate(c[0].AsString())); },
        "the date of a text such as 2022-12-21", "date('2022-12-21') < date('2022-12-22')"},
       {"date(timestamp): date",
        [](const Call& c) {
          const std::chrono::sys_seconds at(std::chrono::seconds(c[0].AsTimestamp().seconds));
          const auto days = std::chrono::floor<std::chrono::days>(at).time_since_epoch();
          return Give(c, Date{static_cast<std::int32_t>(days.count())});
        },
        "the date in UTC", "date(timestamp('2022-12-21T23:59:59Z')) == date('2022-12-21')"},
       {"date(date): date", Same, "the same date",
        "date(date('2022-12-21')) == date('2022-12-21')"},
       {"timestamp(date): timestamp",
        [](const Call& c) {
          const std::int64_t days = DateOf(c[0]).days;
          if (days < -719162)
            return c.Fail(cel::EvaluationErrorCode::kOutOfRange,
                          "timestamp out of range: years 1 to 9999 are known");
          return Value::Timestamp({days * 86400, 0});
        },
        "midnight in UTC", "timestamp(date('2022-12-21')) == timestamp('2022-12-21T00:00:00Z')"},
       {"string(date): string", kText, "such as 2022-12-21",
        "string(date('2022-12-21')) == '2022-12-21'"},
       {"(date).toString(): string", kText, "such as 2022-12-21",
        "date('2022-12-21').toString() == '2022-12-21'"},
       {"(date).getYear(): int",
        [](const Call& c) { return Value::Int(static_cast<int>(DateOf(c[0]).Civil().year())); },
        "the year", "date('2022-12-21').getYear() == 2022"},
       {"(date).getMonth(): int",
        [](const Call& c) {
          return Value::Int(static_cast<unsigned>(DateOf(c[0]).Civil().month()));
        },
        "the month, counted from 1", "date('2022-12-21').getMonth() == 12"},
       {"(date).getDay(): int",
        [](const Call& c) { return Value::Int(static_cast<unsigned>(DateOf(c[0]).Civil().day())); },
        "the day of the month, counted from 1", "date('2022-12-21').getDay() == 21"}});
}

// ---- Money.

Value MakeMoney(const Call& call, const base::Result<Decimal>& units) {
  const auto currency = ParseCurrency(call[1].AsString());
  if (!currency.ok()) return call.Invalid(currency.error().message);
  return units.ok() ? Give(call, Money{*units, *currency}) : Give(call, units);
}

void AddMoney(cel::EnvBuilder& builder) {
  constexpr auto kText = [](const Call& c) { return c.MakeString(MoneyOf(c[0]).ToString()); };
  cel::AddFunctions(
      builder,
      {{"money(string, string): money",
        [](const Call& c) { return MakeMoney(c, ParseDecimal(c[0].AsString())); },
        "an amount of a currency", "string(money('118.45', 'USD')) == '118.45 USD'"},
       {"money(decimal, string): money",
        [](const Call& c) { return MakeMoney(c, DecimalOf(c[0])); }, "an amount of a currency",
        "money(decimal('1.5'), 'USD') == money('1.50', 'USD')"},
       {"money(int, string): money",
        [](const Call& c) { return MakeMoney(c, Decimal::FromInt(c[0].AsInt())); },
        "an amount of a currency", "money(1, 'USD') == money('1', 'USD')"},
       {"string(money): string", kText, "the units and the currency",
        "string(money('1.50', 'EUR')) == '1.50 EUR'"},
       {"(money).toString(): string", kText, "the units and the currency",
        "money('1.50', 'EUR').toString() == '1.50 EUR'"},
       {"(money).currency(): string",
        [](const Call& c) { return c.MakeString(MoneyOf(c[0]).currency.ToString()); },
        "the currency", "money('1', 'USD').currency() == 'USD'"},
       {"(money).decimal(): decimal", [](const Call& c) { return Give(c, MoneyOf(c[0]).units); },
        "the units", "money('1', 'USD').decimal() == decimal('1')"}});
}

using MoneyBinary = base::Result<Money> (*)(const Money&, const Money&);
template <MoneyBinary kFunction>
Value OfAmounts(const Call& call) {
  return Give(call, kFunction(MoneyOf(call[0]), MoneyOf(call[1])));
}
using MoneyScale = base::Result<Money> (*)(const Money&, const Decimal&);
template <MoneyScale kFunction>
Value OfAmountAndNumber(const Call& call) {
  return Give(call, kFunction(MoneyOf(call[0]), DecimalOf(call[1])));
}

// Comparing amounts of two currencies is an error.
template <typename Test>
Value CompareMoney(const Call& call, Test test) {
  const auto order = Compare(MoneyOf(call[0]), MoneyOf(call[1]));
  return order.ok() ? Value::Bool(test(*order)) : call.Invalid(order.error().message);
}

void AddMoneyOperators(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"_+_(money, money): money", OfAmounts<Add>, "the exact sum; both of one currency",
        "money('1', 'USD') + money('0.50', 'USD') == money('1.50', 'USD')"},
       {"_-_(money, money): money", OfAmounts<Sub>, "the exact difference; both of one currency",
        "money('1', 'USD') - money('0.50', 'USD') == money('0.50', 'USD')"},
       {"_*_(money, decimal): money", OfAmountAndNumber<Mul>, "the exact product",
        "money('2', 'USD') * decimal('1.5') == money('3', 'USD')"},
       {"_/_(money, decimal): money", OfAmountAndNumber<Div>,
        "the quotient, rounded half to even at 34 digits",
        "money('3', 'USD') / decimal('2') == money('1.5', 'USD')"},
       {"-_(money): money",
        [](const Call& c) {
          return Give(c, Money{MoneyOf(c[0]).units.Negated(), MoneyOf(c[0]).currency});
        },
        "the negative", "-money('1', 'USD') == money('-1', 'USD')"},
       {"_<_(money, money): bool",
        [](const Call& c) { return CompareMoney(c, [](auto order) { return order < 0; }); },
        "whether it is less; both of one currency", "money('1', 'USD') < money('2', 'USD')"},
       {"_<=_(money, money): bool",
        [](const Call& c) { return CompareMoney(c, [](auto order) { return order <= 0; }); },
        "whether it is not more; both of one currency", "money('1', 'USD') <= money('1.0', 'USD')"},
       {"_>_(money, money): bool",
        [](const Call& c) { return CompareMoney(c, [](auto order) { return order > 0; }); },
        "whether it is more; both of one currency", "money('2', 'USD') > money('1', 'USD')"},
       {"_>=_(money, money): bool",
        [](const Call& c) { return CompareMoney(c, [](auto order) { return order >= 0; }); },
        "whether it is not less; both of one currency",
        "money('1.0', 'USD') >= money('1', 'USD')"}});
}

// EnvBuilder::Opaque has declared the order; here are its words.
void DescribeOrder(cel::EnvBuilder& builder, std::string_view type, const std::string& low,
                   const std::string& high) {
  struct Row {
    std::string_view name;
    std::string_view id;
    std::string_view description;
    std::string example;
  };
  const Row rows[] = {
      {cel::kLess, "less_", "whether it is less", low + " < " + high},
      {cel::kLessEquals, "less_equals_", "whether it is not more", low + " <= " + low},
      {cel::kGreater, "greater_", "whether it is more", high + " > " + low},
      {cel::kGreaterEquals, "greater_equals_", "whether it is not less", high + " >= " + high}};
  for (const Row& row : rows)
    builder.Function(row.name, {.id = std::string(row.id) + std::string(type),
                                .parameters = {cel::Type::Opaque(type), cel::Type::Opaque(type)},
                                .result = cel::Type::Bool(),
                                .callback = {},
                                .description = std::string(row.description),
                                .example = row.example});
}

}  // namespace

void AddScalarTypes(cel::EnvBuilder& builder) {
  builder.Opaque(&kUuidType).Opaque(&kDecimalType).Opaque(&kDateType).Opaque(&kMoneyType);
  DescribeOrder(builder, kUuidType.name, "uuid(b'0123456789abcdef')", "uuid(b'fedcba9876543210')");
  DescribeOrder(builder, kDecimalType.name, "decimal('9')", "decimal('10.0')");
  DescribeOrder(builder, kDateType.name, "date('2022-12-21')", "date('2023-01-01')");
  AddUuid(builder);
  AddDecimal(builder);
  AddDecimalOperators(builder);
  AddDate(builder);
  AddMoney(builder);
  AddMoneyOperators(builder);
}

}  // namespace strongroom::scalars
