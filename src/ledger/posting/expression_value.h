// From the value of an expression to what a property holds. Errors are kTranCodeError unless a
// scalar's own parser speaks; they say what was expected and which kind was received, never the
// value.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <string>

#include "base/uuid.h"
#include "cel/arena.h"
#include "cel/budget.h"
#include "cel/value.h"
#include "ledger/value.h"

namespace strongroom::ledger {

// A uuid, or a string that holds one.
base::Result<base::Uuid> ToUuid(const cel::Value& value);
// A decimal, an int, or a string that holds a decimal; infinities are refused.
base::Result<scalars::Decimal> ToUnits(const cel::Value& value);
base::Result<scalars::Currency> ToCurrency(const cel::Value& value);
// The number of an enum's value: an int, or the name as a string (behaviour §9).
base::Result<std::int64_t> ToEnum(const EnumSpec& spec, const cel::Value& value);
// A date, a timestamp (its day in UTC), or a string that holds a date.
base::Result<scalars::Date> ToDate(const cel::Value& value);
base::Result<bool> ToBool(const cel::Value& value);
// A string, or the text of a scalar; at most `bytes_max`.
base::Result<std::string> ToText(const cel::Value& value, std::size_t bytes_max);
// Null stays null; a string has to hold JSON; everything else as ToJson has it, within
// limits::kJsonBytesMax.
base::Result<Value> ToJsonValue(const cel::Value& value, cel::Budget& budget, cel::Arena& arena);

// As `evaluate` answers (behaviour §12): int, uint, double, bool, string, list, map and null as
// JSON has them; other scalars as text: `123.456`, `123.45 USD`, a UUID, a date, a timestamp. An
// optional is its value or null, a record a map, a double that JSON can't write is text.
// kLimitExceeded below limits::kJsonDepthMax, and when `budget` ends: a unit per value and per ten
// bytes.
base::Result<boost::json::value> ToJson(const cel::Value& value, cel::Budget& budget,
                                        cel::Arena& arena);

// "a string", "a uuid": for messages.
std::string KindText(const cel::Value& value);

}  // namespace strongroom::ledger
