#include "ledger/mutations.h"

#include <boost/json.hpp>

#include "api/document_fields.h"
#include "api/roots.h"
#include "api/scalars.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using graphql::Arguments;
using graphql::FieldContext;
using graphql::Resolved;

using Create = base::Result<ledger::VisibleDocument> (*)(const authz::Permit&, ledger::WriteScope&,
                                                         const json::object&);
using Update = base::Result<ledger::VisibleDocument> (*)(const authz::Permit&, ledger::WriteScope&,
                                                         const base::Uuid&, const json::object&);
using OnId = base::Result<ledger::VisibleDocument> (*)(const authz::Permit&, ledger::WriteScope&,
                                                       const base::Uuid&);

template <Create create>
base::Result<Resolved> RunCreate(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto document,
                    create(*context.permit, *context.write, InputArgument(arguments)));
  return DocumentAnswer(std::move(document));
}

template <Update update>
base::Result<Resolved> RunUpdate(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto document, update(*context.permit, *context.write, IdArgument(arguments),
                                          InputArgument(arguments)));
  return DocumentAnswer(std::move(document));
}

template <OnId on_id>
base::Result<Resolved> RunOnId(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto document, on_id(*context.permit, *context.write, IdArgument(arguments)));
  return DocumentAnswer(std::move(document));
}

using OnMember = Update;

template <OnMember on_member>
base::Result<Resolved> RunOnMember(OperationContext& context, const Arguments& arguments) {
  STRONGROOM_ASSIGN(auto document, on_member(*context.permit, *context.write, IdArgument(arguments),
                                             SentMembers(arguments.Find("member")->AsObject())));
  return DocumentAnswer(std::move(document));
}

base::Result<Resolved> Evaluate(OperationContext& context, const Arguments& arguments) {
  const graphql::Input* document = arguments.Find("document");
  const json::value none;
  STRONGROOM_ASSIGN(
      json::value values,
      ledger::Evaluate(*context.permit, *context.scope, arguments.Find("expressions")->AsJson(),
                       document == nullptr || document->IsNull() ? none : document->AsJson()));
  return Resolved(std::make_shared<const json::value>(std::move(values)));
}

// behaviour §3: a taken key says who wanted it.
void NameActor(const OperationContext& context, base::Error& error) {
  if (error.code != base::ErrorCode::kUniqueConstraintViolation || error.details == nullptr) return;
  json::object details = *error.details;
  details["system"] = json::array{context.access->client, "tx"};
  error.details = std::make_shared<const json::object>(std::move(details));
}

// Puts the way to a field before the way into its arguments.
void AddPath(const graphql::PathLink& last, std::vector<std::string>& path) {
  for (const graphql::PathLink* link = &last; link != nullptr; link = link->parent)
    path.insert(path.begin(), std::string(link->segment.key));
}

base::Result<Resolved> Queries(OperationContext& context, const Arguments&) {
  return Resolved(graphql::Object::Borrow(nullptr, &context));
}

}  // namespace

json::object InputArgument(const Arguments& arguments) {
  return SentMembers(arguments.Find("input")->AsObject());
}

void BindWrite(graphql::EngineBuilder& builder, std::string_view type, std::string_view name,
               WriteField write, SpaceNeed need) {
  builder.Bind(type, name, [write, need](const FieldContext& field) -> base::Result<Resolved> {
    auto& context = field.Request<OperationContext>();
    if (context.plan == nullptr) {
      const std::size_t warned = context.warnings.size();
      auto answer = write(context, field.arguments);
      for (std::size_t i = warned; i < context.warnings.size(); ++i)
        AddPath(field.path, context.warnings[i].argument_path);
      if (!answer.ok()) NameActor(context, answer.error());
      return answer;
    }
    if (need.plan != nullptr &&
        !context.permit->NeverAllows(need.action,
                                     context.scope->catalog().At(need.ledger).rights())) {
      need.plan(*context.plan, field.arguments);
    }
    // Not null: that would be an internal error for most fields, and end the planning.
    return base::MakeError(base::ErrorCode::kNotSupported, "nothing is done while planning");
  });
}

void BindMutations(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, WriteField write) {
    BindWrite(builder, "Mutation", name, write);
  };
  bind("evaluate", Evaluate);
  bind("queries", Queries);
  bind("createAccount", RunCreate<ledger::CreateAccount>);
  bind("updateAccount", RunUpdate<ledger::UpdateAccount>);
  bind("deleteAccount", RunOnId<ledger::DeleteAccount>);
  bind("createAccountSet", RunCreate<ledger::CreateAccountSet>);
  bind("updateAccountSet", RunUpdate<ledger::UpdateAccountSet>);
  bind("deleteAccountSet", RunOnId<ledger::DeleteAccountSet>);
  bind("addToAccountSet", RunOnMember<ledger::AddToAccountSet>);
  bind("removeFromAccountSet", RunOnMember<ledger::RemoveFromAccountSet>);
  bind("createJournal", RunCreate<ledger::CreateJournal>);
  bind("updateJournal", RunUpdate<ledger::UpdateJournal>);
  bind("deleteJournal", RunOnId<ledger::DeleteJournal>);
  bind("createTranCode", RunCreate<ledger::CreateTranCode>);
  bind("updateTranCode", RunUpdate<ledger::UpdateTranCode>);
  bind("deleteTranCode", RunOnId<ledger::DeleteTranCode>);
  bind("postTransaction", RunCreate<ledger::PostTransaction>);
  bind("updateTransaction", RunUpdate<ledger::UpdateTransaction>);
  bind("voidTransaction", RunOnId<ledger::VoidTransaction>);
  bind("updateEntry", RunUpdate<ledger::UpdateEntry>);
}

}  // namespace strongroom::api
