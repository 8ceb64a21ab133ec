#include <boost/json.hpp>

#include "api/document_fields.h"
#include "api/roots.h"
#include "ledger/administration.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using authz::Action;
using graphql::Arguments;
using graphql::FieldContext;
using graphql::Resolved;
using ledger::Administered;
using ledger::LedgerId;

base::Result<Resolved> Answer(OperationContext& context, base::Result<Administered> done) {
  if (!done.ok()) return std::move(done).error();
  context.warnings.insert(context.warnings.end(), done->warnings.begin(), done->warnings.end());
  return DocumentAnswer(std::move(done->document));
}

using OnInput = base::Result<Administered> (*)(const authz::Permit&, ledger::WriteScope&,
                                               const json::object&);
using OnName = base::Result<Administered> (*)(const authz::Permit&, ledger::WriteScope&,
                                              std::string_view);

template <OnInput write>
base::Result<Resolved> RunOnInput(OperationContext& context, const Arguments& arguments) {
  return Answer(context, write(*context.permit, *context.write, InputArgument(arguments)));
}

// The name is the field's only argument.
template <OnName write>
base::Result<Resolved> RunOnName(OperationContext& context, const Arguments& arguments) {
  return Answer(context, write(*context.permit, *context.write, arguments.value(0).AsString()));
}

base::Result<Resolved> CreateClient(OperationContext& context, const Arguments& arguments) {
  const json::object input = InputArgument(arguments);
  context.principals.emplace_back(input.at("principal").as_string());
  return Answer(context, ledger::CreateClient(*context.permit, *context.write, input));
}

base::Result<Resolved> UpdateClient(OperationContext& context, const Arguments& arguments) {
  return Answer(context, ledger::UpdateClient(*context.permit, *context.write,
                                              TextArgument(arguments, "principal"),
                                              InputArgument(arguments)));
}

// All of these change who may do what, which is written in the installation's space.
void PlanInstallation(SpacePlan& plan, const Arguments&) { plan.installation = true; }

void PlanNewTenant(SpacePlan& plan, const Arguments& arguments) {
  plan.installation = true;
  const graphql::InputObject& input = arguments.Find("input")->AsObject();
  if (const auto id = base::ParseUuid(input.Find("id")->AsString()); id.ok()) {
    plan.tenants.push_back({*id});
  }
}

void PlanDeletedTenant(SpacePlan& plan, const Arguments& arguments) {
  plan.installation = true;
  plan.deleted_account_ids.emplace_back(TextArgument(arguments, "accountId"));
}

base::Result<Resolved> Client(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(
      auto found, ledger::Get(*context.permit, *context.scope, LedgerId::kClient,
                              ledger::DocumentKey::Of(TextArgument(field.arguments, "principal"))));
  return DocumentAnswer(std::move(found));
}

base::Result<Resolved> Organization(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(auto found, ledger::GetOrganization(*context.permit, *context.scope));
  return DocumentAnswer(std::move(found));
}

void BindList(graphql::EngineBuilder& builder, std::string_view type, std::string_view name,
              LedgerId ledger, std::string_view index) {
  builder.Bind(type, name, [ledger, index](const FieldContext& field) {
    return ListThrough(field, ledger, index);
  });
}

}  // namespace

void BindAdministration(graphql::EngineBuilder& builder) {
  builder.Bind("AuthQuery", "client", Client);
  builder.Bind("AdminQuery", "organization", Organization);
  BindList(builder, "AuthQuery", "clients", LedgerId::kClient, "principal");
  BindList(builder, "AdminQuery", "tenants", LedgerId::kTenant, "account_id");
  BindList(builder, "AdminQuery", "groups", LedgerId::kGroup, "name");
  BindList(builder, "AdminQuery", "users", LedgerId::kUser, "email");

  const auto bind = [&](LedgerId ledger, std::string_view name, authz::Action action,
                        WriteField write, PlanField plan = PlanInstallation) {
    const bool client = ledger == LedgerId::kClient;
    BindWrite(builder, client ? "AuthMutation" : "AdminMutation", name, write,
              {action, ledger, plan});
  };
  bind(LedgerId::kClient, "createClient", Action::kInsert, CreateClient);
  bind(LedgerId::kClient, "updateClient", Action::kUpdate, UpdateClient);
  bind(LedgerId::kClient, "deleteClient", Action::kDelete, RunOnName<ledger::DeleteClient>);
  bind(LedgerId::kTenant, "createTenant", Action::kInsert, RunOnInput<ledger::CreateTenant>,
       PlanNewTenant);
  bind(LedgerId::kTenant, "updateTenant", Action::kUpdate, RunOnInput<ledger::UpdateTenant>);
  bind(LedgerId::kTenant, "deleteTenant", Action::kDelete, RunOnName<ledger::DeleteTenant>,
       PlanDeletedTenant);
  bind(LedgerId::kGroup, "createGroup", Action::kInsert, RunOnInput<ledger::CreateGroup>);
  bind(LedgerId::kGroup, "updateGroup", Action::kUpdate, RunOnInput<ledger::UpdateGroup>);
  bind(LedgerId::kGroup, "deleteGroup", Action::kDelete, RunOnName<ledger::DeleteGroup>);
  bind(LedgerId::kUser, "createUser", Action::kInsert, RunOnInput<ledger::CreateUser>);
  bind(LedgerId::kUser, "updateUser", Action::kUpdate, RunOnInput<ledger::UpdateUser>);
  bind(LedgerId::kUser, "deleteUser", Action::kDelete, RunOnName<ledger::DeleteUser>);
}

}  // namespace strongroom::api
