// `auth { whoami }`: who the caller is to the server (SPEC 4.1.12).
#include <boost/json.hpp>

#include "api/roots.h"

namespace strongroom::api {
namespace {

using graphql::FieldContext;
using graphql::Object;
using graphql::Resolved;

const OperationContext& Caller(const FieldContext& field) {
  return field.Request<OperationContext>();
}

void BindWhoami(graphql::EngineBuilder& builder) {
  const auto bind = [&](std::string_view name, Resolved (*read)(const OperationContext&)) {
    builder.Bind("Whoami", name, [read](const FieldContext& field) -> base::Result<Resolved> {
      return read(Caller(field));
    });
  };
  builder.Bind("AuthQuery", "whoami", [](const FieldContext& field) -> base::Result<Resolved> {
    return Resolved(Object::Borrow(nullptr, &Caller(field)));
  });
  bind("principal", [](const OperationContext& context) {
    return Resolved(std::string_view(context.claims->principal()));
  });
  bind("accountId", [](const OperationContext& context) {
    return Resolved(std::string_view(context.access->account_id));
  });
  bind("client", [](const OperationContext& context) {
    const std::string& client = context.access->client;
    return client.empty() ? Resolved() : Resolved(std::string_view(client));
  });
  bind("claims", [](const OperationContext& context) {
    return Resolved(std::make_shared<const boost::json::value>(*context.claims->claims()));
  });
  bind("groups", [](const OperationContext& context) {
    Resolved::List names;
    for (const std::string& name : context.access->groups) {
      names.emplace_back(std::string_view(name));
    }
    return Resolved(std::move(names));
  });
  bind("expires", [](const OperationContext& context) {
    return Resolved(base::FormatTimestamp(context.claims->expires()));
  });
}

}  // namespace

void BindAuth(graphql::EngineBuilder& builder) {
  BindWhoami(builder);
  BindDecisions(builder);
  BindAuditLog(builder);
}

}  // namespace strongroom::api
