#include "ledger/statements.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/encoding.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/posting/balances.h"
#include "ledger/records.h"
#include "ledger/walk.h"

namespace strongroom::ledger {
namespace {

using authz::Action;

// Positions in the record BalanceAmount (catalog/balance.cc).
enum AmountField : std::size_t { kDrBalance, kCrBalance };

// The last version that was written up to `at`; null when the first is later. Operations are dated
// in the order in which they write, so that versions are looked up by halves.
base::Result<SharedDocument> VersionAt(ReadScope& scope, const SharedDocument& current,
                                       base::Timestamp at) {
  if (current->modified() <= at) return current;
  if (current->created() > at) return SharedDocument();
  const DocumentKey key = DocumentKey::Of(*current);
  std::int64_t low = 1;  // INVARIANT: version `low` is in time, version `high` is not
  std::int64_t high = current->version();
  SharedDocument best;
  while (true) {
    if (high - low <= 1 && best != nullptr) return best;
    const std::int64_t middle = high - low <= 1 ? low : low + (high - low) / 2;
    STRONGROOM_ASSIGN(SharedDocument version,
                      LoadVersion(scope, current->ledger().id(), key, middle));
    STRONGROOM_CHECK(version != nullptr);
    if (version->modified() <= at) {
      low = middle;
      best = std::move(version);
    } else if (middle == low) {
      return best;
    } else {
      high = middle;
    }
  }
}

base::Result<std::optional<VisibleDocument>> JudgeAt(const authz::Permit& permit, ReadScope& scope,
                                                     const SharedDocument& current,
                                                     std::optional<base::Timestamp> at) {
  STRONGROOM_ASSIGN(auto judged, VisibleDocument::JudgeFound(permit, current));
  if (!judged || !at) return judged;
  STRONGROOM_ASSIGN(SharedDocument then, VersionAt(scope, current, *at));
  if (then == current) return judged;
  return VisibleDocument::JudgeFound(permit, std::move(then));
}

// The list of a trial balance.
ListSource SourceOf(const authz::Permit& permit, ReadScope& scope,
                    const TrialBalanceRequest& request) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kBalance);
  const IndexSpec& index = *ledger.FindIndex("journal_id");
  std::string prefix = IndexPrefix(ledger, index);
  AppendOrdered(ledger.properties()[ledger.At("journal_id")], request.journal, false, prefix);
  std::vector<authz::ResourceId> rights{ledger.Right(index)};
  for (const std::string_view name : {"journal_id", "account_id", "currency"})
    rights.push_back(Ledger::Right(ledger.At(name)));
  ListSource source;
  source.name = fmt::format("{}trial:{}:{}", base::AsChars(scope.tenant.id.bytes),
                            request.journal.ToString(), request.currency);
  source.walk = [&scope, &ledger, prefix](const Start& start) {
    return WalkRange(scope, {&ledger, storage::PrefixRange(prefix), true, false}, start);
  };
  source.admit =
      [&permit, &scope, request,
       rights](const SharedDocument& current) -> base::Result<std::optional<VisibleDocument>> {
    if (!request.currency.empty() && current->At("currency").Get<std::string>() != request.currency)
      return std::optional<VisibleDocument>();
    STRONGROOM_ASSIGN(auto judged, JudgeAt(permit, scope, current, request.at));
    if (!judged) return judged;
    for (const authz::ResourceId right : rights)
      if (!judged->verdict().Allows(right)) return std::optional<VisibleDocument>();
    STRONGROOM_ASSIGN(const bool is_set,
                      Exists(scope, LedgerId::kAccountSet,
                             DocumentKey::Of(current->At("account_id").Get<base::Uuid>())));
    return is_set ? std::optional<VisibleDocument>() : std::move(judged);
  };
  return source;
}

base::Status RequireReadable(const authz::Permit& permit, const Ledger& ledger) {
  if (!permit.NeverAllows(Action::kSelect, ledger.rights())) return {};
  return AccessDenied(permit, Action::kSelect, ledger);  // SPEC 4.1.3
}

}  // namespace

base::Result<std::optional<VisibleDocument>> GetBalanceAt(const authz::Permit& permit,
                                                          ReadScope& scope, const DocumentKey& key,
                                                          std::optional<base::Timestamp> at) {
  STRONGROOM_TRY(RequireReadable(permit, scope.catalog().At(LedgerId::kBalance)));
  STRONGROOM_ASSIGN(const SharedDocument current, Load(scope, LedgerId::kBalance, key));
  if (current == nullptr) return std::optional<VisibleDocument>();
  return JudgeAt(permit, scope, current, at);
}

base::Result<Page> TrialBalance(const authz::Permit& permit, ReadScope& scope,
                                const TrialBalanceRequest& request, const PageRequest& page) {
  STRONGROOM_TRY(RequireReadable(permit, scope.catalog().At(LedgerId::kBalance)));
  return ReadPage(scope, page, SourceOf(permit, scope, request));
}

base::Result<std::vector<TrialTotal>> TrialTotals(const authz::Permit& permit, ReadScope& scope,
                                                  const TrialBalanceRequest& request) {
  STRONGROOM_TRY(RequireReadable(permit, scope.catalog().At(LedgerId::kBalance)));
  const ListSource source = SourceOf(permit, scope, request);
  std::map<std::pair<scalars::Currency, std::int64_t>, std::array<scalars::Money, 2>> sums;
  PageRequest page{.first = static_cast<std::int64_t>(base::limits::kPageSizeMax)};
  while (true) {
    STRONGROOM_ASSIGN(const Page found, ReadPage(scope, page, source));
    for (const Edge& edge : found.edges) {
      for (std::int64_t layer = 0; layer < kLayerCount; ++layer) {
        STRONGROOM_ASSIGN(const Value* amount, edge.node.Property(LayerProperty(layer)));
        const Values& fields = *amount->Get<RecordValue>().fields;
        const auto& debits = fields[kDrBalance].Get<scalars::Money>();
        const auto [place, added] = sums.try_emplace({debits.currency, layer});
        auto& [dr, cr] = place->second;
        if (added) dr = cr = scalars::Money{{}, debits.currency};
        STRONGROOM_ASSIGN(dr, Add(dr, debits));
        STRONGROOM_ASSIGN(cr, Add(cr, fields[kCrBalance].Get<scalars::Money>()));
      }
    }
    if (!found.has_next_page) break;
    page.after = found.edges.back().cursor;
  }
  std::vector<TrialTotal> totals;
  for (const auto& [place, sides] : sums)
    totals.push_back({place.first, kLayer.values[static_cast<std::size_t>(place.second)].name,
                      sides[0], sides[1]});
  return totals;
}

}  // namespace strongroom::ledger
