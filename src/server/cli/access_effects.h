// Whom a change of policies changes: which actions on which resources principals gain and lose. The
// first part needs nothing but the policies; the second decides with the engine, for the claims and
// documents of suites.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "server/cli/access_changes.h"
#include "server/cli/policy_suite.h"

namespace strongroom::server::cli {

struct Effect {
  std::string who;     // `client https://…`, `group ops`, or `mike of people.test.yaml`
  std::string change;  // gains, loses, may gain, may lose, other conditions
  std::string action;  // `db:Select`
  // The shortest parts of identifiers that cover what changed and nothing else:
  // `financial.Account`.
  std::vector<std::string> resources;
  std::string document;  // of the suite; empty: whatever the document
};

// For all tokens of the clients and groups that change. `may gain` and `may lose`: assertions
// decide before or after.
std::vector<Effect> EffectsOnHolders(const std::vector<Change>& changes,
                                     const ledger::Catalog& catalog);

// For each of the suite's claims: what policies alone say, and what they say of each document,
// where that differs. `before` and `after` are the policies of the suite's principal.
base::Result<std::vector<Effect>> EffectsOnFixtures(const Fixtures& fixtures,
                                                    const std::string& suite,
                                                    const std::vector<authz::Policy>& before,
                                                    const std::vector<authz::Policy>& after,
                                                    const ledger::Catalog& catalog);

std::string EffectsText(const std::vector<Effect>& effects);
boost::json::array EffectsJson(const std::vector<Effect>& effects);

}  // namespace strongroom::server::cli
