#include "ledger/indexes/key_value.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>

#include "base/encoding.h"
#include "cel/lib/time.h"
#include "cel/type.h"
#include "scalars/cel_types.h"
#include "scalars/timestamp.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using storage::KeyWriter;

std::string Int(std::int64_t value) { return KeyWriter().Int64(value).Take(); }
std::string Uint(std::uint64_t value) { return KeyWriter().Uint64(value).Take(); }

std::optional<std::string> Double(double value) {
  if (std::isnan(value)) return std::nullopt;
  const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);  // no negative zero
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  return Uint((bits & kSign) != 0 ? ~bits : bits | kSign);
}

// A byte for the sign, then 0.d1d2… times ten to a power: the power, the digits without trailing
// zeros, and an end that is less than any digit. Negative ones inverted.
std::string Decimal(const scalars::Decimal& value) {
  enum : std::uint8_t { kMinusInfinity, kNegative, kZero, kPositive, kInfinity };
  if (!value.IsFinite()) return KeyWriter(value.IsNegative() ? kMinusInfinity : kInfinity).Take();
  if (value.IsZero()) return KeyWriter(kZero).Take();
  std::string digits;
  scalars::Int128 rest = value.Absolute().Coefficient();
  for (; rest > 0; rest /= 10) digits.insert(digits.begin(), static_cast<char>('0' + rest % 10));
  const std::int64_t power = static_cast<std::int64_t>(digits.size()) + value.Exponent();
  digits.erase(digits.find_last_not_of('0') + 1);
  digits += '\0';
  std::string key = Int(power) + digits;
  if (value.IsNegative())
    for (char& c : key) c = static_cast<char>(~c);
  return KeyWriter(value.IsNegative() ? kNegative : kPositive).Raw(key).Take();
}

std::string Money(const scalars::Money& money) {
  return money.currency.ToString() + Decimal(money.units);
}

std::int64_t Nanos(cel::DurationValue span) { return span.seconds * 1'000'000'000 + span.nanos; }

base::Error NotA(std::string_view what, std::string_view text) {
  return base::MakeError(base::ErrorCode::kBadRequest,
                         fmt::format("`{}` is not {}", text.substr(0, 100), what));
}

template <typename T>
base::Result<T> Number(std::string_view text, std::string_view what) {
  T number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return NotA(what, text);
  return number;
}

std::optional<std::string> OfText(KeyType type, std::string_view text) {
  auto read = KeyValueOfText(type, nullptr, text);
  if (!read.ok()) return std::nullopt;
  return *std::move(read);
}

std::optional<std::string> OfInt(KeyType type, std::int64_t value) {
  switch (type) {
    case KeyType::kInt: return Int(value);
    case KeyType::kUint:
      if (value >= 0) return Uint(static_cast<std::uint64_t>(value));
      return std::nullopt;
    case KeyType::kDouble: return Double(static_cast<double>(value));
    case KeyType::kDecimal: return Decimal(scalars::Decimal::FromInt(value));
    case KeyType::kString: return std::to_string(value);
    default: return std::nullopt;
  }
}

std::optional<std::string> OfOpaque(KeyType type, const cel::Value& value) {
  if (const auto* id = scalars::AsUuid(value); id != nullptr) {
    if (type == KeyType::kUuid) return KeyWriter().Uuid(*id).Take();
    if (type == KeyType::kString) return id->ToString();
  } else if (const auto* decimal = scalars::AsDecimal(value); decimal != nullptr) {
    if (type == KeyType::kDecimal) return Decimal(*decimal);
    if (type == KeyType::kString) return decimal->ToString();
  } else if (const auto* date = scalars::AsDate(value); date != nullptr) {
    if (type == KeyType::kDate) return Int(date->days);
    if (type == KeyType::kString) return date->ToString();
  } else if (const auto* money = scalars::AsMoney(value); money != nullptr) {
    if (type == KeyType::kMoney) return Money(*money);
    if (type == KeyType::kDecimal) return Decimal(money->units);
  }
  return std::nullopt;
}

}  // namespace

std::optional<KeyType> KeyTypeOf(const cel::Type& type) {
  using cel::TypeKind;
  switch (type.kind()) {
    case TypeKind::kNullable:
    case TypeKind::kOptional:
    case TypeKind::kList: return KeyTypeOf(type.parameter(0));
    case TypeKind::kBool: return KeyType::kBool;
    case TypeKind::kInt:
    case TypeKind::kEnum: return KeyType::kInt;
    case TypeKind::kUint: return KeyType::kUint;
    case TypeKind::kDouble: return KeyType::kDouble;
    case TypeKind::kString: return KeyType::kString;
    case TypeKind::kBytes: return KeyType::kBytes;
    case TypeKind::kTimestamp: return KeyType::kTimestamp;
    case TypeKind::kDuration: return KeyType::kDuration;
    case TypeKind::kOpaque:
      if (type.name() == "uuid") return KeyType::kUuid;
      if (type.name() == "date") return KeyType::kDate;
      if (type.name() == "money") return KeyType::kMoney;
      if (type.name() == "decimal") return KeyType::kDecimal;
      return std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<std::string> KeyValue(KeyType type, const cel::Value& value) {
  switch (value.kind()) {
    case cel::Kind::kBool:
      if (type == KeyType::kBool) return std::string(1, value.AsBool() ? '\1' : '\0');
      if (type == KeyType::kString) return value.AsBool() ? "true" : "false";
      return std::nullopt;
    case cel::Kind::kInt: return OfInt(type, value.AsInt());
    case cel::Kind::kUint:
      if (type == KeyType::kUint) return Uint(value.AsUint());
      if (type == KeyType::kString) return std::to_string(value.AsUint());
      return std::nullopt;
    case cel::Kind::kDouble:
      if (type == KeyType::kDouble) return Double(value.AsDouble());
      return std::nullopt;
    case cel::Kind::kString: return OfText(type, value.AsString());
    case cel::Kind::kBytes:
      if (type == KeyType::kBytes) return std::string(value.AsBytes());
      return std::nullopt;
    case cel::Kind::kTimestamp: {
      if (type != KeyType::kTimestamp) return std::nullopt;
      const auto at = scalars::ToTimestamp(value.AsTimestamp());
      if (!at.ok()) return std::nullopt;
      return KeyWriter().Timestamp(*at).Take();
    }
    case cel::Kind::kDuration:
      if (type == KeyType::kDuration) return Int(Nanos(value.AsDuration()));
      return std::nullopt;
    case cel::Kind::kOpaque: return OfOpaque(type, value);
    default: return std::nullopt;
  }
}

base::Result<std::string> KeyValueOfText(KeyType type, const EnumSpec* names,
                                         std::string_view text) {
  if (names != nullptr)
    if (const int number = names->Find(text); number >= 0) return Int(number);
  switch (type) {
    case KeyType::kInt: {
      STRONGROOM_ASSIGN(const auto number, Number<std::int64_t>(text, "an integer"));
      return Int(number);
    }
    case KeyType::kUint: {
      STRONGROOM_ASSIGN(const auto number, Number<std::uint64_t>(text, "an unsigned integer"));
      return Uint(number);
    }
    case KeyType::kDouble: {
      STRONGROOM_ASSIGN(const auto number, Number<double>(text, "a number"));
      auto key = Double(number);
      if (!key) return NotA("a number", text);
      return *std::move(key);
    }
    case KeyType::kBool:
      if (text != "true" && text != "false") return NotA("true or false", text);
      return std::string(1, text == "true" ? '\1' : '\0');
    case KeyType::kString: return std::string(text);
    case KeyType::kBytes: return base::DecodeBase64(text);
    case KeyType::kDuration: {
      STRONGROOM_ASSIGN(const cel::DurationValue span, cel::ParseDuration(text));
      return Int(Nanos(span));
    }
    case KeyType::kTimestamp: {
      STRONGROOM_ASSIGN(const base::Timestamp at, scalars::ParseTimestamp(text));
      return KeyWriter().Timestamp(at).Take();
    }
    case KeyType::kUuid: {
      STRONGROOM_ASSIGN(const base::Uuid id, base::ParseUuid(text));
      return KeyWriter().Uuid(id).Take();
    }
    case KeyType::kDate: {
      STRONGROOM_ASSIGN(const scalars::Date date, scalars::ParseDate(text));
      return Int(date.days);
    }
    case KeyType::kMoney: {
      STRONGROOM_ASSIGN(const scalars::Money money, scalars::ParseMoney(text));
      return Money(money);
    }
    case KeyType::kDecimal: break;
  }
  STRONGROOM_ASSIGN(const scalars::Decimal decimal, scalars::ParseDecimal(text));
  return Decimal(decimal);
}

}  // namespace strongroom::ledger
