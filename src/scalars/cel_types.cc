#include "scalars/cel_types.h"

#include <chrono>

namespace strongroom::scalars {
namespace {

template <typename T>
const T& As(const void* data) {
  return *static_cast<const T*>(data);
}

template <typename T>
bool Equal(const void* a, const void* b) {
  return As<T>(a) == As<T>(b);
}

template <typename T>
std::strong_ordering Order(const void* a, const void* b) {
  const auto order = As<T>(a) <=> As<T>(b);
  return order < 0   ? std::strong_ordering::less
         : order > 0 ? std::strong_ordering::greater
                     : std::strong_ordering::equal;
}

template <typename T>
const void* Copy(const void* data, cel::Arena& arena) {
  return arena.New<T>(As<T>(data));
}

template <typename T>
std::string Text(const void* data) {
  return As<T>(data).ToString();
}

std::string Call(std::string_view function, const std::string& argument) {
  return std::string(function) + "(\"" + argument + "\")";
}

}  // namespace

constexpr cel::OpaqueType kUuidType = {
    .name = "uuid",
    .equal = Equal<base::Uuid>,
    .compare = Order<base::Uuid>,
    .hash = [](const void* data) { return std::hash<base::Uuid>()(As<base::Uuid>(data)); },
    .print = [](const void* data) { return Call("uuid", Text<base::Uuid>(data)); },
    .copy = Copy<base::Uuid>,
    .text = Text<base::Uuid>};

constexpr cel::OpaqueType kDecimalType = {
    .name = "decimal",
    .equal = Equal<Decimal>,
    .compare = Order<Decimal>,
    .hash = [](const void* data) { return As<Decimal>(data).Hash(); },
    .print = [](const void* data) { return Call("decimal", Text<Decimal>(data)); },
    .copy = Copy<Decimal>,
    .text = Text<Decimal>};

constexpr cel::OpaqueType kDateType = {
    .name = "date",
    .equal = Equal<Date>,
    .compare = Order<Date>,
    .hash = [](const void* data) { return std::hash<std::int32_t>()(As<Date>(data).days); },
    .print = [](const void* data) { return Call("date", Text<Date>(data)); },
    .copy = Copy<Date>,
    .text = Text<Date>};

constexpr cel::OpaqueType kMoneyType = {
    .name = "money",
    .equal = Equal<Money>,
    .compare = nullptr,
    .hash =
        [](const void* data) {
          const Money& money = As<Money>(data);
          return money.units.Hash() ^ money.currency.Number();
        },
    .print =
        [](const void* data) {
          const Money& money = As<Money>(data);
          return Call("money", money.units.ToString() + "\", \"" + money.currency.ToString());
        },
    .copy = Copy<Money>,
    .text = Text<Money>};

cel::Value ToCel(base::Timestamp at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  return cel::Value::Timestamp(
      {whole.time_since_epoch().count(), static_cast<std::int32_t>((at - whole).count())});
}

base::Result<base::Timestamp> ToTimestamp(cel::TimestampValue at) {
  constexpr std::int64_t kSecondsMax = 9223372036;  // of 64 bits of nanoseconds
  if (at.seconds >= kSecondsMax || at.seconds < -kSecondsMax)
    return base::MakeError(base::ErrorCode::kBadRequest,
                           "timestamp out of range: 1677-09-22 to 2262-04-11 can be stored");
  return base::Timestamp(std::chrono::seconds(at.seconds)) + std::chrono::nanoseconds(at.nanos);
}

}  // namespace strongroom::scalars
