// From what an operator chose about tokens to what the verifier takes.
#pragma once

#include <string>
#include <vector>

#include "authn/verifier.h"
#include "server/settings.h"

namespace strongroom::server {

// Everything but `local_issuers` and `is_registered`. Reads the files that are named; fails with
// what the operator should do about it.
base::Result<authn::VerifierOptions> VerifierOptionsOf(const Settings& settings);

// The issuers whose tokens are taken for any audience, for a warning at the start (security 1.18):
// "" stands for all that have no list of their own.
std::vector<std::string> TakenForAnyAudience(const Settings& settings);

}  // namespace strongroom::server
