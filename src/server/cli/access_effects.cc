#include "server/cli/access_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <utility>

#include "authz/pattern.h"
#include "authz/permit.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;
using authz::Action;
using authz::Verdict;

struct Place {
  authz::LedgerId ledger;
  authz::ResourceId resource;
  const std::string* identifier = nullptr;
};

std::vector<Place> AllPlaces(const authz::Catalog& catalog) {
  std::vector<Place> places;
  for (std::uint16_t ledger = 0; ledger < catalog.ledger_count(); ++ledger) {
    const auto resources = catalog.Resources(authz::LedgerId{ledger});
    for (std::uint16_t i = 0; i < resources.size(); ++i)
      places.push_back({authz::LedgerId{ledger}, authz::ResourceId{i}, &resources[i].identifier});
  }
  return places;
}

bool Covers(const authz::Policy& policy, Action action, const std::string& identifier) {
  return authz::ActionsOf(policy).Has(action) &&
         std::ranges::any_of(policy.resources, [&](const std::string& pattern) {
           return authz::MatchesResource(pattern, identifier);
         });
}

// What policies say to a token that nothing is known of.
struct Standing {
  Verdict verdict = Verdict::kDeny;
  std::vector<const authz::Policy*> policies;  // that cover it
};

Standing StandingOf(const std::vector<authz::Policy>& policies, Action action,
                    const std::string& identifier) {
  Standing standing;
  bool allowed = false;
  bool always_allowed = false;
  bool denied = false;
  bool always_denied = false;
  for (const authz::Policy& policy : policies) {
    if (!Covers(policy, action, identifier)) continue;
    standing.policies.push_back(&policy);
    const bool always = policy.assertions.empty();
    (policy.effect == authz::Effect::kAllow ? allowed : denied) = true;
    if (always) (policy.effect == authz::Effect::kAllow ? always_allowed : always_denied) = true;
  }
  if (!allowed || always_denied) return standing;
  standing.verdict = always_allowed && !denied ? Verdict::kAllow : Verdict::kDepends;
  return standing;
}

bool SameConditions(const Standing& one, const Standing& other) {
  const auto in = [](const std::vector<const authz::Policy*>& list, const authz::Policy* policy) {
    return std::ranges::any_of(list, [&](const authz::Policy* other_policy) {
      return policy->effect == other_policy->effect &&
             ToJson(*policy).contains("assertions") ==
                 ToJson(*other_policy).contains("assertions") &&
             std::ranges::equal(policy->assertions, other_policy->assertions,
                                [](const authz::Assertion& a, const authz::Assertion& b) {
                                  return a.name == b.name && a.expression == b.expression;
                                });
    });
  };
  return std::ranges::all_of(one.policies, [&](auto* p) { return in(other.policies, p); }) &&
         std::ranges::all_of(other.policies, [&](auto* p) { return in(one.policies, p); });
}

// Empty when nothing changes.
std::string_view ChangeOf(Verdict before, Verdict after) {
  if (before == after) return {};
  if (after == Verdict::kAllow) return "gains";
  if (after == Verdict::kDeny) return "loses";
  return before == Verdict::kDeny ? "may gain" : "may lose";
}

// Identifiers by the shortest parts that cover them and nothing else.
std::vector<std::string> Shortened(const std::set<std::string>& wanted,
                                   const std::vector<Place>& places) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> parts;  // wanted, all
  const auto each_part = [](const std::string& identifier, const auto& visit) {
    visit(std::string("*"));
    for (std::size_t dot = identifier.find('.'); dot != std::string::npos;
         dot = identifier.find('.', dot + 1))
      visit(identifier.substr(0, dot));
    visit(identifier);
  };
  for (const Place& place : places)
    each_part(*place.identifier, [&](const std::string& part) {
      auto& [some, all] = parts[part];
      ++all;
      if (wanted.contains(*place.identifier)) ++some;
    });
  std::set<std::string> shortened;
  for (const std::string& identifier : wanted) {
    std::string shortest;
    each_part(identifier, [&](const std::string& part) {
      if (shortest.empty() && parts[part].first == parts[part].second) shortest = part;
    });
    shortened.insert(shortest.empty() ? identifier : shortest);
  }
  return {shortened.begin(), shortened.end()};
}

// Collects what changed, by kind of change and action.
class Collector {
 public:
  Collector(std::string who, std::string document)
      : who_(std::move(who)), document_(std::move(document)) {}

  void Add(std::string_view change, Action action, const std::string& identifier) {
    if (!change.empty())
      found_[{std::string(change), std::string(authz::ActionName(action))}].insert(identifier);
  }

  void Take(const std::vector<Place>& places, std::vector<Effect>& effects) {
    for (const auto& [key, identifiers] : found_)
      effects.push_back({who_, key.first, key.second, Shortened(identifiers, places), document_});
  }

 private:
  std::string who_;
  std::string document_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> found_;
};

base::Result<authz::Permit> PermitOf(const std::vector<authz::Policy>& policies,
                                     const json::object& claims, const Fixtures& fixtures,
                                     const ledger::Catalog& catalog) {
  // What is stored may be no longer valid; it then denies, as on the server.
  STRONGROOM_ASSIGN(auto set,
                    authz::PolicySet::Compile(policies, catalog.rights(),
                                              {authz::PolicySet::BadPolicy::kCountAsDeny}));
  authz::TokenContext token{std::make_shared<const json::object>(claims), fixtures.principal,
                            fixtures.account};
  STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(std::move(set), std::move(token)));
  return authz::Permit::Grant(std::move(folded), fixtures.now);
}

base::Status CompareOn(const Fixtures::OfDocument& fixture, const authz::Permit& before,
                       const authz::Permit& after, Collector& found) {
  const authz::LedgerId ledger = fixture.ledger->rights();
  const auto resources = before.catalog().Resources(ledger);
  for (const Action action : authz::kActions) {
    STRONGROOM_ASSIGN(const auto old, before.Judge(action, ledger, fixture.document));
    STRONGROOM_ASSIGN(const auto now, after.Judge(action, ledger, fixture.document));
    for (std::uint16_t i = 0; i < resources.size(); ++i) {
      const authz::ResourceId resource{i};
      // What claims alone change is told once, and not of every document.
      const Verdict was = before.Standing(action, ledger, resource);
      const Verdict is = after.Standing(action, ledger, resource);
      if (was != Verdict::kDepends && is != Verdict::kDepends) continue;
      if (old.Allows(resource) == now.Allows(resource)) continue;
      found.Add(now.Allows(resource) ? "gains" : "loses", action, resources[i].identifier);
    }
  }
  return {};
}

}  // namespace

std::vector<Effect> EffectsOnHolders(const std::vector<Change>& changes,
                                     const ledger::Catalog& catalog) {
  const std::vector<Place> places = AllPlaces(*catalog.rights());
  std::vector<Effect> effects;
  for (const Change& change : changes) {
    if (change.what == Change::What::kUser) continue;
    const bool client = change.what == Change::What::kClient;
    Collector found((client ? "client " : "group ") + change.name, {});
    for (const Place& place : places) {
      for (const Action action : authz::kActions) {
        const Standing before = StandingOf(change.policies_before, action, *place.identifier);
        const Standing after = StandingOf(change.policies_after, action, *place.identifier);
        std::string_view kind = ChangeOf(before.verdict, after.verdict);
        if (kind.empty() && after.verdict == Verdict::kDepends && !SameConditions(before, after))
          kind = "other conditions";
        found.Add(kind, action, *place.identifier);
      }
    }
    found.Take(places, effects);
  }
  return effects;
}

base::Result<std::vector<Effect>> EffectsOnFixtures(const Fixtures& fixtures,
                                                    const std::string& suite,
                                                    const std::vector<authz::Policy>& before,
                                                    const std::vector<authz::Policy>& after,
                                                    const ledger::Catalog& catalog) {
  const std::vector<Place> places = AllPlaces(*catalog.rights());
  std::vector<Effect> effects;
  for (const auto& [name, claims] : fixtures.claims) {
    const std::string who = fmt::format("{} of {}", name, suite);
    STRONGROOM_ASSIGN(const authz::Permit old, PermitOf(before, claims, fixtures, catalog));
    STRONGROOM_ASSIGN(const authz::Permit now, PermitOf(after, claims, fixtures, catalog));
    Collector found(who, {});
    for (const Place& place : places)
      for (const Action action : authz::kActions)
        found.Add(ChangeOf(old.Standing(action, place.ledger, place.resource),
                           now.Standing(action, place.ledger, place.resource)),
                  action, *place.identifier);
    found.Take(places, effects);
    for (const Fixtures::OfDocument& fixture : fixtures.documents) {
      Collector on_document(who, fixture.name);
      STRONGROOM_TRY(CompareOn(fixture, old, now, on_document));
      on_document.Take(places, effects);
    }
  }
  return effects;
}

std::string EffectsText(const std::vector<Effect>& effects) {
  std::string text;
  std::string who;
  for (const Effect& effect : effects) {
    if (effect.who != who) text += effect.who + "\n";
    who = effect.who;
    text += fmt::format("    {} {} on {}{}\n", effect.change, effect.action,
                        fmt::join(effect.resources, ", "),
                        effect.document.empty() ? "" : " of the document " + effect.document);
  }
  return text;
}

json::array EffectsJson(const std::vector<Effect>& effects) {
  json::array list;
  for (const Effect& effect : effects)
    list.push_back(json::object{
        {"who", effect.who},
        {"change", effect.change},
        {"action", effect.action},
        {"resources", json::value_from(effect.resources)},
        {"document", effect.document.empty() ? json::value() : json::value(effect.document)}});
  return list;
}

}  // namespace strongroom::server::cli
