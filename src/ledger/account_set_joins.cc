#include "ledger/account_set_joins.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ledger/account_set_members.h"
#include "ledger/predicate.h"
#include "ledger/records.h"
#include "ledger/walk.h"

namespace strongroom::ledger {
namespace {

using Admitted = base::Result<std::optional<VisibleDocument>>;

base::Result<std::vector<Predicate>> ReadPredicates(const Ledger& ledger,
                                                    std::span<const Filter> filters) {
  std::vector<Predicate> predicates;
  for (const Filter& filter : filters) {
    const auto property = ledger.Find(filter.name);
    if (!property) continue;
    STRONGROOM_ASSIGN(Predicate predicate, MakePredicate(ledger, *property, filter.value));
    predicates.push_back(std::move(predicate));
  }
  return predicates;
}

// Nothing when a condition doesn't hold, or looks at what may not be selected.
std::optional<VisibleDocument> Filtered(std::optional<VisibleDocument> document,
                                        const std::vector<Predicate>& predicates) {
  if (!document) return document;
  const bool fits = std::ranges::all_of(predicates, [&](const Predicate& predicate) {
    return document->Allows(predicate.property) && Holds(predicate, *document->Unjudged());
  });
  return fits ? std::move(document) : std::nullopt;
}

// What a membership leads to; nothing when the membership may not be selected.
Admitted FollowMembership(const authz::Permit& permit, ReadScope& scope,
                          const VisibleDocument& membership, bool to_set) {
  const Ledger& ledger = membership.ledger();
  for (const PropertyIndex part : ledger.key())
    if (!membership.Allows(part)) return std::optional<VisibleDocument>();
  const Document& document = *membership.Unjudged();
  const bool leads_to_set =
      to_set || document.At("member_type").Get<std::int64_t>() == kMemberAccountSet;
  const Value& id = document.At(to_set ? "account_set_id" : "member_id");
  STRONGROOM_ASSIGN(SharedDocument other,
                    Load(scope, leads_to_set ? LedgerId::kAccountSet : LedgerId::kAccount,
                         DocumentKey::Of(id.Get<base::Uuid>())));
  return VisibleDocument::JudgeFound(permit, std::move(other));
}

std::string NameOf(const ReadScope& scope, const Document& start, std::string_view join) {
  return fmt::format("{}{}.{}:{}", base::AsChars(scope.tenant.id.bytes), start.ledger().full_name(),
                     join, DocumentKey::Of(start).bytes());
}

}  // namespace

base::Result<Page> FollowMembers(const authz::Permit& permit, ReadScope& scope,
                                 const VisibleDocument& set, const JoinRequest& request) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kAccountSetMember);
  STRONGROOM_ASSIGN(const auto predicates, ReadPredicates(ledger, request.filters));
  const std::string prefix = CurrentKey(ledger, DocumentKey::Of(*set.Unjudged()).bytes());
  ListSource source;
  source.name = NameOf(scope, *set.Unjudged(), "members");
  source.walk = [&](const Start& start) {
    return WalkRange(scope, {&ledger, storage::PrefixRange(prefix), false, true}, start);
  };
  source.admit = [&](const SharedDocument& document) -> Admitted {
    STRONGROOM_ASSIGN(auto membership, VisibleDocument::JudgeFound(permit, document));
    membership = Filtered(std::move(membership), predicates);
    if (!membership) return membership;
    return FollowMembership(permit, scope, *membership, false);
  };
  return ReadPage(scope, request.page, source);
}

base::Result<Page> FollowSets(const authz::Permit& permit, ReadScope& scope,
                              const VisibleDocument& member, const JoinRequest& request) {
  const Ledger& memberships = scope.catalog().At(LedgerId::kAccountSetMember);
  const Document& from = *member.Unjudged();
  STRONGROOM_ASSIGN(const auto predicates,
                    ReadPredicates(scope.catalog().At(LedgerId::kAccountSet), request.filters));
  std::vector<std::string> keys;
  const auto& id = from.At(from.ledger().key().front()).Get<base::Uuid>();
  if (const auto* sets = from.At("set_ids").As<ListValue>(); sets != nullptr)
    for (const Value& set : *sets->items)
      keys.push_back(MembershipKey(set.Get<base::Uuid>(), id).bytes());
  ListSource source;
  source.name = NameOf(scope, from, "sets");
  source.walk = [&](const Start& start) { return WalkKeys(scope, memberships, keys, true, start); };
  source.admit = [&](const SharedDocument& document) -> Admitted {
    STRONGROOM_ASSIGN(const auto membership, VisibleDocument::JudgeFound(permit, document));
    if (!membership) return membership;
    STRONGROOM_ASSIGN(auto set, FollowMembership(permit, scope, *membership, true));
    return Filtered(std::move(set), predicates);
  };
  return ReadPage(scope, request.page, source);
}

}  // namespace strongroom::ledger
