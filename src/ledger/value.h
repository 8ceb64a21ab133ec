// The value of a property. Immutable in use and cheap to copy: what is large is shared.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "ledger/catalog/property.h"
#include "scalars/date.h"
#include "scalars/money.h"

namespace strongroom::ledger {

struct Value;
using Values = std::vector<Value>;

struct JsonValue {
  std::shared_ptr<const boost::json::value> json;  // not null
};
struct RecordValue {
  std::shared_ptr<const Values> fields;  // by position in RecordSpec::fields; not null
};
struct ListValue {
  std::shared_ptr<const Values> items;  // not null
};

// Null, or what PropertyType says: enums are their number in EnumSpec::values.
struct Value {
  std::variant<std::monostate, bool, std::int64_t, std::string, base::Uuid, scalars::Date,
               base::Timestamp, scalars::Decimal, scalars::Money, JsonValue, RecordValue, ListValue>
      held;

  Value() = default;
  template <typename T>
  Value(T value) : held(std::move(value)) {}                 // NOLINT(google-explicit-constructor)
  Value(int value) : held(std::int64_t{value}) {}            // NOLINT(google-explicit-constructor)
  Value(const char* text) : held(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : held(std::string(text)) {}  // NOLINT(google-explicit-constructor)

  bool IsNull() const { return held.index() == 0; }
  // Null when it holds something else.
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&held);
  }
  // Aborts when it holds something else: for values that our own writers made.
  template <typename T>
  const T& Get() const {
    const T* value = As<T>();
    STRONGROOM_CHECK(value != nullptr);
    return *value;
  }
};

Value MakeRecord(Values fields);
Value MakeList(Values items);
Value MakeJson(boost::json::value json);

// Equal as stored: decimals with the same scale, JSON with the same members.
bool Identical(const Value& a, const Value& b);

// The name of an enum's number; aborts for one that the enum hasn't.
std::string_view EnumName(const EnumSpec& spec, const Value& value);

}  // namespace strongroom::ledger
