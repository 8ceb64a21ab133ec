// Warnings about policies that are legal and probably not meant. SPEC 3 (audience), 4.1.10;
// security 1.19, 1.20, 5.23, 6.31, 6.32. They go to `extensions.warnings`.
#pragma once

#include <string>
#include <vector>

#include "authz/policy_set.h"

namespace strongroom::authz {

struct Warning {
  enum class Code {
    kAssertionFailsOnLedger,  // an assertion can't work on some ledger that its policy covers
    kAssertionIsConstant,     // an assertion is true, false or an error whatever the request
    kClientAdministration,    // who can write clients can become anyone in the tenant
    kDenyFailsWithoutKey,     // a DENY reads a key of a map without has()
    kEmailNotVerified,        // `email` is asserted without `email_verified`
    kIssuerWithoutSubject,    // an outside issuer's ALLOW asserts no aud, sub, email or hd
    kNobodyManagesClients,    // forced: nobody can write the tenant's clients any more
    kPatternMatchesNothing,   // no action or resource of today's catalog
    kPrincipalNeverMatches,   // a role ARN with a path: STS never reports one
  };
  Code code;
  std::string message;
  std::string hint;
  int policy = -1;  // its number from 0; -1: about the client as a whole
  // Where in the policies: {"policies", "1", "resources", "0"}, {"policies", "1", "assertions",
  // "isOps"}; {"principal"} when it is about that.
  std::vector<std::string> argument_path = {};
};

// `pattern_matches_nothing` and so on.
std::string_view WarningCodeName(Warning::Code code);

// `principal` is the client's: an issuer URL or an IAM ARN; empty for groups.
std::vector<Warning> LintPolicies(const PolicySet& policies, std::string_view principal);

// Whether the policies of one client could let somebody write the clients of its tenant: assertions
// count as true (security 6.30).
bool CouldManageClients(const std::vector<Policy>& policies);

}  // namespace strongroom::authz
