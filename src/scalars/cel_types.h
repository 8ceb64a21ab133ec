// The scalars as CEL values: the opaque types uuid, decimal, date and money. Their data are
// base::Uuid, Decimal, Date and Money themselves, read where they lie.
#pragma once

#include "base/clock.h"
#include "base/uuid.h"
#include "cel/value.h"
#include "scalars/date.h"
#include "scalars/decimal.h"
#include "scalars/money.h"

namespace strongroom::scalars {

extern const cel::OpaqueType kUuidType;     // ordered by bytes
extern const cel::OpaqueType kDecimalType;  // by value: decimal("1.0") == decimal("1.00")
extern const cel::OpaqueType kDateType;
extern const cel::OpaqueType kMoneyType;  // < and so on are declared by AddScalarTypes: comparing
                                          // two currencies is an error

// The values stay where they are and outlive the result.
inline cel::Value ToCel(const base::Uuid& id) { return cel::Value::Opaque(&kUuidType, &id); }
inline cel::Value ToCel(const Decimal& d) { return cel::Value::Opaque(&kDecimalType, &d); }
inline cel::Value ToCel(const Date& date) { return cel::Value::Opaque(&kDateType, &date); }
inline cel::Value ToCel(const Money& money) { return cel::Value::Opaque(&kMoneyType, &money); }
cel::Value ToCel(base::Timestamp at);

// Null when the value is of another type.
inline const base::Uuid* AsUuid(const cel::Value& value) {
  return static_cast<const base::Uuid*>(value.AsOpaque(&kUuidType));
}
inline const Decimal* AsDecimal(const cel::Value& value) {
  return static_cast<const Decimal*>(value.AsOpaque(&kDecimalType));
}
inline const Date* AsDate(const cel::Value& value) {
  return static_cast<const Date*>(value.AsOpaque(&kDateType));
}
inline const Money* AsMoney(const cel::Value& value) {
  return static_cast<const Money*>(value.AsOpaque(&kMoneyType));
}
// kBadRequest for timestamps that base::Timestamp can't hold (before 1677 or after 2262).
base::Result<base::Timestamp> ToTimestamp(cel::TimestampValue at);

}  // namespace strongroom::scalars
