// What the expressions of tran codes and of `evaluate` may name (behaviour §9, §12): the functions
// and constants of Catalog::expression_env, and the variables below. Made once per catalog.
#pragma once

#include <cstddef>
#include <memory>

#include "ledger/catalog/catalog.h"

namespace strongroom::ledger {

struct TranCodeEnv {
  explicit TranCodeEnv(const Catalog& catalog);

  std::shared_ptr<const cel::Env> env;
  // Numbers of the variables, for Activation::Set.
  std::size_t params = 0;          // map(string, dyn)
  std::size_t vars = 0;            // map(string, dyn)
  std::size_t metadata = 0;        // dyn: the tran code's own
  std::size_t transaction_id = 0;  // uuid
};

struct EvaluateEnv {
  explicit EvaluateEnv(const Catalog& catalog);

  std::shared_ptr<const cel::Env> env;
  std::size_t self = 0;      // `this`, map(string, dyn)
  std::size_t document = 0;  // dyn
};

}  // namespace strongroom::ledger
