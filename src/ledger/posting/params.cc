#include "ledger/posting/params.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <set>

#include "base/json.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/limits.h"
#include "scalars/timestamp.h"

namespace strongroom::ledger {
namespace {

using boost::json::value;

constexpr std::size_t kShownBytesMax = 64;  // of what a message repeats

// Numbers in ParamDataType (catalog/enums.cc).
enum ParamType : std::int64_t {
  kStringParam,
  kIntegerParam,
  kDecimalParam,
  kBooleanParam,
  kUuidParam,
  kDateParam,
  kTimestampParam,
  kJsonParam,
};

constexpr PropertyType kPropertyTypes[] = {
    PropertyType::kString, PropertyType::kInt,  PropertyType::kDecimal,   PropertyType::kBool,
    PropertyType::kUuid,   PropertyType::kDate, PropertyType::kTimestamp, PropertyType::kJson,
};

std::string_view TypeName(std::int64_t type) { return EnumName(kParamDataType, Value(type)); }

base::Error Unfit(std::int64_t type, std::string_view received) {
  return base::MakeError(
      base::ErrorCode::kBadRequest,
      fmt::format("expected a value of type {}, received {}", TypeName(type), received),
      "write the value as a string");
}

std::string_view KindName(const value& json) {
  switch (json.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "a boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64: return "an integer";
    case boost::json::kind::double_: return "a float";
    case boost::json::kind::string: return "a string";
    case boost::json::kind::array: return "a list";
    case boost::json::kind::object: return "an object";
  }
  return "a value";
}

base::Result<Value> Integer(const value& json) {
  if (json.is_int64()) return Value(json.get_int64());
  if (const auto* text = json.if_string()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc() && end == text->data() + text->size()) return Value(number);
  }
  return Unfit(kIntegerParam, KindName(json));
}

base::Result<Value> Decimal(const value& json) {
  if (json.is_int64()) return Value(scalars::Decimal::FromInt(json.get_int64()));
  if (json.is_uint64()) return Value(scalars::Decimal::FromUint(json.get_uint64()));
  std::string text;
  if (json.is_string()) {
    text = json.get_string();
  } else if (json.is_double()) {
    // Up to 15 digits the shortest text of a double is the number that was written; beyond, digits
    // may have been lost before it came here.
    text = fmt::format("{}", json.get_double());
    STRONGROOM_ASSIGN(const scalars::Decimal number, scalars::ParseDecimal(text));
    if (number.Digits() > 15) return Unfit(kDecimalParam, "a float with more than 15 digits");
    return Value(number);
  } else {
    return Unfit(kDecimalParam, KindName(json));
  }
  STRONGROOM_ASSIGN(const scalars::Decimal number, scalars::ParseDecimal(text));
  return Value(number);
}

base::Result<Value> Boolean(const value& json) {
  if (json.is_bool()) return Value(json.get_bool());
  if (const auto* text = json.if_string()) {
    if (*text == "true") return Value(true);
    if (*text == "false") return Value(false);
  }
  return Unfit(kBooleanParam, KindName(json));
}

base::Result<Value> Text(const value& json) {
  if (json.is_object() || json.is_array()) return Unfit(kStringParam, KindName(json));
  return Value(json.is_string() ? std::string(json.get_string()) : boost::json::serialize(json));
}

base::Result<Value> Json(const value& json) {
  const auto* text = json.if_string();
  if (text == nullptr) return MakeJson(json);
  auto parsed = base::ParseJson(*text, {limits::kJsonDepthMax, limits::kJsonBytesMax});
  if (parsed.ok()) return MakeJson(std::move(*parsed));
  return base::MakeError(base::ErrorCode::kJsonParseError, "invalid JSON format");
}

}  // namespace

base::Result<Value> ReadParam(std::int64_t type, const value& json) {
  switch (type) {
    case kStringParam: return Text(json);
    case kIntegerParam: return Integer(json);
    case kDecimalParam: return Decimal(json);
    case kBooleanParam: return Boolean(json);
    case kJsonParam: return Json(json);
    default: break;
  }
  const auto* text = json.if_string();
  if (text == nullptr) return Unfit(type, KindName(json));
  if (type == kUuidParam) {
    STRONGROOM_ASSIGN(const base::Uuid id, base::ParseUuid(*text));
    return Value(id);
  }
  if (type == kDateParam) {
    STRONGROOM_ASSIGN(const scalars::Date date, scalars::ParseDate(*text));
    return Value(date);
  }
  STRONGROOM_CHECK(type == kTimestampParam);
  STRONGROOM_ASSIGN(const base::Timestamp at, scalars::ParseTimestamp(*text));
  return Value(at);
}

base::Result<std::vector<Param>> ReadParams(const Document& tran_code) {
  enum : std::size_t { kName, kType, kDefault, kDescription, kHasDefault };  // catalog/tran_code.cc
  std::vector<Param> params;
  const auto* list = tran_code.At("params").As<ListValue>();
  if (list == nullptr) return params;
  std::set<std::string_view> names;
  for (const Value& item : *list->items) {
    const Values& fields = *item.Get<RecordValue>().fields;
    const std::string& name = fields[kName].Get<std::string>();
    if (name.empty() || !names.insert(name).second) {
      return base::MakeError(base::ErrorCode::kTranCodeError,
                             fmt::format("the param name `{}` is empty or used twice", name),
                             "give each param a name of its own");
    }
    const bool* has_default = fields[kHasDefault].As<bool>();
    const std::string* text = fields[kDefault].As<std::string>();
    const bool required = text == nullptr && (has_default == nullptr || !*has_default);
    Param param{name, fields[kType].Get<std::int64_t>(), required, {}};
    if (text != nullptr) {
      auto fallback = ReadParam(param.type, value(*text));
      if (!fallback.ok()) {
        return base::MakeError(
            base::ErrorCode::kTranCodeError,
            fmt::format("the default of param `{}`: {}", name, fallback.error().message),
            fmt::format("write a plain value of type {}, not an expression", TypeName(param.type)));
      }
      param.fallback = std::move(*fallback);
    }
    params.push_back(std::move(param));
  }
  return params;
}

base::Result<std::vector<Value>> BindParams(const std::vector<Param>& params,
                                            const boost::json::object& given) {
  std::vector<Value> values;
  values.reserve(params.size());
  std::size_t used = 0;
  for (const Param& param : params) {
    const value* json = given.if_contains(param.name);
    if (json != nullptr) ++used;
    if (json != nullptr && !json->is_null()) {
      STRONGROOM_ASSIGN(Value bound, ReadParam(param.type, *json));
      values.push_back(std::move(bound));
    } else if (!param.required) {
      values.push_back(param.fallback);
    } else {
      return base::MakeError(base::ErrorCode::kDependencyError,
                             fmt::format("param '{}' not defined", param.name));
    }
  }
  if (used == given.size()) return values;
  for (const auto& [name, ignored] : given) {
    bool declared = false;
    for (const Param& param : params) declared = declared || param.name == name;
    if (!declared) {
      return base::MakeError(base::ErrorCode::kBadRequest,
                             fmt::format("the tran code has no param `{}`",
                                         std::string_view(name).substr(0, kShownBytesMax)),
                             "leave it out, or correct its name");
    }
  }
  return values;
}

std::vector<Value> SampleParams(const std::vector<Param>& params) {
  std::vector<Value> values;
  values.reserve(params.size());
  for (const Param& param : params) {
    if (!param.fallback.IsNull()) {
      values.push_back(param.fallback);
      continue;
    }
    switch (param.type) {
      case kStringParam: values.emplace_back("1"); break;
      case kIntegerParam: values.emplace_back(std::int64_t{1}); break;
      case kDecimalParam: values.emplace_back(scalars::Decimal::FromInt(1)); break;
      case kBooleanParam: values.emplace_back(true); break;
      case kUuidParam: values.emplace_back(base::Uuid{}); break;
      case kDateParam: values.emplace_back(scalars::Date{}); break;
      case kTimestampParam: values.emplace_back(base::Timestamp{}); break;
      default: values.push_back(MakeJson(boost::json::object())); break;
    }
  }
  return values;
}

cel::Value ParamsMap(const std::vector<Param>& params, const std::vector<Value>& values,
                     cel::Arena& arena) {
  const std::span<cel::MapEntry> entries = arena.NewArray<cel::MapEntry>(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    const PropertySpec spec{.name = "param",
                            .type = kPropertyTypes[static_cast<std::size_t>(params[i].type)]};
    entries[i] = {cel::Value::String(params[i].name), ToCel(spec, values[i], arena)};
  }
  return cel::Value::Map(entries);
}

}  // namespace strongroom::ledger
