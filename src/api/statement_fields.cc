// TrialBalance and AccountStatement.
#include <fmt/format.h>

#include "api/document_fields.h"
#include "api/roots.h"
#include "ledger/statements.h"

namespace strongroom::api {
namespace {

using graphql::FieldContext;
using graphql::Input;
using graphql::Object;
using graphql::Resolved;
using ledger::DocumentKey;
using ledger::LedgerId;

// What a statement is of.
struct Statement {
  ledger::VisibleDocument account;
  base::Uuid journal;
  std::string currency;
  std::optional<scalars::Date> from;
  std::optional<scalars::Date> to;
};

const Input* Sent(const FieldContext& field, std::string_view name) {
  const Input* value = field.arguments.Find(name);
  return value == nullptr || value->IsNull() ? nullptr : value;
}

base::Uuid JournalArgument(const FieldContext& field) {
  return Sent(field, "journalId") == nullptr ? base::Uuid{}
                                             : IdArgument(field.arguments, "journalId");
}

// BeginOf and EndOf are timestamps.
base::Status CheckInstants(scalars::Date day) {
  STRONGROOM_TRY(scalars::MidnightOf(day));
  STRONGROOM_ASSIGN(const scalars::Date next, scalars::AddDays(day, 1));
  STRONGROOM_TRY(scalars::MidnightOf(next));
  return {};
}

base::Result<std::optional<scalars::Date>> DateArgument(const FieldContext& field,
                                                        std::string_view name) {
  const Input* text = Sent(field, name);
  if (text == nullptr) return std::optional<scalars::Date>();
  auto date = scalars::ParseDate(text->AsString());
  base::Status status;
  if (!date.ok())
    status = std::move(date).error();
  else
    status = CheckInstants(*date);
  if (status.ok()) return std::optional(*date);
  status.error().argument_path = {std::string(name)};
  return std::move(status).error();
}

base::Timestamp BeginOf(scalars::Date day) {
  return base::Timestamp(std::chrono::hours(24) * day.days);
}
base::Timestamp EndOf(scalars::Date day) {
  return BeginOf(day) + std::chrono::hours(24) - std::chrono::nanoseconds(1);
}

// ---- Trial balances.

base::Result<Resolved> Trial(const FieldContext& field) {
  ledger::TrialBalanceRequest request;
  request.journal = JournalArgument(field);
  if (const Input* currency = Sent(field, "currency")) request.currency = currency->AsString();
  STRONGROOM_ASSIGN(const auto day, DateArgument(field, "asOf"));
  if (day) request.at = EndOf(*day);
  return Resolved(
      Object{nullptr, std::make_shared<const ledger::TrialBalanceRequest>(std::move(request))});
}

base::Result<Resolved> Balances(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(auto page, ledger::TrialBalance(*context.permit, *context.scope,
                                                    field.parent.As<ledger::TrialBalanceRequest>(),
                                                    ReadPage(field.arguments)));
  return PageAnswer(std::move(page));
}

base::Result<Resolved> Totals(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(auto totals,
                    ledger::TrialTotals(*context.permit, *context.scope,
                                        field.parent.As<ledger::TrialBalanceRequest>()));
  const auto shared = std::make_shared<const std::vector<ledger::TrialTotal>>(std::move(totals));
  Resolved::List list;
  for (const ledger::TrialTotal& total : *shared)
    list.push_back(Object{nullptr, std::shared_ptr<const void>(shared, &total)});
  return Resolved(std::move(list));
}

// ---- Statements.

base::Result<Resolved> StatementOf(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(const auto from, DateArgument(field, "from"));
  STRONGROOM_ASSIGN(const auto to, DateArgument(field, "to"));
  STRONGROOM_ASSIGN(auto account,
                    ledger::Get(*context.permit, *context.scope, LedgerId::kAccount,
                                DocumentKey::Of(IdArgument(field.arguments, "accountId"))));
  if (!account) return Resolved();
  return Resolved(
      Object{nullptr, std::make_shared<const Statement>(Statement{
                          *std::move(account), JournalArgument(field),
                          std::string(TextArgument(field.arguments, "currency")), from, to})});
}

base::Result<Resolved> BalanceAt(const FieldContext& field, std::optional<base::Timestamp> at) {
  auto& context = field.Request<OperationContext>();
  const auto& statement = field.parent.As<Statement>();
  const auto& id = statement.account.Unjudged()->At("account_id").Get<base::Uuid>();
  STRONGROOM_ASSIGN(
      auto balance,
      ledger::GetBalanceAt(*context.permit, *context.scope,
                           DocumentKey::OfBalance(id, statement.journal, statement.currency), at));
  return DocumentAnswer(std::move(balance));
}

base::Result<Resolved> Opening(const FieldContext& field) {
  const auto& from = field.parent.As<Statement>().from;
  if (!from) return Resolved();
  return BalanceAt(field, BeginOf(*from) - std::chrono::nanoseconds(1));
}

base::Result<Resolved> Closing(const FieldContext& field) {
  const auto& to = field.parent.As<Statement>().to;
  return BalanceAt(field, to ? std::optional(EndOf(*to)) : std::nullopt);
}

base::Result<Resolved> Entries(const FieldContext& field) {
  using Operator = ledger::FilterValue::Operator;
  auto& context = field.Request<OperationContext>();
  const auto& statement = field.parent.As<Statement>();
  ledger::JoinRequest request;
  request.page = ReadPage(field.arguments);
  request.filters = {{"currency", {Operator::kEq, statement.currency}},
                     {"journal_id", {Operator::kEq, statement.journal.ToString()}}};
  const std::string from = statement.from ? statement.from->ToString() + "T00:00:00Z" : "";
  const std::string to = statement.to ? statement.to->ToString() + "T23:59:59.999999999Z" : "";
  if (statement.from && statement.to)
    request.filters.push_back({"created", {Operator::kBetween, from, to}});
  else if (statement.from)
    request.filters.push_back({"created", {Operator::kGte, from}});
  else if (statement.to)
    request.filters.push_back({"created", {Operator::kLte, to}});
  const ledger::JoinSpec* join = statement.account.ledger().FindJoin("entries");
  STRONGROOM_ASSIGN(auto page, ledger::FollowMany(*context.permit, *context.scope,
                                                  statement.account, *join, request));
  return PageAnswer(std::move(page));
}

}  // namespace

void BindStatements(graphql::EngineBuilder& builder) {
  builder.Bind("Query", "trialBalance", Trial);
  builder.Bind("TrialBalance", "balances", Balances);
  builder.Bind("TrialBalance", "totals", Totals);
  const auto money = [&](std::string_view name, scalars::Money ledger::TrialTotal::*member) {
    builder.Bind("TrialBalanceTotal", name,
                 [member](const FieldContext& field) -> base::Result<Resolved> {
                   const auto& total = field.parent.As<ledger::TrialTotal>();
                   return Resolved(Object::Borrow(nullptr, &(total.*member)));
                 });
  };
  builder.Bind("TrialBalanceTotal", "layer",
               [](const FieldContext& field) -> base::Result<Resolved> {
                 return Resolved(field.parent.As<ledger::TrialTotal>().layer);
               });
  money("drBalance", &ledger::TrialTotal::debits);
  money("crBalance", &ledger::TrialTotal::credits);
  builder.Bind("Query", "accountStatement", StatementOf);
  builder.Bind("AccountStatement", "account",
               [](const FieldContext& field) -> base::Result<Resolved> {
                 return DocumentAnswer(field.parent.As<Statement>().account);
               });
  builder.Bind("AccountStatement", "opening", Opening);
  builder.Bind("AccountStatement", "closing", Closing);
  builder.Bind("AccountStatement", "entries", Entries);
}

}  // namespace strongroom::api
