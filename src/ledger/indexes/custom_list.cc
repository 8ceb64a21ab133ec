// Lists through custom indexes (behaviour §13).
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/indexes/index_set.h"
#include "ledger/indexes/index_work.h"
#include "ledger/list.h"
#include "ledger/records.h"
#include "ledger/walk.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using authz::Action;
using Operator = FilterValue::Operator;
using storage::KeyWriter;
using storage::Order;

base::Error Bad(std::string message, std::string hint = {}) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

Order OrderOf(const CustomIndex::Part& part) {
  return part.descending ? Order::kDescending : Order::kAscending;
}

// A condition on a sort key.
struct KeyCondition {
  Operator op = Operator::kAll;
  std::string value;
  std::string end;

  bool Holds(std::string_view key) const {
    switch (op) {
      case Operator::kEq: return key == value;
      case Operator::kLike: return key.starts_with(value);
      case Operator::kLt: return key < value;
      case Operator::kLte: return key <= value;
      case Operator::kGt: return key > value;
      case Operator::kGte: return key >= value;
      case Operator::kBetween: return key >= value && key <= end;
      case Operator::kAll: break;
    }
    return true;
  }
};

struct CustomPlan {
  const CustomIndex* index = nullptr;
  std::string prefix;                    // of the partition
  std::vector<KeyCondition> conditions;  // by sort key
  storage::KeyRange range;
  std::vector<authz::ResourceId> rights;
};

const FilterValue* FindFilter(const std::vector<Filter>& filters, std::string_view alias) {
  const auto found = std::ranges::find(filters, alias, &Filter::name);
  return found == filters.end() ? nullptr : &found->value;
}

base::Status RefuseUnknown(const std::vector<Filter>& filters,
                           std::span<const CustomIndex::Part> parts, const CustomIndex& index) {
  for (const Filter& filter : filters)
    if (std::ranges::find(parts, filter.name, &CustomIndex::Part::alias) == parts.end())
      return Bad(fmt::format("the index `{}` has no key `{}` there", index.name(), filter.name));
  return {};
}

// What lies in the range is what may fulfil the first conditions; the conditions decide all the
// same.
storage::KeyRange RangeOf(const CustomIndex& index, std::string prefix,
                          std::span<const KeyCondition> conditions) {
  storage::KeyRange range = storage::PrefixRange(prefix);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const KeyCondition& condition = conditions[i];
    const Order order = OrderOf(index.range()[i]);
    const bool descending = order == Order::kDescending;
    const auto at = [&](const std::string& value) {
      return storage::PrefixRange(prefix + KeyWriter().Text(value, order).Take());
    };
    if (condition.op == Operator::kEq) {
      prefix += KeyWriter().Text(condition.value, order).Take();
      range = storage::PrefixRange(prefix);
      continue;
    }
    // Both ends are taken whole: whether they belong is asked of every key.
    const bool from = condition.op == Operator::kGt || condition.op == Operator::kGte ||
                      condition.op == Operator::kBetween;
    const bool to = condition.op == Operator::kLt || condition.op == Operator::kLte ||
                    condition.op == Operator::kBetween;
    const std::string& last = condition.op == Operator::kBetween ? condition.end : condition.value;
    if (from)
      (descending ? range.end : range.begin) =
          descending ? at(condition.value).end : at(condition.value).begin;
    if (to) (descending ? range.begin : range.end) = descending ? at(last).begin : at(last).end;
    if (!range.end.empty() && range.begin > range.end) range.begin = range.end;
    if (condition.op == Operator::kLike) {
      constexpr std::size_t kTextEndBytes = 2;  // storage/key.h
      std::string begin = prefix + KeyWriter().Text(condition.value, order).Take();
      begin.resize(begin.size() - kTextEndBytes);
      range = storage::PrefixRange(begin);
    }
    break;
  }
  return range;
}

base::Result<KeyCondition> ReadCondition(const CustomIndex::Part& part, const FilterValue& filter) {
  KeyCondition condition;
  condition.op = filter.op;
  if (filter.op == Operator::kAll) return condition;
  if (filter.op == Operator::kLike) {
    if (part.type != KeyType::kString)
      return Bad(fmt::format("like needs a key of texts, and `{}` is none", part.alias));
    condition.value = filter.value;
    return condition;
  }
  STRONGROOM_ASSIGN(condition.value, KeyValueOfText(part.type, part.names, filter.value));
  if (filter.op == Operator::kBetween) {
    STRONGROOM_ASSIGN(condition.end, KeyValueOfText(part.type, part.names, filter.end));
  }
  return condition;
}

base::Status ReadPartition(const CustomFilter& filter, CustomPlan& plan) {
  plan.prefix = plan.index->Prefix();
  for (const CustomIndex::Part& part : plan.index->partition()) {
    const FilterValue* given = FindFilter(filter.partition, part.alias);
    if (given == nullptr) return Bad(fmt::format("{} partition key required", part.alias));
    if (given->op != Operator::kEq)
      return Bad(fmt::format("eq required for {} partition key", part.alias));
    STRONGROOM_ASSIGN(const std::string value, KeyValueOfText(part.type, part.names, given->value));
    plan.prefix += KeyWriter().Text(value, OrderOf(part)).Take();
  }
  return {};
}

base::Status CheckState(ReadScope& scope, const CustomIndex& index) {
  if (index.state() == IndexState::kReady) return {};
  if (index.state() == IndexState::kFailed)
    return Bad(fmt::format("the index `{}` could not be built", index.name()),
               "two documents share a unique key, or one has too much for an index: delete it, and "
               "make another");
  const auto key = DocumentKey::FromBytes(
      KeyWriter().Text(index.name()).Int64(kIndexOn.Find(index.ledger().spec().name)).Take());
  STRONGROOM_ASSIGN(const SharedDocument definition, Load(scope, LedgerId::kIndex, key));
  base::Error error =
      Bad(fmt::format("the index `{}` is being built: about {} % is done", index.name(),
                      definition == nullptr ? 0 : IndexProgress(*definition)),
          "try again later; schema { index } has its progress");
  error.retriable = true;
  return error;
}

// Entries whose keys fulfil the conditions.
class CustomWalk final : public Walk {
 public:
  CustomWalk(ReadScope& scope, const CustomPlan& plan, std::unique_ptr<storage::Cursor> cursor)
      : scope_(scope), plan_(plan), cursor_(std::move(cursor)) {}

  base::Result<std::optional<Found>> Next() override {
    while (true) {
      STRONGROOM_ASSIGN(const bool found, cursor_->Next());
      if (!found) return std::optional<Found>();
      STRONGROOM_ASSIGN(const bool fits, Fits(cursor_->key()));
      if (fits) break;
      // What is passed over counts as looked at.
      if (scope_.scan_left > 0) --scope_.scan_left;
      if (scope_.scan_left == 0) break;
    }
    STRONGROOM_ASSIGN(SharedDocument document, Read(cursor_->value()));
    return std::optional<Found>({std::string(cursor_->key()), std::move(document)});
  }

 private:
  base::Result<bool> Fits(std::string_view key) const {
    if (plan_.conditions.empty()) return true;
    storage::KeyReader reader(key.substr(plan_.prefix.size()));
    for (std::size_t i = 0; i < plan_.conditions.size(); ++i) {
      STRONGROOM_ASSIGN(const std::string value, reader.Text(OrderOf(plan_.index->range()[i])));
      if (!plan_.conditions[i].Holds(value)) return false;
    }
    return true;
  }

  base::Result<SharedDocument> Read(std::string_view entry) const {
    const Ledger& ledger = plan_.index->ledger();
    if (!plan_.index->historical()) return LoadAt(scope_, ledger, entry);
    constexpr std::size_t kVersionBytes = 8;
    STRONGROOM_CHECK(entry.size() > kVersionBytes);
    const std::string_view location = entry.substr(0, entry.size() - kVersionBytes);
    STRONGROOM_ASSIGN(const std::int64_t version,
                      storage::KeyReader(entry.substr(location.size())).Int64());
    STRONGROOM_ASSIGN(SharedDocument current, LoadAt(scope_, ledger, location));
    if (current->version() == version) return current;
    return LoadVersion(scope_, ledger.id(), DocumentKey::Of(*current), version);
  }

  ReadScope& scope_;
  const CustomPlan& plan_;
  std::unique_ptr<storage::Cursor> cursor_;
};

base::Result<std::unique_ptr<Walk>> WalkCustom(ReadScope& scope, const CustomPlan& plan,
                                               bool descending, const Start& start) {
  const bool upward = descending == start.backward;
  STRONGROOM_ASSIGN(
      auto cursor,
      scope.reader.Scan(scope.tenant, CutRange(plan.range, start, upward), {.reverse = !upward}));
  return std::unique_ptr<Walk>(std::make_unique<CustomWalk>(scope, plan, std::move(cursor)));
}

base::Result<CustomPlan> PlanCustom(const authz::Permit& permit, ReadScope& scope,
                                    const IndexSet& set, const Ledger& ledger,
                                    const CustomFilter& filter) {
  CustomPlan plan;
  plan.index = set.Find(ledger.id(), filter.index);
  const auto right =
      permit.catalog().Find(ledger.rights(), authz::ResourceKind::kIndexes, filter.index);
  if (plan.index == nullptr || !right)
    return Bad(
        fmt::format("{} has no custom index `{}`", ledger.spec().name, filter.index),
        "make it with schema { createIndex }; the operation that makes it can't read it yet");
  STRONGROOM_TRY(CheckState(scope, *plan.index));
  STRONGROOM_TRY(RefuseUnknown(filter.partition, plan.index->partition(), *plan.index));
  STRONGROOM_TRY(RefuseUnknown(filter.sort, plan.index->range(), *plan.index));
  STRONGROOM_TRY(ReadPartition(filter, plan));
  for (const CustomIndex::Part& part : plan.index->range()) {
    const FilterValue* given = FindFilter(filter.sort, part.alias);
    STRONGROOM_ASSIGN(KeyCondition condition,
                      ReadCondition(part, given == nullptr ? FilterValue{} : *given));
    plan.conditions.push_back(std::move(condition));
  }
  plan.range = RangeOf(*plan.index, plan.prefix, plan.conditions);
  plan.rights.push_back(*right);
  for (const PropertyIndex property : plan.index->properties())
    plan.rights.push_back(Ledger::Right(property));
  return plan;
}

}  // namespace

base::Result<Page> ListCustom(const authz::Permit& permit, ReadScope& scope, LedgerId id,
                              const CustomFilter& filter, bool descending,
                              const PageRequest& page) {
  const Ledger& ledger = scope.catalog().At(id);
  if (permit.NeverAllows(Action::kSelect, ledger.rights()))  // SPEC 4.1.3
    return AccessDenied(permit, Action::kSelect, ledger);
  STRONGROOM_ASSIGN(const auto set, IndexesOf(scope));
  STRONGROOM_ASSIGN(const CustomPlan plan, PlanCustom(permit, scope, *set, ledger, filter));
  ListSource source;
  source.name = fmt::format("{}custom:{}", base::AsChars(scope.tenant.id.bytes), plan.prefix);
  source.walk = [&](const Start& start) { return WalkCustom(scope, plan, descending, start); };
  source.admit =
      [&](const SharedDocument& document) -> base::Result<std::optional<VisibleDocument>> {
    STRONGROOM_ASSIGN(auto judged, VisibleDocument::JudgeFound(permit, document));
    if (!judged) return judged;
    for (const authz::ResourceId right : plan.rights)
      if (!judged->verdict().Allows(right)) return std::optional<VisibleDocument>();
    if (!plan.index->historical()) return judged;
    // SPEC 4.1.8: a version is shown when the current document is visible too.
    STRONGROOM_ASSIGN(SharedDocument current, Load(scope, id, DocumentKey::Of(*document)));
    STRONGROOM_ASSIGN(const auto visible, VisibleDocument::JudgeFound(permit, std::move(current)));
    return visible ? std::move(judged) : std::optional<VisibleDocument>();
  };
  return ReadPage(scope, page, source);
}

}  // namespace strongroom::ledger
