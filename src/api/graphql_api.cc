#include "api/graphql_api.h"

#include <boost/json.hpp>
#include <thread>

#include "api/document_fields.h"
#include "api/roots.h"
#include "api/running_operation.h"
#include "api/scalars.h"
#include "api/sdl.h"
#include "base/log.h"
#include "ledger/indexes/index_work.h"
#include "ledger/mutations.h"

namespace strongroom::api {
namespace {

namespace json = boost::json;
using base::ErrorCode;

// What the store or the machine did wrong ends an operation: nothing that came out of it is shown.
bool IsFatal(const base::Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kInterrupted ||
         error.code == ErrorCode::kInternalServerError;
}

std::string Message(const std::vector<graphql::PathSegment>& path, const base::Error& error) {
  if (error.code == ErrorCode::kInternalServerError) {  // security 9.18
    base::Log(base::LogLevel::kError, "internal error", {{"detail", error.message}});
    return "internal server error";
  }
  // Errors of no code of their own have no path in their text (behaviour §3).
  if (error.code == ErrorCode::kUnknownError) return error.message;
  return graphql::InputPrefixedMessage(path, error);
}

// behaviour §2 `@cel`: the default is a string with an expression.
base::Result<graphql::JsonPtr> CelDefault(const graphql::VariableDefault& variable) {
  const auto& context = *static_cast<OperationContext*>(variable.request);
  bool cel = false;
  for (const graphql::Directive& directive : variable.definition.directives) {
    cel = cel || directive.name.text == "cel";
  }
  if (!cel || variable.fallback == nullptr || !variable.fallback->is_string()) {
    return graphql::JsonPtr();
  }
  const json::value expressions = json::object{{"value", *variable.fallback}};
  STRONGROOM_ASSIGN(const json::value values,
                    ledger::Evaluate(*context.permit, *context.scope, expressions, json::value()));
  return std::make_shared<const json::value>(values.at("value"));
}

graphql::EngineOptions EngineOptionsOf(const GraphqlApi::Options& options) {
  graphql::EngineOptions engine;
  engine.limits = options.limits;
  engine.introspection = options.introspection;
  engine.validation.strings_start_after_quote = true;
  engine.validation.computed_default_directive = "cel";
  engine.message = Message;
  engine.is_fatal = IsFatal;
  engine.variable_default = CelDefault;
  return engine;
}

}  // namespace

std::string ErrorBody(const base::Error& error) {
  json::object extensions{{"code", base::ErrorCodeName(error.code)},
                          {"retriableError", error.retriable}};
  if (!error.hint.empty()) extensions["hint"] = error.hint;
  json::object item{{"message", error.message}, {"extensions", std::move(extensions)}};
  return json::serialize(json::object{{"errors", json::array{std::move(item)}}, {"data", nullptr}});
}

GraphqlApi::GraphqlApi(Parts parts, Options options, Defer defer)
    : parts_(parts),
      options_(std::move(options)),
      defer_(std::move(defer)),
      folds_(options_.folded_tokens_max),
      decisions_(parts.store) {}

GraphqlApi::~GraphqlApi() = default;

base::Result<std::unique_ptr<GraphqlApi>> GraphqlApi::Make(Parts parts, Options options,
                                                           Defer defer) {
  std::unique_ptr<GraphqlApi> api(new GraphqlApi(parts, std::move(options), std::move(defer)));
  const ledger::Catalog& catalog = parts.ledger.catalog();
  STRONGROOM_ASSIGN(auto schema, graphql::BuildSchema(BuildSdl(catalog)));
  api->sdl_ = graphql::PrintSchema(*schema);
  graphql::EngineBuilder builder(schema, EngineOptionsOf(api->options_));
  BindScalars(builder);
  BindDocuments(builder, catalog);
  BindQueries(builder);
  BindMutations(builder);
  BindAuth(builder);
  BindAdministration(builder);
  BindSchema(builder);
  BindStatements(builder);
  builder.Bind("_Service", "sdl",
               [sdl = &api->sdl_](const graphql::FieldContext&) -> base::Result<graphql::Resolved> {
                 return graphql::Resolved(std::string_view(*sdl));
               });
  STRONGROOM_ASSIGN(api->engine_, builder.Build());
  return api;
}

void GraphqlApi::Run(OperationRequest request, Done done) {
  RunningOperation::Run(*this, std::move(request), std::move(done));
}

bool GraphqlApi::TryRun(OperationRequest& request, const Done& done) {
  return RunningOperation::Attempt(*this, request, done);
}

void GraphqlApi::WorkOnIndexes(storage::SpaceId tenant) {
  ++running_;
  defer_([this, tenant] {
    if (!stopping_) {
      const auto more = ledger::WorkOnIndexes(parts_.store, parts_.ledger, tenant,
                                              parts_.ledger.NextTime(parts_.clock.Now()));
      if (more.ok() && *more) WorkOnIndexes(tenant);
      if (!more.ok() && more.error().code != ErrorCode::kNotFound)
        base::Log(base::LogLevel::kError, "a custom index could not be worked on",
                  {{"detail", more.error().message}});
    }
    --running_;
  });
}

void GraphqlApi::ResumeIndexWork() {
  ++running_;
  defer_([this] {
    if (const auto snapshot = parts_.store.Read(); snapshot.ok()) {
      const auto tenants = ledger::TenantsWithIndexWork(**snapshot, parts_.ledger);
      if (tenants.ok())
        for (const storage::SpaceId tenant : *tenants) WorkOnIndexes(tenant);
    }
    --running_;
  });
}

void GraphqlApi::WaitIdle() const {
  while (running_ != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

std::optional<OperationAnswer> GraphqlApi::Refuse(const authn::VerifiedClaims& claims,
                                                  std::string_view account_id,
                                                  std::string_view email) {
  const auto snapshot = parts_.store.Read();
  if (!snapshot.ok()) return RefusalOf(snapshot.error());
  const auto access = parts_.directory.Resolve(**snapshot, {account_id, claims.principal(), email});
  if (!access.ok()) return RefusalOf(access.error());
  return std::nullopt;
}

}  // namespace strongroom::api
