#include <boost/json.hpp>

#include "api/document_fields.h"
#include "api/roots.h"

namespace strongroom::api {
namespace {

using graphql::FieldContext;
using graphql::Input;
using graphql::Object;
using graphql::Resolved;
using ledger::DocumentKey;
using ledger::LedgerId;

constexpr int kNothing = 0;  // what namespaces such as `auth` carry

base::Result<Resolved> Namespace(const FieldContext&) {
  return Resolved(Object::Borrow(nullptr, &kNothing));
}

base::Result<Resolved> ById(const FieldContext& field, LedgerId ledger) {
  auto& context = field.Request<OperationContext>();
  const Input* id = field.arguments.Find("id");
  // Only a journal may be asked for without an id: the default one (behaviour §7).
  const base::Uuid uuid =
      id == nullptr || id->IsNull() ? base::Uuid{} : IdArgument(field.arguments);
  STRONGROOM_ASSIGN(auto found,
                    ledger::Get(*context.permit, *context.scope, ledger, DocumentKey::Of(uuid)));
  return DocumentAnswer(std::move(found));
}

bool Descends(const graphql::InputObject& index) {
  const Input* sort = index.Find("sort");
  return sort != nullptr && !sort->IsNull() && sort->AsEnum().name == "DESC";
}

base::Result<Resolved> ByCustomIndex(const FieldContext& field, LedgerId ledger) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(const ledger::CustomFilter filter,
                    ReadCustomFilter(field.arguments.Find("where")));
  STRONGROOM_ASSIGN(auto page,
                    ledger::ListCustom(*context.permit, *context.scope, ledger, filter,
                                       Descends(field.arguments.Find("index")->AsObject()),
                                       ReadPage(field.arguments)));
  return PageAnswer(std::move(page));
}

base::Result<Resolved> ByIndex(const FieldContext& field, LedgerId ledger) {
  auto& context = field.Request<OperationContext>();
  const graphql::InputObject& index = field.arguments.Find("index")->AsObject();
  if (index.Find("name")->AsEnum().name == "CUSTOM") return ByCustomIndex(field, ledger);
  const ledger::IndexSpec* spec =
      context.scope->catalog().At(ledger).FindIndexByEnum(index.Find("name")->AsEnum().name);
  STRONGROOM_CHECK(spec != nullptr);
  ledger::ListRequest request;
  request.ledger = ledger;
  request.index = spec->name;
  STRONGROOM_ASSIGN(request.filters, ReadFilters(field.arguments.Find("where"), &request.ids));
  request.descending = Descends(index);
  request.page = ReadPage(field.arguments);
  STRONGROOM_ASSIGN(auto page, ledger::List(*context.permit, *context.scope, request));
  return PageAnswer(std::move(page));
}

base::Result<Resolved> Balance(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  const Input* journal = field.arguments.Find("journalId");
  const base::Uuid journal_id = journal == nullptr || journal->IsNull()
                                    ? base::Uuid{}
                                    : IdArgument(field.arguments, "journalId");
  const auto key = DocumentKey::OfBalance(IdArgument(field.arguments, "accountId"), journal_id,
                                          TextArgument(field.arguments, "currency"));
  STRONGROOM_ASSIGN(auto found,
                    ledger::Get(*context.permit, *context.scope, LedgerId::kBalance, key));
  return DocumentAnswer(std::move(found));
}

base::Result<Resolved> Node(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(
      const ledger::GlobalId id,
      ledger::ParseGlobalId(context.scope->catalog(), TextArgument(field.arguments, "id")));
  STRONGROOM_ASSIGN(auto found, ledger::Get(*context.permit, *context.scope, id.ledger, id.key));
  if (!found) return Resolved();
  const graphql::NamedType* type = NodeType(field, found->ledger());
  return type == nullptr
             ? Resolved()
             : Resolved(Object{type,
                               std::make_shared<const ledger::VisibleDocument>(std::move(*found))});
}

}  // namespace

base::Result<Resolved> ListThrough(const FieldContext& field, LedgerId ledger,
                                   std::string_view index) {
  auto& context = field.Request<OperationContext>();
  ledger::ListRequest request;
  request.ledger = ledger;
  request.index = index;
  request.page = ReadPage(field.arguments);
  STRONGROOM_ASSIGN(auto page, ledger::List(*context.permit, *context.scope, request));
  return PageAnswer(std::move(page));
}

base::Uuid IdArgument(const graphql::Arguments& arguments, std::string_view name) {
  auto id = base::ParseUuid(arguments.Find(name)->AsString());
  STRONGROOM_CHECK(id.ok());  // the scalar's hook has read it
  return *id;
}

std::string_view TextArgument(const graphql::Arguments& arguments, std::string_view name) {
  return arguments.Find(name)->AsString();
}

void BindQueries(graphql::EngineBuilder& builder) {
  struct Fields {
    std::string_view one, many;
    LedgerId ledger;
  };
  constexpr Fields kFields[] = {
      {"account", "accounts", LedgerId::kAccount},
      {"accountSet", "accountSets", LedgerId::kAccountSet},
      {"", "balances", LedgerId::kBalance},
      {"entry", "entries", LedgerId::kEntry},
      {"journal", "journals", LedgerId::kJournal},
      {"tranCode", "tranCodes", LedgerId::kTranCode},
      {"transaction", "transactions", LedgerId::kTransaction},
  };
  for (const auto& [one, many, ledger] : kFields) {
    if (!one.empty()) {
      builder.Bind("Query", one,
                   [id = ledger](const FieldContext& field) { return ById(field, id); });
    }
    builder.Bind("Query", many,
                 [id = ledger](const FieldContext& field) { return ByIndex(field, id); });
  }
  builder.Bind("Query", "balance", Balance);
  builder.Bind("Query", "node", Node);
  builder.Bind("Query", "auth", Namespace);
  builder.Bind("Query", "admin", Namespace);
  builder.Bind("Query", "schema", Namespace);
  builder.Bind("Query", "_service", Namespace);
  builder.Bind("Mutation", "auth", Namespace);
  builder.Bind("Mutation", "admin", Namespace);
  builder.Bind("Mutation", "schema", Namespace);
}

}  // namespace strongroom::api
