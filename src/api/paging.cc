#include <boost/json.hpp>

#include "api/document_fields.h"
#include "api/sdl.h"

namespace strongroom::api {
namespace {

using base::ErrorCode;
using graphql::Input;
using Operator = ledger::FilterValue::Operator;

const Input* FindSent(const graphql::InputObject& object, std::string_view name) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object.field(i).name != name) continue;
    const Input* value = object.Find(name);
    return value != nullptr && !value->IsNull() ? value : nullptr;
  }
  return nullptr;
}

std::optional<Operator> FindOperator(std::string_view name) {
  constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"eq", Operator::kEq},   {"like", Operator::kLike},      {"lt", Operator::kLt},
      {"lte", Operator::kLte}, {"gt", Operator::kGt},          {"gte", Operator::kGte},
      {"all", Operator::kAll}, {"between", Operator::kBetween}};
  for (const auto& [text, op] : kOperators) {
    if (text == name) return op;
  }
  return std::nullopt;
}

std::string TextOf(const graphql::InputObject& object, std::string_view name) {
  const Input* value = FindSent(object, name);
  return value == nullptr ? std::string() : value->AsString();
}

base::Result<ledger::FilterValue> ReadFilter(const graphql::InputObject& filter) {
  ledger::FilterValue read;
  std::size_t operators = 0;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    const auto op = FindOperator(filter.field(i).name);
    if (!op || filter.origin(i) == graphql::InputObject::Origin::kAbsent ||
        filter.value(i).IsNull()) {
      continue;
    }
    ++operators;
    read.op = *op;
    if (*op == Operator::kAll) continue;
    if (*op == Operator::kBetween) {
      read.value = TextOf(filter.value(i).AsObject(), "begin");
      read.end = TextOf(filter.value(i).AsObject(), "end");
    } else {
      read.value = filter.value(i).AsString();
    }
  }
  if (operators == 1) return read;
  return base::MakeError(ErrorCode::kBadRequest, "a filter takes exactly one operator",
                         "use one of eq, like, lt, lte, gt, gte, between, all");
}

}  // namespace

ledger::PageRequest ReadPage(const graphql::Arguments& arguments) {
  ledger::PageRequest page;
  if (const Input* first = FindSent(arguments, "first")) page.first = first->AsInt();
  if (const Input* after = FindSent(arguments, "after")) page.after = after->AsString();
  if (const Input* last = FindSent(arguments, "last")) page.last = last->AsInt();
  if (const Input* before = FindSent(arguments, "before")) page.before = before->AsString();
  return page;
}

namespace {

base::Result<std::vector<ledger::Filter>> ReadAliases(const Input* conditions) {
  std::vector<ledger::Filter> filters;
  if (conditions == nullptr) return filters;
  for (const Input& item : conditions->AsList()) {
    const graphql::InputObject& object = item.AsObject();
    const Input* value = FindSent(object, "value");
    if (value == nullptr) continue;
    STRONGROOM_ASSIGN(ledger::FilterValue read, ReadFilter(value->AsObject()));
    filters.push_back({TextOf(object, "alias"), std::move(read)});
  }
  return filters;
}

}  // namespace

base::Result<ledger::CustomFilter> ReadCustomFilter(const Input* where) {
  const Input* custom =
      where == nullptr || where->IsNull() ? nullptr : FindSent(where->AsObject(), "custom");
  if (custom == nullptr)
    return base::MakeError(ErrorCode::kBadRequest, "custom partition key required",
                           "name the index in `where: {custom: {index: …}}`");
  const graphql::InputObject& object = custom->AsObject();
  ledger::CustomFilter filter;
  filter.index = TextOf(object, "index");
  STRONGROOM_ASSIGN(filter.partition, ReadAliases(FindSent(object, "partition")));
  STRONGROOM_ASSIGN(filter.sort, ReadAliases(FindSent(object, "sort")));
  return filter;
}

base::Result<std::vector<ledger::Filter>> ReadFilters(const Input* where,
                                                      std::vector<base::Uuid>* ids) {
  std::vector<ledger::Filter> filters;
  if (where == nullptr || where->IsNull()) return filters;
  const graphql::InputObject& object = where->AsObject();
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object.origin(i) != graphql::InputObject::Origin::kSent || object.value(i).IsNull()) {
      continue;
    }
    const graphql::InputField& field = object.field(i);
    if (field.name == "custom") continue;  // ReadCustomFilter
    if (field.type->Nullable()->IsList()) {
      for (const Input& id : object.value(i).AsList()) {
        STRONGROOM_ASSIGN(const base::Uuid parsed, base::ParseUuid(id.AsString()));
        if (ids != nullptr) ids->push_back(parsed);
      }
      continue;
    }
    auto value = ReadFilter(object.value(i).AsObject());
    if (!value.ok()) {
      value.error().argument_path = {"where", field.name};
      return std::move(value).error();
    }
    filters.push_back({SnakeCase(field.name), std::move(value).value()});
  }
  return filters;
}

}  // namespace strongroom::api
