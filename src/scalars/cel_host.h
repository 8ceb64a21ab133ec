// What functions of CEL take from outside. Bind with Activation::SetHost(&host): every evaluation
// with the functions of AddLedgerFunctions either has this host or none.
#pragma once

#include <optional>

#include "base/clock.h"
#include "base/random.h"

namespace strongroom::scalars {

// A function that needs what is not there is an error value when evaluated.
struct CelHost {
  std::optional<base::Timestamp> now;  // the start of the operation, so that it stands still
  base::Random* random = nullptr;
};

}  // namespace strongroom::scalars
