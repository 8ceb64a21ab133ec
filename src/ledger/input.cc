#include "ledger/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "base/json.h"
#include "ledger/limits.h"
#include "scalars/timestamp.h"

namespace strongroom::ledger {
namespace {

namespace json = boost::json;
using base::ErrorCode;

enum class Kind { kCreate, kUpdate };

bool Offered(const PropertySpec& spec, Kind kind) {
  return !(kind == Kind::kCreate ? spec.create_type : spec.update_type).empty();
}

base::Error Bad(const PropertySpec& spec, std::string_view expected) {
  return base::MakeError(ErrorCode::kBadRequest,
                         fmt::format("`{}` has to be {}", spec.GraphqlName(), expected));
}

// ---- JSON values.

std::size_t Depth(const json::value& value) {
  std::size_t deepest = 0;
  if (const auto* object = value.if_object(); object != nullptr)
    for (const auto& member : *object) deepest = std::max(deepest, Depth(member.value()));
  if (const auto* array = value.if_array(); array != nullptr)
    for (const auto& item : *array) deepest = std::max(deepest, Depth(item));
  return value.is_structured() ? deepest + 1 : 0;
}

base::Status CheckJson(const PropertySpec& spec, const json::value& value) {
  if (Depth(value) > limits::kJsonDepthMax)
    return base::MakeError(ErrorCode::kLimitExceeded,
                           fmt::format("`{}` is nested deeper than {} levels", spec.GraphqlName(),
                                       limits::kJsonDepthMax));
  if (json::serialize(value).size() > limits::kJsonBytesMax)
    return base::MakeError(
        ErrorCode::kLimitExceeded,
        fmt::format("`{}` is longer than {} bytes", spec.GraphqlName(), limits::kJsonBytesMax));
  return {};
}

// A literal, or a text that holds JSON (behaviour §4).
base::Result<json::value> ReadJson(const PropertySpec& spec, const json::value& value) {
  json::value read = value;
  if (const json::string* text = value.if_string(); text != nullptr) {
    auto parsed = base::ParseJson(*text, {limits::kJsonDepthMax, limits::kJsonBytesMax});
    if (!parsed.ok()) return base::MakeError(ErrorCode::kJsonParseError, "invalid JSON format");
    read = *std::move(parsed);
  }
  STRONGROOM_TRY(CheckJson(spec, read));
  return read;
}

// rfc7396 2
void Merge(json::value& target, const json::value& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = json::object();
  json::object& members = target.get_object();
  for (const auto& [name, value] : patch.get_object()) {
    if (value.is_null())
      members.erase(name);
    else
      Merge(members[name], value);
  }
}

// ---- Texts.

base::Result<Value> ReadEnum(const PropertySpec& spec, std::string_view name) {
  const int number = spec.enumeration->Find(name);
  if (number < 0)
    return base::MakeError(ErrorCode::kEnumParseError,
                           fmt::format("{} enum '{}' not found", spec.enumeration->label, name));
  return Value(number);
}

base::Result<Value> ReadInt(const PropertySpec& spec, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return Bad(spec, "an integer");
  return Value(number);
}

template <typename T>
base::Result<Value> AsValue(base::Result<T> read) {
  if (!read.ok()) return std::move(read).error();
  return Value(std::move(read).value());
}

// Expressions may come as bare numbers and words (behaviour §4).
base::Result<Value> ReadString(const PropertySpec& spec, const json::value& value) {
  if (const json::string* text = value.if_string(); text != nullptr)
    return Value(std::string_view(*text));
  const bool expression =
      spec.create_type.starts_with("Expression") || spec.update_type.starts_with("Expression");
  if (expression && value.is_primitive()) return Value(json::serialize(value));
  return Bad(spec, "a text");
}

// ---- Records and lists.

base::Result<Value> ReadAny(const PropertySpec& spec, const json::value& value, Kind kind,
                            const Value& before);

// What an absent value becomes in a new document.
base::Result<Value> Fill(const PropertySpec& spec) {
  if (spec.fill_empty) return Value("");
  if (spec.list && !spec.fill.empty()) return MakeList({});
  if (spec.fill.empty()) return Value();
  if (spec.type == PropertyType::kRecord)
    return ReadAny(spec, json::object(), Kind::kCreate, Value());
  return ReadText(spec, spec.fill);
}

bool IsPresenceField(const PropertySpec& spec) { return !spec.presence_of.empty(); }

// `before` is the record that an update merges into; null makes a new one.
base::Result<Value> ReadRecord(const PropertySpec& spec, const json::value& value, Kind kind,
                               const Value& before) {
  const json::object* input = value.if_object();
  if (input == nullptr) return Bad(spec, "an object");
  const auto* old = before.As<RecordValue>();
  Values fields;
  for (std::size_t i = 0; i < spec.record->fields.size(); ++i) {
    const PropertySpec& field = spec.record->fields[i];
    if (IsPresenceField(field)) {
      fields.emplace_back(input->contains(CamelCase(field.presence_of)));
      continue;
    }
    const std::string name = field.GraphqlName();
    const json::value* given = Offered(field, kind) ? input->if_contains(name) : nullptr;
    auto read = given != nullptr && !given->is_null() ? ReadAny(field, *given, kind, Value())
                : old != nullptr                      ? base::Result<Value>((*old->fields)[i])
                                                      : Fill(field);
    if (!read.ok()) return Within(name, std::move(read).error());
    fields.push_back(std::move(read).value());
  }
  return MakeRecord(std::move(fields));
}

base::Result<Value> ReadItem(const PropertySpec& spec, const json::value& value, Kind kind) {
  if (value.is_null()) return Bad(spec, "a list without nulls");
  if (spec.type == PropertyType::kRecord) return ReadRecord(spec, value, kind, Value());
  return ReadScalar(spec, value);
}

base::Result<Value> ReadList(const PropertySpec& spec, const json::value& value, Kind kind) {
  const json::array* list = value.if_array();
  if (list == nullptr) return Bad(spec, "a list");
  if (list->size() > limits::kListItemsMax)
    return base::MakeError(
        ErrorCode::kLimitExceeded,
        fmt::format("`{}` has more than {} items", spec.GraphqlName(), limits::kListItemsMax));
  Values items;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto item = ReadItem(spec, (*list)[i], kind);
    if (!item.ok()) return Within(std::to_string(i), std::move(item).error());
    items.push_back(std::move(item).value());
  }
  return MakeList(std::move(items));
}

base::Result<Value> ReadAny(const PropertySpec& spec, const json::value& value, Kind kind,
                            const Value& before) {
  if (spec.list) return ReadList(spec, value, kind);
  if (spec.type == PropertyType::kRecord)
    return ReadRecord(spec, value, kind, spec.merge ? before : Value());
  STRONGROOM_ASSIGN(Value read, ReadScalar(spec, value));
  if (kind == Kind::kCreate || !spec.merge || before.IsNull()) return read;
  json::value merged = *before.Get<JsonValue>().json;
  Merge(merged, *read.Get<JsonValue>().json);
  STRONGROOM_TRY(CheckJson(spec, merged));
  return MakeJson(std::move(merged));
}

// What null does in an update; nothing: it counts as absent.
std::optional<Value> Emptied(const PropertySpec& spec) {
  if (spec.fill_empty) return Value("");
  if (spec.NonNull() || !spec.fill.empty()) return std::nullopt;
  return Value();
}

base::Error InInput(const PropertySpec& spec, base::Error error) {
  return Within("input", Within(spec.GraphqlName(), std::move(error)));
}

}  // namespace

base::Error Within(std::string_view step, base::Error error) {
  error.argument_path.emplace(error.argument_path.begin(), step);
  return error;
}

base::Result<Value> ReadText(const PropertySpec& spec, std::string_view text) {
  switch (spec.type) {
    case PropertyType::kUuid: return AsValue(base::ParseUuid(text));
    case PropertyType::kString: return Value(text);
    case PropertyType::kBool:
      if (text != "true" && text != "false") return Bad(spec, "true or false");
      return Value(text == "true");
    case PropertyType::kInt: return ReadInt(spec, text);
    case PropertyType::kEnum: return ReadEnum(spec, text);
    case PropertyType::kDate: return AsValue(scalars::ParseDate(text));
    case PropertyType::kTimestamp: return AsValue(scalars::ParseTimestamp(text));
    case PropertyType::kDecimal: return AsValue(scalars::ParseDecimal(text));
    case PropertyType::kMoney: return AsValue(scalars::ParseMoney(text));
    case PropertyType::kJson:
    case PropertyType::kRecord: break;
  }
  return Bad(spec, "a single value");
}

base::Result<Value> ReadScalar(const PropertySpec& spec, const json::value& value) {
  if (spec.type == PropertyType::kJson) {
    STRONGROOM_ASSIGN(json::value read, ReadJson(spec, value));
    return MakeJson(std::move(read));
  }
  if (spec.type == PropertyType::kString) return ReadString(spec, value);
  if (const json::string* text = value.if_string(); text != nullptr) return ReadText(spec, *text);
  if (value.is_bool() || value.is_int64()) return ReadText(spec, json::serialize(value));
  return Bad(spec, "a text");
}

bool AsksForUpsert(const json::object& input) {
  const auto* config = input.if_contains("config");
  if (config == nullptr || !config->is_object()) return false;
  const auto* upsert = config->get_object().if_contains("upsert");
  return upsert != nullptr && upsert->is_bool() && upsert->get_bool();
}

base::Result<Draft> ReadCreateInput(const Ledger& ledger, const json::object& input) {
  Draft draft{Document(ledger), {}};
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i) {
    const PropertySpec& spec = ledger.properties()[i];
    const json::value* given =
        Offered(spec, Kind::kCreate) ? input.if_contains(spec.GraphqlName()) : nullptr;
    if (given != nullptr && given->is_null()) given = nullptr;
    if (given == nullptr && spec.Required()) return InInput(spec, Bad(spec, "given"));
    auto value = given != nullptr ? ReadAny(spec, *given, Kind::kCreate, Value()) : Fill(spec);
    if (!value.ok()) return InInput(spec, std::move(value).error());
    draft.document.Set(i, std::move(value).value());
    if (given != nullptr) draft.set.push_back(i);
  }
  return draft;
}

base::Result<Draft> ReadUpdateInput(const Document& before, const json::object& input) {
  Draft draft{before, {}};
  const Ledger& ledger = before.ledger();
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i) {
    const PropertySpec& spec = ledger.properties()[i];
    const json::value* given =
        Offered(spec, Kind::kUpdate) ? input.if_contains(spec.GraphqlName()) : nullptr;
    if (given == nullptr || spec.name == ledger.spec().update_finder) continue;
    if (given->is_null()) {
      auto emptied = Emptied(spec);
      if (!emptied) continue;
      draft.document.Set(i, *std::move(emptied));
    } else {
      auto value = ReadAny(spec, *given, Kind::kUpdate, before.At(i));
      if (!value.ok()) return InInput(spec, std::move(value).error());
      draft.document.Set(i, std::move(value).value());
    }
    draft.set.push_back(i);
  }
  return draft;
}

}  // namespace strongroom::ledger
