#include "world.h"

#include "expressions.h"

namespace strongroom::oracle {
namespace {

std::string AnyPattern(Choices& choices, const std::vector<Ledger>& ledgers, bool odd) {
  const Ledger& ledger = choices.Pick(ledgers);
  std::string pattern = choices.Pick(ledger.identifiers);
  switch (choices.Below(odd ? 8 : 6)) {
    case 0: return "*";
    case 1: return ledger.name;
    case 2: return ledger.name + ".document";
    case 3: return ledger.name.substr(0, ledger.name.find('.')) + (choices.Chance(50) ? "" : ".*");
    case 6: pattern[choices.Below(pattern.size())] = '?'; return pattern;
    case 7: {
      const std::size_t at = choices.Below(pattern.size());
      return pattern.replace(at, choices.Below(pattern.size() - at + 1), "*");
    }
    default: return pattern;
  }
}

}  // namespace

std::vector<Ledger> AnyLedgers(Choices& choices) {
  std::vector<Ledger> ledgers;
  const std::size_t count = 1 + choices.Below(3);
  for (std::size_t i = 0; i < count; ++i) {
    Ledger ledger;
    ledger.name = (choices.Chance(30) ? "system." : "financial.") + Texts{"a", "ab", "Account"}[i];
    Texts names;
    for (const std::string field : {"s", "n", "b", "o", "l", "m"})
      if (!choices.Chance(20)) names.push_back(field);
    // Now and then more classes than one word has bits.
    if (choices.Chance(2))
      for (int filler = 0; filler < 80; ++filler) names.push_back("p" + std::to_string(filler));
    ledger.properties = names.size();
    ledger.fields = {names.begin(), names.end()};
    for (const std::string& name : names)
      ledger.identifiers.push_back(ledger.name + ".document." + name);
    for (const std::string part : {".indexes.s", ".joins.all", ".references.o"})
      ledger.identifiers.push_back(ledger.name + part);
    ledgers.push_back(std::move(ledger));
  }
  return ledgers;
}

Policy AnyPolicy(Choices& choices, const std::vector<Ledger>& ledgers, const PolicyStyle& style) {
  Policy policy;
  policy.allow = !choices.Chance(40);
  policy.actions = {choices.Pick(style.actions)};
  for (std::size_t i = 1 + choices.Below(2); i > 0; --i)
    policy.resources.push_back(AnyPattern(choices, ledgers, style.odd_patterns));
  for (std::size_t i = choices.Below(3); i > 0; --i)
    policy.assertions.push_back(
        AnyAssertion(choices, static_cast<int>(choices.Below(4)), style.leaves));
  policy.invalid = IsInvalid(policy, ledgers);
  return policy;
}

std::vector<Policy> AnyPolicies(Choices& choices, std::size_t most,
                                const std::vector<Ledger>& ledgers, const PolicyStyle& style) {
  std::vector<Policy> policies;
  for (std::size_t i = choices.Below(most + 1); i > 0; --i)
    policies.push_back(AnyPolicy(choices, ledgers, style));
  return policies;
}

Installation AnyInstallation(Choices& choices, const std::vector<Ledger>& ledgers,
                             const PolicyStyle& style) {
  Installation installation;
  installation.tenants.push_back({"Root", std::nullopt});
  for (const std::string name : {"Child", "Grandchild", "Other"}) {
    if (choices.Chance(40)) break;
    installation.tenants.push_back({name, choices.Below(installation.tenants.size())});
  }
  for (std::size_t tenant = 0; tenant < installation.tenants.size(); ++tenant)
    for (const std::string& principal : kPrincipals)
      if (choices.Chance(tenant == 0 ? 70 : 30))
        installation.clients.push_back(
            {tenant, principal, AnyPolicies(choices, 5, ledgers, style)});
  for (std::size_t i = choices.Below(3); i > 0; --i)
    installation.groups.push_back(
        {"group " + std::to_string(i), AnyPolicies(choices, 3, ledgers, style)});
  User user{kEmail, {}};
  for (std::size_t i = 0; i < installation.groups.size(); ++i)
    if (choices.Chance(60)) user.groups.push_back(i);
  installation.users.push_back(std::move(user));
  return installation;
}

World AnyWorld(Choices& choices) {
  World world;
  world.ledgers = AnyLedgers(choices);
  const PolicyStyle style{{"*", "*", "db:*", "db:Select", "db:Insert", "db:?????e", "*t"}};
  world.installation = AnyInstallation(choices, world.ledgers, style);
  return world;
}

Caller AnyCaller(Choices& choices, const Installation& installation) {
  Caller caller;
  caller.account_id = choices.Pick(installation.tenants).account_id;
  caller.principal = choices.Pick(kPrincipals);
  if (choices.Chance(40)) caller.email = choices.Chance(10) ? "nobody@example.com" : kEmail;
  if (choices.Chance(3)) caller.account_id = "Nowhere";
  return caller;
}

}  // namespace strongroom::oracle
