#include "authz/assertion_env.h"

#include <utility>

#include "authz/catalog.h"
#include "base/check.h"

namespace strongroom::authz {
namespace {

using cel::StructType;
using cel::Type;

AssertionEnv MakeEnv(const AssertionEnvs& shared, const cel::Env& base,
                     const std::shared_ptr<const StructType>& document) {
  StructType context{"authz.Context",
                     {{"auth", Type::Struct(shared.auth->name)},
                      {"tenant", Type::Struct(shared.tenant->name)},
                      {"action", Type::String()},
                      {"resource", Type::String()},
                      {"now", Type::Timestamp()}}};
  cel::EnvBuilder builder(base);
  builder.Struct(shared.auth).Struct(shared.tenant);
  if (document != nullptr) {
    context.fields.push_back({"document", Type::Struct(document->name)});
    builder.Struct(document);
  }
  auto type = std::make_shared<const StructType>(std::move(context));
  builder.Struct(type).Variable("context", Type::Struct(type->name));
  return {std::move(builder).Build(), std::move(type)};
}

}  // namespace

AssertionEnvs::AssertionEnvs(const std::vector<LedgerDeclaration>& ledgers,
                             const std::shared_ptr<const cel::Env>& base)
    : auth(std::make_shared<const StructType>(StructType{
          "authz.Auth",
          {{"claims", Type::Map(Type::String(), Type::Dyn())}, {"principal", Type::String()}}})),
      tenant(std::make_shared<const StructType>(
          StructType{"authz.Tenant", {{"accountId", Type::String()}}})) {
  plain = MakeEnv(*this, *base, nullptr);
  for (const LedgerDeclaration& declaration : ledgers)
    ledger.push_back(MakeEnv(*this, *base, declaration.document));
  const auto variable = plain.env->FindVariable("context");
  STRONGROOM_CHECK(variable.has_value());
  context_variable = *variable;
}

}  // namespace strongroom::authz
