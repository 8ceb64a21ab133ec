// Random installations over random catalogs: tenants, clients, groups, users and their policies.
#pragma once

#include <string>
#include <vector>

#include "choices.h"
#include "specification.h"

namespace strongroom::oracle {

struct World {
  std::vector<Ledger> ledgers;
  Installation installation;
};

inline const Texts kPrincipals = {"https://issuer.example", "https://other.example"};
inline const std::string kEmail = "user@example.com";
inline const Texts kAllActions = {"db:Select", "db:Insert", "db:Update", "db:Delete"};

// What policies are made of, besides the ledgers they are about.
struct PolicyStyle {
  Texts actions;
  std::vector<Expression> leaves = {};  // of documents; none: the built-in ones
  bool odd_patterns = true;             // with wildcards anywhere
};

// One to three ledgers with some of the fields s, n, b, o, l, m, and now and then many more.
std::vector<Ledger> AnyLedgers(Choices& choices);
Policy AnyPolicy(Choices& choices, const std::vector<Ledger>& ledgers, const PolicyStyle& style);
// At most `most` of them.
std::vector<Policy> AnyPolicies(Choices& choices, std::size_t most,
                                const std::vector<Ledger>& ledgers, const PolicyStyle& style);
// Tenants Root, Child, …, clients of kPrincipals on some of them, groups, and the user kEmail.
Installation AnyInstallation(Choices& choices, const std::vector<Ledger>& ledgers,
                             const PolicyStyle& style);
World AnyWorld(Choices& choices);

// Whose request it is.
struct Caller {
  std::string account_id;
  std::string principal;
  std::string email;
};
// Mostly one that has a client.
Caller AnyCaller(Choices& choices, const Installation& installation);

}  // namespace strongroom::oracle
