// Authorization as SPEC 4 states it, in the slowest and most obvious way: one resource of one
// document at a time, nothing kept, nothing folded, nothing shared with src/authz.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "values.h"

namespace strongroom::oracle {

struct Policy {
  bool allow = false;  // else it denies
  Texts actions;       // patterns
  Texts resources;     // patterns
  std::vector<Expression> assertions;
  // Stored, and not valid: it denies what it covers. See IsInvalid.
  bool invalid = false;
};

// A ledger as policies see it.
struct Ledger {
  std::string name;  // `financial.Account`
  std::set<std::string> fields;
  Texts identifiers;  // of its resources; the properties first
  std::size_t properties = 0;
};

enum class Outcome {
  kOtherAction,
  kOtherResource,
  kSkipped,     // an assertion is false
  kFailed,      // none is false, and one failed
  kApplicable,  // all are true
  kInvalid,     // stored, and valid for no ledger: denies what it covers
};

// `*` any run of characters, `?` exactly one.
bool MatchesWhole(std::string_view pattern, std::string_view text);
// The whole identifier, or a leading part of it that ends before a dot.
bool Covers(const Texts& patterns, std::string_view identifier);
// An assertion works on a ledger that has the fields it names.
bool WorksOn(const Expression& assertion, const Ledger& ledger);
// SPEC 4.1.10: an assertion has to work on one ledger that the policy covers, or on any of them
// when it covers none today.
bool IsInvalid(const Policy& policy, const std::vector<Ledger>& ledgers);

// `ledger` is the one that request.resource lies in.
Truth OutcomeOf(const Expression& assertion, const Ledger& ledger, const Request& request);
Outcome OutcomeOf(const Policy& policy, const Ledger& ledger, const Request& request);
// At least one applicable ALLOW and no applicable DENY.
bool Allowed(const std::vector<Policy>& policies, const Ledger& ledger, const Request& request);
// The same for each of these resources of the ledger: `document.name`, `references.account_id`.
bool AllAllowed(const std::vector<Policy>& policies, const Ledger& ledger, Request request,
                const Texts& resources);

// ---- Who brings which policies (SPEC 3.4).

struct Tenant {
  std::string account_id;
  std::optional<std::size_t> parent;
};
struct Client {
  std::size_t tenant = 0;
  std::string principal;
  std::vector<Policy> policies;
};
struct Group {
  std::string name;
  std::vector<Policy> policies;
};
struct User {
  std::string email;
  std::vector<std::size_t> groups;
};
struct Installation {
  std::vector<Tenant> tenants;
  std::vector<Client> clients;
  std::vector<Group> groups;
  std::vector<User> users;
};

// The nearest client's and those of all the user's groups; nothing when there is no tenant, or
// neither a client nor a group. `email` is empty unless verified.
std::optional<std::vector<Policy>> PoliciesFor(const Installation& installation,
                                               const std::string& account_id,
                                               const std::string& principal,
                                               const std::string& email);

}  // namespace strongroom::oracle
