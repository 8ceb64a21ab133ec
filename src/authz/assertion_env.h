// What assertions may name: `context`, in one shape for assertions that don't look at documents and
// in one per ledger for those that do. Internal to authz.
//
//   context.auth.claims       map(string, dyn)   all claims, read in place
//   context.auth.principal    string
//   context.tenant.accountId  string
//   context.action            string             `db:Select` …
//   context.resource          string             the identifier
//   context.now               timestamp          one value per request
//   context.document          the ledger's type
#pragma once

#include <memory>
#include <vector>

#include "cel/activation.h"
#include "cel/env.h"
#include "cel/value.h"

namespace strongroom::authz {

struct LedgerDeclaration;

// The fields of `context`, by number.
enum ContextField : std::size_t {
  kContextAuth,
  kContextTenant,
  kContextAction,
  kContextResource,
  kContextNow,
  kContextDocument,
};

// One shape of `context`.
struct AssertionEnv {
  std::shared_ptr<const cel::Env> env;
  std::shared_ptr<const cel::StructType> context;
};

struct AssertionEnvs {
  AssertionEnvs(const std::vector<LedgerDeclaration>& ledgers,
                const std::shared_ptr<const cel::Env>& base);

  AssertionEnv plain;                // without context.document
  std::vector<AssertionEnv> ledger;  // by LedgerId
  std::shared_ptr<const cel::StructType> auth;
  std::shared_ptr<const cel::StructType> tenant;
  std::size_t context_variable = 0;  // the same in every env
};

}  // namespace strongroom::authz
