// Traversals from a document to others.
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ledger/account_set_joins.h"
#include "ledger/list_plan.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

using authz::Action;
using Operator = FilterValue::Operator;

constexpr std::string_view kDefaultCurrency = "USD";

// SPEC 4.1.4
base::Status RequireJoin(const VisibleDocument& start, const JoinSpec& join) {
  const Ledger& ledger = start.ledger();
  if (start.verdict().Allows(ledger.Right(join))) return {};
  return AccessDenied(
      start.permit(), Action::kSelect,
      authz::ResourceIdentifier(ledger.full_name(), authz::ResourceKind::kJoins, join.name),
      start.Unjudged().get());
}

// `modified`, and `committed`, which is the same: operations are dated when their turn comes.
base::Result<std::vector<Predicate>> HistoryPredicates(const Ledger& ledger,
                                                       std::span<const Filter> filters) {
  std::vector<Predicate> predicates;
  for (const Filter& filter : filters) {
    STRONGROOM_ASSIGN(Predicate predicate, MakePredicate(ledger, ledger.modified(), filter.value));
    predicates.push_back(std::move(predicate));
  }
  return predicates;
}

base::Result<Page> FollowHistory(const authz::Permit& permit, ReadScope& scope,
                                 const VisibleDocument& start, const JoinRequest& request) {
  const Ledger& ledger = start.ledger();
  STRONGROOM_ASSIGN(const auto predicates, HistoryPredicates(ledger, request.filters));
  const DocumentKey key = DocumentKey::Of(*start.Unjudged());
  STRONGROOM_ASSIGN(const SharedDocument current, Load(scope, ledger.id(), key));
  STRONGROOM_ASSIGN(const auto visible, VisibleDocument::JudgeFound(permit, current));
  ListSource source;
  source.name = fmt::format("{}{}.history:{}", base::AsChars(scope.tenant.id.bytes),
                            ledger.full_name(), key.bytes());
  source.walk = [&](const Start& from) -> base::Result<std::unique_ptr<Walk>> {
    if (!visible) return WalkKeys(scope, ledger, {}, false, from);
    return WalkVersions(scope, current, from);
  };
  source.admit =
      [&](const SharedDocument& document) -> base::Result<std::optional<VisibleDocument>> {
    STRONGROOM_ASSIGN(auto judged, VisibleDocument::JudgeFound(permit, document));
    for (const Predicate& predicate : predicates)
      if (judged && (!judged->Allows(predicate.property) || !Holds(predicate, *document)))
        judged.reset();
    return judged;
  };
  return ReadPage(scope, request.page, source);
}

// The value that a partition key of the target has for this start: the start's own, the filter's,
// or the one it has when left out.
base::Result<Predicate> JoinPredicate(const Document& start, const Ledger& target,
                                      const IndexKey& key, std::span<const Filter> filters) {
  Predicate predicate{target.At(key.property), Operator::kEq, {}, {}, false};
  if (const auto own = start.ledger().Find(key.start.empty() ? key.property : key.start); own) {
    predicate.value = start.At(*own);
    return predicate;
  }
  const auto filter = std::ranges::find(filters, key.property, &Filter::name);
  if (filter == filters.end()) {
    const std::string_view fallback = key.fallback.empty() ? kDefaultCurrency : key.fallback;
    STRONGROOM_ASSIGN(predicate, MakePredicate(target, predicate.property,
                                               {Operator::kEq, std::string(fallback), {}}));
    predicate.given = false;
    return predicate;
  }
  if (filter->value.op != Operator::kEq)
    return base::MakeError(base::ErrorCode::kBadRequest,
                           fmt::format("eq required for {} partition key", key.property));
  return MakePredicate(target, predicate.property, filter->value);
}

bool Has(const ListPlan& plan, PropertyIndex property) {
  return std::ranges::find(plan.predicates, property, &Predicate::property) !=
         plan.predicates.end();
}

// A filter needs Select on what it looks at; what stands for another property in keys needs that.
void AddRight(ListPlan& plan, const Predicate& predicate) {
  const Ledger& target = *plan.ledger;
  const PropertySpec& spec = target.properties()[predicate.property];
  if (!predicate.given) return;
  plan.rights.push_back(Ledger::Right(spec.internal ? target.At("amount") : predicate.property));
}

// What stands in a set's balance are the entries that count for the set.
base::Result<std::string_view> IndexOf(ReadScope& scope, const Document& start,
                                       const JoinSpec& join) {
  if (join.via_of_sets.empty()) return join.via;
  STRONGROOM_ASSIGN(const bool is_set,
                    Exists(scope, LedgerId::kAccountSet,
                           DocumentKey::Of(start.At("account_id").Get<base::Uuid>())));
  return is_set ? join.via_of_sets : join.via;
}

base::Result<ListPlan> PlanJoin(ReadScope& scope, const Document& start, const JoinSpec& join,
                                const JoinRequest& request) {
  const Ledger& target = scope.catalog().At(join.target);
  ListPlan plan;
  plan.ledger = &target;
  STRONGROOM_ASSIGN(const std::string_view via, IndexOf(scope, start, join));
  plan.index = target.FindIndex(via);
  plan.descending = request.descending;
  STRONGROOM_CHECK(plan.index != nullptr);
  for (const IndexKey& key : plan.index->partition) {
    STRONGROOM_ASSIGN(Predicate predicate, JoinPredicate(start, target, key, request.filters));
    plan.predicates.push_back(std::move(predicate));
  }
  // What identifies the start holds for what is found from it: a balance's journal.
  if (target.id() != start.ledger().id()) {
    for (const PropertyIndex part : start.ledger().key()) {
      const std::string_view name = start.ledger().properties()[part].name;
      const auto same = target.Find(name);
      // A key of the index stands for it already, under its own name or another.
      const bool known = std::ranges::find(plan.index->partition, name, &IndexKey::start) !=
                         plan.index->partition.end();
      if (same && !known && !Has(plan, *same))
        plan.predicates.push_back({*same, Operator::kEq, start.At(part), {}, false});
    }
  }
  for (const Filter& filter : request.filters) {
    const auto property = target.Find(filter.name);
    if (!property || Has(plan, *property)) continue;
    STRONGROOM_ASSIGN(Predicate predicate, MakePredicate(target, *property, filter.value));
    plan.predicates.push_back(std::move(predicate));
  }
  for (const Predicate& predicate : plan.predicates) AddRight(plan, predicate);
  FinishPlan(scope, plan);
  return plan;
}

}  // namespace

base::Result<std::optional<VisibleDocument>> FollowOne(const authz::Permit& permit,
                                                       ReadScope& scope,
                                                       const VisibleDocument& start,
                                                       const JoinSpec& join) {
  STRONGROOM_CHECK(join.kind == JoinKind::kOne);
  STRONGROOM_TRY(RequireJoin(start, join));
  const Value& id = start.Unjudged()->At(join.via);
  if (id.IsNull()) return std::optional<VisibleDocument>();
  STRONGROOM_ASSIGN(SharedDocument other,
                    Load(scope, join.target, DocumentKey::Of(id.Get<base::Uuid>())));
  return VisibleDocument::JudgeFound(permit, std::move(other));
}

base::Result<Page> FollowMany(const authz::Permit& permit, ReadScope& scope,
                              const VisibleDocument& start, const JoinSpec& join,
                              const JoinRequest& request) {
  STRONGROOM_TRY(RequireJoin(start, join));
  if (join.kind == JoinKind::kHistory) return FollowHistory(permit, scope, start, request);
  if (join.kind == JoinKind::kMembers) return FollowMembers(permit, scope, start, request);
  if (join.kind == JoinKind::kSets) return FollowSets(permit, scope, start, request);
  STRONGROOM_CHECK(join.kind == JoinKind::kMany);
  STRONGROOM_ASSIGN(const ListPlan plan, PlanJoin(scope, *start.Unjudged(), join, request));
  return RunPlan(permit, scope, plan, request.page);
}

base::Result<std::optional<VisibleDocument>> FollowBalance(const authz::Permit& permit,
                                                           ReadScope& scope,
                                                           const VisibleDocument& start,
                                                           const std::optional<base::Uuid>& journal,
                                                           std::string_view currency) {
  const JoinSpec* join = start.ledger().FindJoin("balance");
  STRONGROOM_CHECK(join != nullptr && join->kind == JoinKind::kBalance);
  STRONGROOM_TRY(RequireJoin(start, *join));
  const Document& from = *start.Unjudged();
  const auto& account = from.At("account_id").Get<base::Uuid>();
  if (start.ledger().id() != LedgerId::kEntry) {
    const auto own = from.ledger().Find("journal_id");
    const base::Uuid in = own ? from.At(*own).Get<base::Uuid>() : journal.value_or(base::Uuid());
    STRONGROOM_ASSIGN(SharedDocument balance,
                      Load(scope, join->target, DocumentKey::OfBalance(account, in, currency)));
    return VisibleDocument::JudgeFound(permit, std::move(balance));
  }
  const auto key = DocumentKey::OfBalance(account, from.At("journal_id").Get<base::Uuid>(),
                                          from.At("currency").Get<std::string>());
  STRONGROOM_ASSIGN(SharedDocument current, Load(scope, join->target, key));
  STRONGROOM_ASSIGN(auto judged, VisibleDocument::JudgeFound(permit, std::move(current)));
  const auto version = from.At("balance_record_version").Get<std::int64_t>();
  if (!judged || judged->Unjudged()->version() == version) return judged;
  STRONGROOM_ASSIGN(SharedDocument then, LoadVersion(scope, join->target, key, version));
  return VisibleDocument::JudgeFound(permit, std::move(then));
}

}  // namespace strongroom::ledger
