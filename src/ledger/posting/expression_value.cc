#include "ledger/posting/expression_value.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "base/encoding.h"
#include "base/json.h"
#include "cel/lib/time.h"
#include "cel/type.h"
#include "ledger/limits.h"
#include "scalars/cel_types.h"

namespace strongroom::ledger {
namespace {

using cel::Kind;

base::Error Unfit(std::string_view expected, const cel::Value& value) {
  return base::MakeError(base::ErrorCode::kTranCodeError,
                         fmt::format("expected {}, received {}", expected, KindText(value)),
                         "convert it: decimal(…), uuid(…), date(…), string(…)");
}

base::Error TooLong(std::size_t bytes_max) {
  return base::MakeError(base::ErrorCode::kLimitExceeded,
                         fmt::format("the text is longer than {} bytes", bytes_max), "shorten it");
}

// Text of what is a scalar and not a number, bool or string of JSON; nothing for the others.
std::optional<std::string> ScalarText(const cel::Value& value) {
  if (const auto* id = scalars::AsUuid(value)) return id->ToString();
  if (const auto* d = scalars::AsDecimal(value)) return d->ToString();
  if (const auto* m = scalars::AsMoney(value)) return m->ToString();
  if (const auto* d = scalars::AsDate(value)) return d->ToString();
  switch (value.kind()) {
    case Kind::kTimestamp: return cel::FormatTimestamp(value.AsTimestamp());
    case Kind::kDuration: return cel::FormatDuration(value.AsDuration());
    case Kind::kBytes: return base::EncodeBase64(value.AsBytes());
    case Kind::kType: return value.AsType().ToString();
    case Kind::kOpaque: return cel::ToText(value);
    default: return std::nullopt;
  }
}

class JsonWriter {
 public:
  JsonWriter(cel::Budget& budget, cel::Arena& arena) : budget_(budget), arena_(arena) {}

  base::Result<boost::json::value> Write(const cel::Value& value, std::size_t depth) {
    if (!budget_.Charge(1)) return Exhausted();
    if (depth > limits::kJsonDepthMax) {
      return base::MakeError(
          base::ErrorCode::kLimitExceeded,
          fmt::format("the value is nested deeper than {} levels", limits::kJsonDepthMax));
    }
    switch (value.kind()) {
      case Kind::kAbsent:
      case Kind::kNull: return boost::json::value(nullptr);
      case Kind::kBool: return boost::json::value(value.AsBool());
      case Kind::kInt: return boost::json::value(value.AsInt());
      case Kind::kUint: return boost::json::value(value.AsUint());
      case Kind::kDouble: return Number(value.AsDouble());
      case Kind::kString: return Text(value.AsString());
      case Kind::kList: return List(value, depth);
      case Kind::kMap: return Map(value, depth);
      case Kind::kObject: return Object(value.AsObject(), depth);
      case Kind::kOptional:
        if (value.AsOptional() == nullptr) return boost::json::value(nullptr);
        return Write(*value.AsOptional(), depth + 1);
      case Kind::kError:
        return base::MakeError(base::ErrorCode::kCelEvaluationError,
                               std::string(value.AsError().message));
      default: return Text(ScalarText(value).value_or(""));
    }
  }

 private:
  static base::Error Exhausted() {
    return base::MakeError(base::ErrorCode::kLimitExceeded, "the result is too large",
                           "let the expressions give less");
  }

  // rfc8259 6: no number of JSON is infinite or not a number.
  base::Result<boost::json::value> Number(double number) {
    if (std::isfinite(number)) return boost::json::value(number);
    if (std::isnan(number)) return Text("NaN");
    return Text(number > 0 ? "Infinity" : "-Infinity");
  }

  base::Result<boost::json::value> Text(std::string_view text) {
    if (!budget_.ChargeBytes(text.size())) return Exhausted();
    return boost::json::value(text);
  }

  base::Result<boost::json::value> List(const cel::Value& list, std::size_t depth) {
    boost::json::array array;
    const std::size_t size = list.Size();
    for (std::size_t i = 0; i < size; ++i) {
      STRONGROOM_ASSIGN(auto element, Write(list.At(i, arena_), depth + 1));
      array.push_back(std::move(element));
    }
    return boost::json::value(std::move(array));
  }

  base::Result<boost::json::value> Map(const cel::Value& map, std::size_t depth) {
    boost::json::object object;
    cel::MapCursor cursor(map);
    while (const auto entry = cursor.Next(arena_)) {
      STRONGROOM_ASSIGN(const std::string key, Key(entry->key));
      STRONGROOM_ASSIGN(auto member, Write(entry->value, depth + 1));
      object.insert_or_assign(key, std::move(member));
    }
    return boost::json::value(std::move(object));
  }

  base::Result<boost::json::value> Object(const cel::ObjectView& view, std::size_t depth) {
    boost::json::object object;
    const auto& fields = view.type().fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      STRONGROOM_ASSIGN(auto member, Write(view.Get(i, arena_), depth + 1));
      object.insert_or_assign(fields[i].name, std::move(member));
    }
    return boost::json::value(std::move(object));
  }

  // Members of JSON are named by text, keys of CEL by bools and integers too.
  base::Result<std::string> Key(const cel::Value& key) {
    STRONGROOM_ASSIGN(std::string text, ToText(key, limits::kJsonBytesMax));
    if (!budget_.ChargeBytes(text.size())) return Exhausted();
    return text;
  }

  cel::Budget& budget_;
  cel::Arena& arena_;
};

}  // namespace

std::string KindText(const cel::Value& value) {
  if (const auto* type = value.opaque_type()) return fmt::format("a {}", type->name);
  switch (value.kind()) {
    case Kind::kAbsent: return "nothing";
    case Kind::kNull: return "null";
    case Kind::kBool: return "a bool";
    case Kind::kInt: return "an int";
    case Kind::kUint: return "a uint";
    case Kind::kDouble: return "a double";
    case Kind::kString: return "a string";
    case Kind::kBytes: return "bytes";
    case Kind::kTimestamp: return "a timestamp";
    case Kind::kDuration: return "a duration";
    case Kind::kType: return "a type";
    case Kind::kList: return "a list";
    case Kind::kMap: return "a map";
    case Kind::kObject: return "a record";
    case Kind::kOptional: return "an optional";
    default: return "an error";
  }
}

base::Result<base::Uuid> ToUuid(const cel::Value& value) {
  if (const auto* id = scalars::AsUuid(value)) return *id;
  if (value.is(Kind::kString)) return base::ParseUuid(value.AsString());
  return Unfit("a uuid", value);
}

base::Result<scalars::Decimal> ToUnits(const cel::Value& value) {
  scalars::Decimal units;
  if (const auto* decimal = scalars::AsDecimal(value)) {
    units = *decimal;
  } else if (value.is(Kind::kInt)) {
    units = scalars::Decimal::FromInt(value.AsInt());
  } else if (value.is(Kind::kUint)) {
    units = scalars::Decimal::FromUint(value.AsUint());
  } else if (value.is(Kind::kString)) {
    STRONGROOM_ASSIGN(units, scalars::ParseDecimal(value.AsString()));
  } else {
    // A double has lost what an amount may not lose.
    return Unfit("a decimal", value);
  }
  if (units.IsFinite()) return units;
  return base::MakeError(base::ErrorCode::kTranCodeError,
                         "expected a finite amount, received infinity", "give a number");
}

base::Result<scalars::Currency> ToCurrency(const cel::Value& value) {
  if (!value.is(Kind::kString)) return Unfit("a currency code as a string", value);
  return scalars::ParseCurrency(value.AsString());
}

base::Result<std::int64_t> ToEnum(const EnumSpec& spec, const cel::Value& value) {
  if (value.is(Kind::kInt)) {
    const std::int64_t number = value.AsInt();
    if (number >= 0 && number < static_cast<std::int64_t>(spec.values.size())) return number;
  } else if (value.is(Kind::kString)) {
    if (const int number = spec.Find(value.AsString()); number >= 0) return std::int64_t{number};
  }
  std::string names;
  for (const EnumValue& known : spec.values) {
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  if (value.is(Kind::kInt) || value.is(Kind::kString)) {
    return base::MakeError(base::ErrorCode::kTranCodeError,
                           fmt::format("the {} is none of {}", spec.label, names));
  }
  return Unfit("one of " + names, value);
}

base::Result<scalars::Date> ToDate(const cel::Value& value) {
  if (const auto* date = scalars::AsDate(value)) return *date;
  if (value.is(Kind::kString)) return scalars::ParseDate(value.AsString());
  if (!value.is(Kind::kTimestamp)) return Unfit("a date", value);
  // Years 1 to 9999 of a timestamp are days that a Date holds.
  const std::chrono::sys_seconds at{std::chrono::seconds(value.AsTimestamp().seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
  return scalars::Date{static_cast<std::int32_t>(day)};
}

base::Result<bool> ToBool(const cel::Value& value) {
  if (value.is(Kind::kBool)) return value.AsBool();
  return Unfit("true or false", value);
}

base::Result<std::string> ToText(const cel::Value& value, std::size_t bytes_max) {
  std::string text;
  if (value.is(Kind::kString)) {
    if (value.AsString().size() > bytes_max) return TooLong(bytes_max);
    text = value.AsString();
  } else if (value.is(Kind::kBool)) {
    text = value.AsBool() ? "true" : "false";
  } else if (value.is(Kind::kInt)) {
    text = std::to_string(value.AsInt());
  } else if (value.is(Kind::kUint)) {
    text = std::to_string(value.AsUint());
  } else if (value.is(Kind::kDouble)) {
    text = fmt::format("{}", value.AsDouble());
  } else if (auto scalar = ScalarText(value)) {
    text = std::move(*scalar);
  } else {
    return Unfit("a string", value);
  }
  if (text.size() > bytes_max) return TooLong(bytes_max);
  return text;
}

base::Result<boost::json::value> ToJson(const cel::Value& value, cel::Budget& budget,
                                        cel::Arena& arena) {
  return JsonWriter(budget, arena).Write(value, 0);
}

base::Result<Value> ToJsonValue(const cel::Value& value, cel::Budget& budget, cel::Arena& arena) {
  if (value.is(Kind::kNull)) return Value();
  boost::json::value json;
  if (value.is(Kind::kString)) {
    STRONGROOM_ASSIGN(
        json, base::ParseJson(value.AsString(), {limits::kJsonDepthMax, limits::kJsonBytesMax}));
  } else {
    STRONGROOM_ASSIGN(json, ToJson(value, budget, arena));
  }
  if (boost::json::serialize(json).size() > limits::kJsonBytesMax) {
    return TooLong(limits::kJsonBytesMax);
  }
  return json.is_null() ? Value() : MakeJson(std::move(json));
}

}  // namespace strongroom::ledger
