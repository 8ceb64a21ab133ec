#include "ledger/document_text.h"

#include <boost/json.hpp>

namespace strongroom::ledger {
namespace {

namespace json = boost::json;

json::value JsonOf(const PropertySpec& spec, const Value& value);

struct Converter {
  const PropertySpec& spec;

  json::value operator()(std::monostate) const { return nullptr; }
  json::value operator()(bool value) const { return value; }
  json::value operator()(std::int64_t value) const {
    if (spec.type == PropertyType::kEnum) return json::value(EnumName(*spec.enumeration, value));
    return value;
  }
  json::value operator()(const std::string& value) const { return json::value(value); }
  json::value operator()(const base::Uuid& value) const { return json::value(value.ToString()); }
  json::value operator()(const scalars::Date& value) const { return json::value(value.ToString()); }
  json::value operator()(base::Timestamp value) const {
    return json::value(base::FormatTimestamp(value));
  }
  json::value operator()(const scalars::Decimal& value) const {
    return json::value(value.ToString());
  }
  json::value operator()(const scalars::Money& value) const {
    return json::object{{"units", value.units.ToString()}, {"currency", value.currency.ToString()}};
  }
  json::value operator()(const JsonValue& value) const { return *value.json; }
  json::value operator()(const RecordValue& value) const {
    json::object object;
    for (std::size_t i = 0; i < value.fields->size(); ++i) {
      const PropertySpec& field = spec.record->fields[i];
      if (!(*value.fields)[i].IsNull()) object[field.name] = JsonOf(field, (*value.fields)[i]);
    }
    return object;
  }
  json::value operator()(const ListValue& value) const {
    json::array list;
    for (const Value& item : *value.items) list.push_back(JsonOf(spec, item));
    return list;
  }
};

json::value JsonOf(const PropertySpec& spec, const Value& value) {
  return std::visit(Converter{spec}, value.held);
}

}  // namespace

std::string KeyText(const Document& document) {
  const Ledger& ledger = document.ledger();
  std::string text;
  for (const PropertyIndex part : ledger.key()) {
    const Value& value = document.At(part);
    if (!text.empty()) text += '/';
    if (const auto* id = value.As<base::Uuid>(); id != nullptr) {
      text += id->ToString();
    } else if (const auto* plain = value.As<std::string>(); plain != nullptr) {
      text += *plain;
    } else {
      text += json::serialize(JsonOf(ledger.properties()[part], value));
    }
  }
  return text;
}

json::object JsonOf(const Document& document) {
  const Ledger& ledger = document.ledger();
  json::object object;
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i) {
    const PropertySpec& spec = ledger.properties()[i];
    if (!spec.internal && !document.At(i).IsNull())
      object[spec.name] = JsonOf(spec, document.At(i));
  }
  return object;
}

}  // namespace strongroom::ledger
