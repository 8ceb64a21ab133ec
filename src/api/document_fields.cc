#include "api/document_fields.h"

#include <boost/json.hpp>
#include <set>
#include <utility>

#include "api/operation_context.h"
#include "ledger/indexes/index_work.h"
#include "scalars/format.h"

namespace strongroom::api {
namespace {

using graphql::FieldContext;
using graphql::Object;
using graphql::Resolved;
using ledger::JoinKind;
using ledger::JoinSpec;
using ledger::Ledger;
using ledger::Page;
using ledger::PropertyIndex;
using ledger::PropertySpec;
using ledger::PropertyType;
using ledger::RecordSpec;
using ledger::Value;
using ledger::VisibleDocument;

const VisibleDocument& Parent(const FieldContext& field) {
  return field.parent.As<VisibleDocument>();
}

// A value in place: what it points to lives as long as the document or record it is read from.
Resolved Render(const PropertySpec& spec, const Value& value) {
  if (value.IsNull()) return nullptr;
  if (const auto* list = value.As<ledger::ListValue>()) {
    Resolved::List items;
    items.reserve(list->items->size());
    PropertySpec item_spec = spec;
    item_spec.list = false;
    for (const Value& item : *list->items) items.push_back(Render(item_spec, item));
    return items;
  }
  switch (spec.type) {
    case PropertyType::kUuid: return value.Get<base::Uuid>().ToString();
    case PropertyType::kString: return std::string_view(value.Get<std::string>());
    case PropertyType::kBool: return value.Get<bool>();
    case PropertyType::kInt: return value.Get<std::int64_t>();
    case PropertyType::kEnum: return ledger::EnumName(*spec.enumeration, value);
    case PropertyType::kDate: return value.Get<scalars::Date>().ToString();
    case PropertyType::kTimestamp: return base::FormatTimestamp(value.Get<base::Timestamp>());
    case PropertyType::kDecimal: return value.Get<scalars::Decimal>().ToString();
    case PropertyType::kMoney: return Object::Borrow(nullptr, &value.Get<scalars::Money>());
    case PropertyType::kJson: return value.Get<ledger::JsonValue>().json;
    case PropertyType::kRecord: return Object{nullptr, value.Get<ledger::RecordValue>().fields};
  }
  return nullptr;
}

// ---- Records and money.

void BindRecord(graphql::EngineBuilder& builder, const RecordSpec& record,
                std::set<std::string_view>& bound) {
  if (!bound.insert(record.name).second) return;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const PropertySpec& spec = record.fields[i];
    if (spec.record != nullptr) BindRecord(builder, *spec.record, bound);
    if (spec.internal || spec.output_type.empty()) continue;
    builder.Bind(record.name, spec.GraphqlName(),
                 [i, &spec](const FieldContext& field) -> base::Result<Resolved> {
                   return Render(spec, field.parent.As<ledger::Values>()[i]);
                 });
  }
}

scalars::Rounding RoundingOf(std::string_view name) {
  if (name == "HALF_DOWN") return scalars::Rounding::kHalfDown;
  if (name == "DOWN") return scalars::Rounding::kDown;
  if (name == "UP") return scalars::Rounding::kUp;
  return scalars::Rounding::kHalfUp;
}

scalars::CurrencyDisplay DisplayOf(std::string_view name) {
  if (name == "CODE") return scalars::CurrencyDisplay::kCode;
  if (name == "NONE") return scalars::CurrencyDisplay::kNone;
  return scalars::CurrencyDisplay::kSymbol;
}

base::Result<Resolved> Formatted(const FieldContext& field) {
  const auto& money = field.parent.As<scalars::Money>();
  const graphql::Input* as = field.arguments.Find("as");
  scalars::MoneyFormat format;
  std::string locale;
  if (as != nullptr && !as->IsNull()) {
    const graphql::InputObject& options = as->AsObject();
    locale = options.Find("locale")->AsString();
    format.locale = locale;
    format.group_digits = options.Find("groupDigits")->AsBool();
    format.add_plus_sign = options.Find("addPlusSign")->AsBool();
    format.rounding = RoundingOf(options.Find("roundingMode")->AsEnum().name);
    format.currency_display = DisplayOf(options.Find("currencyDisplay")->AsEnum().name);
    format.min_digits = static_cast<int>(options.Find("minDigits")->AsInt());
    format.max_digits = static_cast<int>(options.Find("maxDigits")->AsInt());
  }
  STRONGROOM_ASSIGN(std::string text, scalars::FormatMoney(money, format));
  return Resolved(std::move(text));
}

void BindMoney(graphql::EngineBuilder& builder) {
  builder.Bind("Money", "units", [](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(field.parent.As<scalars::Money>().units.ToString());
  });
  builder.Bind("Money", "currency", [](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(field.parent.As<scalars::Money>().currency.ToString());
  });
  builder.Bind("Money", "formatted", Formatted);
}

// ---- Pages.

void BindPages(graphql::EngineBuilder& builder, std::string_view ledger_name) {
  const std::string connection = std::string(ledger_name) + "Connection";
  const std::string edge = connection + "Edge";
  // What is in a page stays alive through the handle that the field hands out.
  const auto page_of = [](const FieldContext& field) {
    return std::static_pointer_cast<const Page>(field.parent.data);
  };
  builder.Bind(connection, "nodes", [=](const FieldContext& field) -> base::Result<Resolved> {
    const auto page = page_of(field);
    Resolved::List nodes;
    for (const ledger::Edge& item : page->edges) {
      nodes.push_back(Object{NodeType(field, item.node.ledger()),
                             std::shared_ptr<const void>(page, &item.node)});
    }
    return Resolved(std::move(nodes));
  });
  builder.Bind(connection, "edges", [=](const FieldContext& field) -> base::Result<Resolved> {
    const auto page = page_of(field);
    Resolved::List edges;
    for (const ledger::Edge& item : page->edges) {
      edges.push_back(Object{nullptr, std::shared_ptr<const void>(page, &item)});
    }
    return Resolved(std::move(edges));
  });
  builder.Bind(connection, "pageInfo", [=](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(Object{nullptr, field.parent.data});
  });
  builder.Bind(edge, "cursor", [](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(std::string_view(field.parent.As<ledger::Edge>().cursor));
  });
  builder.Bind(edge, "node", [](const FieldContext& field) -> base::Result<Resolved> {
    const auto& item = field.parent.As<ledger::Edge>();
    return Resolved(Object{NodeType(field, item.node.ledger()),
                           std::shared_ptr<const void>(field.parent.data, &item.node)});
  });
}

void BindPageInfo(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, Resolved (*read)(const Page&)) {
    builder.Bind("PageInfo", name, [read](const FieldContext& field) -> base::Result<Resolved> {
      return read(field.parent.As<Page>());
    });
  };
  bind("hasPreviousPage", [](const Page& page) { return Resolved(page.has_previous_page); });
  bind("hasNextPage", [](const Page& page) { return Resolved(page.has_next_page); });
  bind("startCursor", [](const Page& page) {
    return page.edges.empty() ? Resolved() : Resolved(std::string_view(page.edges.front().cursor));
  });
  bind("endCursor", [](const Page& page) {
    return page.edges.empty() ? Resolved() : Resolved(std::string_view(page.edges.back().cursor));
  });
}

// ---- Derived fields and joins.

graphql::Resolver DerivedResolver(std::string_view name) {
  if (name == "id") {
    return [](const FieldContext& field) -> base::Result<Resolved> {
      STRONGROOM_ASSIGN(std::string id, Parent(field).GlobalId());
      return Resolved(std::move(id));
    };
  }
  if (name == "available") {
    return [](const FieldContext& field) -> base::Result<Resolved> {
      const std::string& layer = field.arguments.Find("layer")->AsEnum().name;
      STRONGROOM_ASSIGN(const Value sums, ledger::Available(Parent(field), layer));
      return Resolved(Object{nullptr, sums.Get<ledger::RecordValue>().fields});
    };
  }
  if (name == "progress") {
    return [](const FieldContext& field) -> base::Result<Resolved> {
      STRONGROOM_TRY(Parent(field).GlobalId());  // what it is derived from
      return Resolved(ledger::IndexProgress(*Parent(field).Unjudged()));
    };
  }
  if (name == "status") {
    return [](const FieldContext& field) -> base::Result<Resolved> {
      STRONGROOM_TRY(Parent(field).GlobalId());
      constexpr std::string_view kNames[] = {"READY", "BUILDING", "FAILED"};  // of IndexState
      return Resolved(kNames[Parent(field).Unjudged()->At("state").Get<std::int64_t>()]);
    };
  }
  const bool units = name == "units";
  STRONGROOM_CHECK(units || name == "currency");
  return [units](const FieldContext& field) -> base::Result<Resolved> {
    STRONGROOM_ASSIGN(const Value* amount, Parent(field).Property("amount"));
    const auto& money = amount->Get<scalars::Money>();
    return Resolved(units ? money.units.ToString() : money.currency.ToString());
  };
}

base::Result<Resolved> ResolveOne(const FieldContext& field, const JoinSpec& join) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(auto target,
                    ledger::FollowOne(*context.permit, *context.scope, Parent(field), join));
  if (!target && join.output_type.ends_with('!')) {  // SPEC 4.1.4
    return ledger::AccessDenied(*context.permit, authz::Action::kSelect,
                                context.scope->catalog().At(join.target));
  }
  return DocumentAnswer(std::move(target));
}

base::Result<Resolved> ResolveMany(const FieldContext& field, const JoinSpec& join) {
  auto& context = field.Request<OperationContext>();
  ledger::JoinRequest request;
  request.page = ReadPage(field.arguments);
  const bool filtered = join.arguments.find("where:") != join.arguments.npos;
  if (filtered) {
    STRONGROOM_ASSIGN(request.filters, ReadFilters(field.arguments.Find("where"), nullptr));
  }
  if (join.arguments.find("index:") != join.arguments.npos) {
    const graphql::Input* index = field.arguments.Find("index");
    const graphql::Input* sort =
        index == nullptr || index->IsNull() ? nullptr : index->AsObject().Find("sort");
    request.descending = sort != nullptr && !sort->IsNull() && sort->AsEnum().name == "DESC";
  }
  STRONGROOM_ASSIGN(
      Page page, ledger::FollowMany(*context.permit, *context.scope, Parent(field), join, request));
  return PageAnswer(std::move(page));
}

base::Result<Resolved> ResolveBalance(const FieldContext& field, const JoinSpec& join) {
  auto& context = field.Request<OperationContext>();
  std::optional<base::Uuid> journal;
  std::string currency;
  if (join.arguments.find("journalId:") != join.arguments.npos) {
    const graphql::Input* id = field.arguments.Find("journalId");
    if (id != nullptr && !id->IsNull()) {
      STRONGROOM_ASSIGN(journal, base::ParseUuid(id->AsString()));
    }
  }
  if (!join.arguments.empty()) {
    const graphql::Input* code = field.arguments.Find("currency");
    currency = code == nullptr || code->IsNull() ? "USD" : code->AsString();
  }
  STRONGROOM_ASSIGN(auto balance, ledger::FollowBalance(*context.permit, *context.scope,
                                                        Parent(field), journal, currency));
  return DocumentAnswer(std::move(balance));
}

void BindJoin(graphql::EngineBuilder& builder, std::string_view type, const JoinSpec& join) {
  const auto bind = [&](auto resolve) {
    builder.Bind(type, ledger::CamelCase(join.name),
                 [&join, resolve](const FieldContext& field) { return resolve(field, join); });
  };
  switch (join.kind) {
    case JoinKind::kOne: return bind(ResolveOne);
    case JoinKind::kMany:
    case JoinKind::kMembers:
    case JoinKind::kSets:
    case JoinKind::kHistory: return bind(ResolveMany);
    case JoinKind::kBalance: return bind(ResolveBalance);
  }
}

void BindDocument(graphql::EngineBuilder& builder, const Ledger& ledger,
                  std::set<std::string_view>& records) {
  const ledger::LedgerSpec& spec = ledger.spec();
  if (spec.hidden) return BindPages(builder, spec.name);
  for (PropertyIndex i = 0; i < spec.properties.size(); ++i) {
    const PropertySpec& property = spec.properties[i];
    if (property.record != nullptr) BindRecord(builder, *property.record, records);
    if (property.internal || property.output_type.empty()) continue;
    builder.Bind(spec.name, property.GraphqlName(),
                 [i, &property](const FieldContext& field) -> base::Result<Resolved> {
                   STRONGROOM_ASSIGN(const Value* value, Parent(field).Property(i));
                   return Render(property, *value);
                 });
  }
  for (const auto& derived : spec.derived) {
    builder.Bind(spec.name, derived.field, DerivedResolver(derived.field));
  }
  for (const JoinSpec& join : spec.joins) BindJoin(builder, spec.name, join);
  if (!spec.indexes.empty()) BindPages(builder, spec.name);
}

}  // namespace

Resolved DocumentAnswer(VisibleDocument document) {
  return Object{nullptr, std::make_shared<const VisibleDocument>(std::move(document))};
}

Resolved DocumentAnswer(const graphql::Schema& schema, VisibleDocument document) {
  const graphql::NamedType* type = schema.FindType(document.ledger().spec().name);
  return Object{type, std::make_shared<const VisibleDocument>(std::move(document))};
}

Resolved DocumentAnswer(std::optional<VisibleDocument> document) {
  return document ? DocumentAnswer(std::move(*document)) : Resolved();
}

const graphql::NamedType* NodeType(const FieldContext& field, const Ledger& ledger) {
  const graphql::NamedType* declared = field.field.field->type->named;
  if (!declared->IsAbstract()) return nullptr;
  for (const graphql::NamedType* type : declared->possible) {
    if (type->name == ledger.spec().name) return type;
  }
  return nullptr;
}

Resolved PageAnswer(Page page) {
  return Object{nullptr, std::make_shared<const Page>(std::move(page))};
}

void BindDocuments(graphql::EngineBuilder& builder, const ledger::Catalog& catalog) {
  std::set<std::string_view> records;
  for (const auto& ledger : catalog.ledgers()) {
    if (ledger->HasDocuments()) BindDocument(builder, *ledger, records);
  }
  BindMoney(builder);
  BindPageInfo(builder);
}

}  // namespace strongroom::api
