#include "ledger/document_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ledger/input.h"
#include "ledger/limits.h"

namespace strongroom::ledger {
namespace {

namespace json = boost::json;

base::Error Bad(std::string message) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message));
}

base::Status RefuseUnknown(std::span<const PropertySpec> known, const json::object& object,
                           std::string_view holder) {
  for (const auto& member : object) {
    const auto named = [&](const PropertySpec& spec) {
      return spec.name == std::string_view(member.key()) && !spec.internal;
    };
    if (std::ranges::none_of(known, named))
      return Bad(fmt::format("{} has no property `{}`", holder, std::string_view(member.key())));
  }
  return {};
}

base::Result<Value> ReadOne(const PropertySpec& spec, const json::value& value);

base::Result<Value> ReadRecord(const RecordSpec& record, const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return Bad(fmt::format("{} has to be an object", record.name));
  STRONGROOM_TRY(RefuseUnknown(record.fields, *object, record.name));
  Values fields;
  for (const PropertySpec& field : record.fields) {
    const json::value* given = object->if_contains(field.name);
    if (given == nullptr && !field.presence_of.empty()) {
      fields.emplace_back(object->contains(field.presence_of));
      continue;
    }
    auto read = given != nullptr ? ReadOne(field, *given) : base::Result<Value>(Value());
    if (!read.ok()) return Within(field.name, std::move(read).error());
    fields.push_back(std::move(read).value());
  }
  return MakeRecord(std::move(fields));
}

base::Result<Value> ReadItem(const PropertySpec& spec, const json::value& value) {
  return spec.type == PropertyType::kRecord ? ReadRecord(*spec.record, value)
                                            : ReadScalar(spec, value);
}

base::Result<Value> ReadOne(const PropertySpec& spec, const json::value& value) {
  if (value.is_null()) return Value();
  if (!spec.list) return ReadItem(spec, value);
  const json::array* list = value.if_array();
  if (list == nullptr || list->size() > limits::kListItemsMax)
    return Bad(
        fmt::format("`{}` has to be a list of at most {} items", spec.name, limits::kListItemsMax));
  Values items;
  for (const json::value& item : *list) {
    STRONGROOM_ASSIGN(Value read, ReadItem(spec, item));
    items.push_back(std::move(read));
  }
  return MakeList(std::move(items));
}

}  // namespace

base::Result<Document> DocumentFromJson(const Ledger& ledger, const json::value& json) {
  const json::object* object = json.if_object();
  if (object == nullptr) return Bad("the document has to be an object");
  STRONGROOM_TRY(RefuseUnknown(ledger.properties(), *object, ledger.full_name()));
  Document document(ledger);
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i) {
    const PropertySpec& spec = ledger.properties()[i];
    const json::value* given = object->if_contains(spec.name);
    if (given == nullptr) continue;
    auto read = ReadOne(spec, *given);
    if (!read.ok()) {
      base::Error error = Within(spec.name, std::move(read).error());
      error.message = fmt::format("`{}`: {}", spec.name, error.message);
      return error;
    }
    document.Set(i, std::move(read).value());
  }
  return document;
}

base::Result<const Ledger*> LedgerOfResource(const Catalog& catalog, std::string_view resource) {
  const auto id = catalog.rights()->LedgerOf(resource);
  if (!id || std::ranges::count(resource, '.') != 3 ||
      resource.find_first_of("*?") != resource.npos)
    return base::MakeError(
        base::ErrorCode::kBadRequest, fmt::format("`{}` is not a resource", resource),
        "resources are `namespace.ledger.<document|indexes|joins|references>.name`");
  return &catalog.At(static_cast<LedgerId>(id->value));
}

}  // namespace strongroom::ledger
