// Resolvers of the root fields: what a caller can ask and do.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "api/operation_context.h"
#include "graphql/engine.h"

namespace strongroom::api {

void BindQueries(graphql::EngineBuilder& builder);         // Query, _Service excepted
void BindMutations(graphql::EngineBuilder& builder);       // Mutation
void BindAuth(graphql::EngineBuilder& builder);            // AuthQuery, AuthMutation
void BindDecisions(graphql::EngineBuilder& builder);       // can, explain, simulate; by BindAuth
void BindAuditLog(graphql::EngineBuilder& builder);        // auditLog; by BindAuth
void BindSchema(graphql::EngineBuilder& builder);          // SchemaQuery, SchemaMutation
void BindStatements(graphql::EngineBuilder& builder);      // TrialBalance, AccountStatement
void BindAdministration(graphql::EngineBuilder& builder);  // AdminQuery, AdminMutation

// A list through a built-in index that the field names itself.
base::Result<graphql::Resolved> ListThrough(const graphql::FieldContext& field,
                                            ledger::LedgerId ledger, std::string_view index);

// Binds a field that writes. While the spaces of an operation are being planned it does nothing but
// plan its own, if there are any.
using WriteField = base::Result<graphql::Resolved> (*)(OperationContext&,
                                                       const graphql::Arguments&);
using PlanField = void (*)(SpacePlan&, const graphql::Arguments&);
// What a field needs besides its tenant's space, and the right without which it fails anyway. Who
// could never have that plans nothing: a stranger would hold up the writes of other tenants.
struct SpaceNeed {
  authz::Action action{};
  ledger::LedgerId ledger{};
  PlanField plan = nullptr;
};
void BindWrite(graphql::EngineBuilder& builder, std::string_view type, std::string_view name,
               WriteField write, SpaceNeed need = {});

// Arguments of a field that the schema makes non-null.
base::Uuid IdArgument(const graphql::Arguments& arguments, std::string_view name = "id");
boost::json::object InputArgument(const graphql::Arguments& arguments);
std::string_view TextArgument(const graphql::Arguments& arguments, std::string_view name);

}  // namespace strongroom::api
