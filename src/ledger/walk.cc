#include "ledger/walk.h"

#include <algorithm>
#include <utility>

#include "ledger/encoding.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

// Whether a place lies on the side of the start that the walk goes to, by the order of keys.
bool Beyond(const Start& start, bool upward, std::string_view place) {
  if (!start.place) return true;
  if (place == *start.place) return start.inclusive;
  return upward == (place > *start.place);
}

class RangeWalk final : public Walk {
 public:
  RangeWalk(ReadScope& scope, const RangeRequest& request, std::unique_ptr<storage::Cursor> cursor)
      : scope_(scope),
        ledger_(*request.ledger),
        entries_(request.entries),
        cursor_(std::move(cursor)) {}

  base::Result<std::optional<Found>> Next() override {
    STRONGROOM_ASSIGN(const bool found, cursor_->Next());
    if (!found) return std::optional<Found>();
    STRONGROOM_ASSIGN(SharedDocument document, entries_ ? LoadAt(scope_, ledger_, cursor_->value())
                                                        : Decode(ledger_, cursor_->value()));
    return std::optional<Found>({std::string(cursor_->key()), std::move(document)});
  }

 private:
  ReadScope& scope_;
  const Ledger& ledger_;
  const bool entries_;
  std::unique_ptr<storage::Cursor> cursor_;
};

class KeysWalk final : public Walk {
 public:
  KeysWalk(ReadScope& scope, const Ledger& ledger, std::vector<std::string> keys)
      : scope_(scope), ledger_(ledger), keys_(std::move(keys)) {}

  base::Result<std::optional<Found>> Next() override {
    while (at_ < keys_.size()) {
      const std::string& key = keys_[at_++];
      STRONGROOM_ASSIGN(SharedDocument document,
                        Load(scope_, ledger_.id(), DocumentKey::FromBytes(key)));
      if (document != nullptr) return std::optional<Found>({key, std::move(document)});
    }
    return std::optional<Found>();
  }

 private:
  ReadScope& scope_;
  const Ledger& ledger_;
  const std::vector<std::string> keys_;
  std::size_t at_ = 0;
};

// Earlier versions lie together; the current one is elsewhere and comes first in the list.
class VersionsWalk final : public Walk {
 public:
  VersionsWalk(std::optional<Found> current, bool backward, std::unique_ptr<Walk> earlier)
      : current_(std::move(current)), backward_(backward), earlier_(std::move(earlier)) {}

  base::Result<std::optional<Found>> Next() override {
    if (!backward_ && current_) return std::exchange(current_, std::nullopt);
    STRONGROOM_ASSIGN(auto found, earlier_->Next());
    if (found) return found;
    return std::exchange(current_, std::nullopt);
  }

 private:
  std::optional<Found> current_;
  const bool backward_;
  const std::unique_ptr<Walk> earlier_;
};

}  // namespace

storage::KeyRange CutRange(storage::KeyRange range, const Start& start, bool upward) {
  if (!start.place) return range;
  // The key that follows another one directly is that key and a zero byte.
  std::string cut = *start.place;
  if (upward != start.inclusive) cut += '\0';
  if (upward)
    range.begin = std::max(range.begin, cut);
  else if (range.end.empty() || cut < range.end)
    range.end = std::move(cut);
  if (!range.end.empty()) range.begin = std::min(range.begin, range.end);
  return range;
}

base::Result<std::unique_ptr<Walk>> WalkRange(ReadScope& scope, const RangeRequest& request,
                                              const Start& start) {
  const bool upward = request.descending == start.backward;
  STRONGROOM_ASSIGN(
      auto cursor, scope.reader.Scan(scope.SpaceOf(*request.ledger),
                                     CutRange(request.range, start, upward), {.reverse = !upward}));
  return std::unique_ptr<Walk>(std::make_unique<RangeWalk>(scope, request, std::move(cursor)));
}

base::Result<std::unique_ptr<Walk>> WalkKeys(ReadScope& scope, const Ledger& ledger,
                                             std::vector<std::string> keys, bool descending,
                                             const Start& start) {
  const bool upward = descending == start.backward;
  std::erase_if(keys, [&](const std::string& key) { return !Beyond(start, upward, key); });
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (!upward) std::ranges::reverse(keys);
  return std::unique_ptr<Walk>(std::make_unique<KeysWalk>(scope, ledger, std::move(keys)));
}

base::Result<std::unique_ptr<Walk>> WalkVersions(ReadScope& scope, const SharedDocument& current,
                                                 const Start& start) {
  const Ledger& ledger = current->ledger();
  const DocumentKey key = DocumentKey::Of(*current);
  // Keys of versions descend, so that the order of keys is that of the list.
  const RangeRequest request{.ledger = &ledger,
                             .range = storage::PrefixRange(VersionPrefix(ledger, key))};
  STRONGROOM_ASSIGN(auto earlier, WalkRange(scope, request, start));
  std::optional<Found> first = Found{VersionKey(ledger, key, current->version()), current};
  if (!Beyond(start, !start.backward, first->place)) first.reset();
  return std::unique_ptr<Walk>(
      std::make_unique<VersionsWalk>(std::move(first), start.backward, std::move(earlier)));
}

}  // namespace strongroom::ledger
