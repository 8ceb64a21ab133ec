#include "ledger/list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ledger/list_plan.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

using authz::Action;

std::string_view FilterName(const IndexKey& key) {
  return key.filter.empty() ? key.property : key.filter;
}

const Filter* FindFilter(std::span<const Filter> filters, const IndexKey& key) {
  const auto found = std::ranges::find(filters, FilterName(key), &Filter::name);
  return found == filters.end() ? nullptr : &*found;
}

base::Error Bad(std::string message) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message));
}

// behaviour §6: a partition key needs `eq`.
base::Result<Predicate> PartitionPredicate(const Ledger& ledger, const IndexKey& key,
                                           const Filter* filter) {
  const PropertyIndex property = ledger.At(key.property);
  if (filter != nullptr && filter->value.op != FilterValue::Operator::kEq)
    return Bad(fmt::format("eq required for {} partition key", FilterName(key)));
  if (filter != nullptr) return MakePredicate(ledger, property, filter->value);
  if (key.fallback.empty()) return Bad(fmt::format("{} partition key required", FilterName(key)));
  return MakePredicate(ledger, property,
                       {FilterValue::Operator::kEq, std::string(key.fallback), {}});
}

const Predicate* FindPredicate(const ListPlan& plan, PropertyIndex property) {
  const auto found = std::ranges::find(plan.predicates, property, &Predicate::property);
  return found == plan.predicates.end() ? nullptr : &*found;
}

// The parts of the keys that the list walks over, in order.
std::vector<IndexKey> KeyParts(const Ledger& ledger, const IndexSpec& index) {
  std::vector<IndexKey> parts;
  if (index.primary) {
    for (const PropertyIndex part : ledger.key())
      parts.push_back({.property = ledger.properties()[part].name});
    return parts;
  }
  for (const auto keys : {index.partition, index.sort})
    parts.insert(parts.end(), keys.begin(), keys.end());
  return parts;
}

void AddRights(ListPlan& plan) { plan.rights = RightsToFind(*plan.ledger, *plan.index); }

// The list with its partition, as cursors are bound to it.
std::string NameOf(const ReadScope& scope, const ListPlan& plan, std::string_view partition) {
  return fmt::format("{}{}.{}:{}", base::AsChars(scope.tenant.id.bytes), plan.ledger->full_name(),
                     plan.index->name, partition);
}

void SetRange(const ReadScope& scope, ListPlan& plan) {
  const Ledger& ledger = *plan.ledger;
  const IndexSpec& index = *plan.index;
  plan.entries = !index.primary && !index.clustered;
  std::string prefix = plan.entries ? IndexPrefix(ledger, index) : CurrentKey(ledger);
  plan.range = storage::PrefixRange(prefix);
  for (const IndexKey& part : KeyParts(ledger, index)) {
    const Predicate* predicate = FindPredicate(plan, ledger.At(part.property));
    if (predicate == nullptr) break;
    plan.range = RangeOf(ledger, *predicate, part.descending, prefix);
    if (predicate->op != FilterValue::Operator::kEq) break;
    AppendOrdered(ledger.properties()[predicate->property], predicate->value, part.descending,
                  prefix);
  }
  std::string partition;
  for (const IndexKey& key : index.partition)
    if (const Predicate* equal = FindPredicate(plan, ledger.At(key.property)); equal != nullptr)
      AppendOrdered(ledger.properties()[equal->property], equal->value, false, partition);
  plan.name = NameOf(scope, plan, partition);
}

base::Result<ListPlan> PlanIds(const ReadScope& scope, ListPlan plan, const ListRequest& request) {
  if (request.ids.empty())
    return Bad(fmt::format("{} partition key required", plan.index->id_list_filter));
  if (request.ids.size() > limits::kIdListMax)
    return base::MakeError(
        base::ErrorCode::kLimitExceeded,
        fmt::format("`{}` has {} ids, the most are {}", CamelCase(plan.index->id_list_filter),
                    request.ids.size(), limits::kIdListMax));
  for (const base::Uuid& id : request.ids) plan.keys.push_back(DocumentKey::Of(id).bytes());
  plan.name = NameOf(scope, plan, {});
  AddRights(plan);
  return plan;
}

base::Result<ListPlan> PlanList(const ReadScope& scope, const ListRequest& request) {
  const Ledger& ledger = scope.catalog().At(request.ledger);
  ListPlan plan;
  plan.ledger = &ledger;
  plan.index = ledger.FindIndex(request.index);
  plan.descending = request.descending;
  if (plan.index == nullptr)
    return Bad(fmt::format("{} has no index `{}`", ledger.spec().name, request.index));
  if (!plan.index->id_list_filter.empty()) return PlanIds(scope, std::move(plan), request);
  for (const IndexKey& key : plan.index->partition) {
    STRONGROOM_ASSIGN(Predicate predicate,
                      PartitionPredicate(ledger, key, FindFilter(request.filters, key)));
    plan.predicates.push_back(std::move(predicate));
  }
  for (const IndexKey& key : plan.index->sort) {
    const Filter* filter = FindFilter(request.filters, key);
    if (filter == nullptr) continue;
    STRONGROOM_ASSIGN(Predicate predicate,
                      MakePredicate(ledger, ledger.At(key.property), filter->value));
    plan.predicates.push_back(std::move(predicate));
  }
  AddRights(plan);
  SetRange(scope, plan);
  return plan;
}

bool CouldFind(const authz::Permit& permit, const ListPlan& plan) {
  return std::ranges::none_of(plan.rights, [&](authz::ResourceId right) {
    return permit.Standing(Action::kSelect, plan.ledger->rights(), right) == authz::Verdict::kDeny;
  });
}

}  // namespace

std::vector<authz::ResourceId> RightsToFind(const Ledger& ledger, const IndexSpec& index) {
  std::vector<authz::ResourceId> rights;
  if (index.internal) return rights;
  rights.push_back(ledger.Right(index));
  for (const auto keys : {index.partition, index.sort})
    for (const IndexKey& key : keys) rights.push_back(Ledger::Right(ledger.At(key.property)));
  return rights;
}

bool IsFound(const authz::DocumentVerdict& verdict, std::span<const authz::ResourceId> rights) {
  return verdict.Visible() && std::ranges::all_of(rights, [&](authz::ResourceId right) {
           return verdict.Allows(right);
         });
}

base::Result<Page> RunPlan(const authz::Permit& permit, ReadScope& scope, const ListPlan& plan,
                           const PageRequest& page) {
  ListSource source;
  source.name = plan.name;
  // What no document could ever allow needs no look; the page's arguments are checked all the same.
  const bool could_find = CouldFind(permit, plan);
  source.walk = [&](const Start& start) -> base::Result<std::unique_ptr<Walk>> {
    if (!could_find || !plan.keys.empty())
      return WalkKeys(scope, *plan.ledger, could_find ? plan.keys : std::vector<std::string>(),
                      plan.descending, start);
    return WalkRange(scope, {plan.ledger, plan.range, plan.entries, plan.descending}, start);
  };
  source.admit =
      [&](const SharedDocument& document) -> base::Result<std::optional<VisibleDocument>> {
    for (const Predicate& predicate : plan.predicates)
      if (!Holds(predicate, *document)) return std::optional<VisibleDocument>();
    STRONGROOM_ASSIGN(VisibleDocument judged, VisibleDocument::Judge(permit, document));
    if (!IsFound(judged.verdict(), plan.rights)) return std::optional<VisibleDocument>();
    return std::optional<VisibleDocument>(std::move(judged));
  };
  return ReadPage(scope, page, source);
}

void FinishPlan(const ReadScope& scope, ListPlan& plan) { SetRange(scope, plan); }

base::Result<Page> List(const authz::Permit& permit, ReadScope& scope, const ListRequest& request) {
  const Ledger& ledger = scope.catalog().At(request.ledger);
  if (permit.NeverAllows(Action::kSelect, ledger.rights()))  // SPEC 4.1.3
    return AccessDenied(permit, Action::kSelect, ledger);
  STRONGROOM_ASSIGN(const ListPlan plan, PlanList(scope, request));
  return RunPlan(permit, scope, plan, request.page);
}

}  // namespace strongroom::ledger
