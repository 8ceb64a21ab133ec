#include "ledger/audit/find.h"

#include <boost/json.hpp>

#include "base/json.h"
#include "ledger/audit/chain.h"
#include "ledger/audit/limits.h"

namespace strongroom::ledger::audit {
namespace {

namespace json = boost::json;
using authz::Decision;

// A request takes its time before it waits for its turn, so records are in the order of their times
// but for this.
constexpr std::chrono::seconds kDisorderMax{30};

// Nothing: it is no time that a decision could be of.
std::optional<base::Timestamp> TimeOf(const base::Uuid& id) {
  constexpr std::int64_t kLatest =
      std::chrono::floor<std::chrono::milliseconds>(base::Timestamp::max() - kDisorderMax)
          .time_since_epoch()
          .count();
  std::int64_t milliseconds = 0;
  for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | id.bytes[i];
  if (milliseconds > kLatest) return std::nullopt;
  return base::Timestamp(std::chrono::milliseconds(milliseconds));
}

std::string_view Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

std::vector<std::uint32_t> Numbers(const json::object& object, std::string_view name) {
  std::vector<std::uint32_t> numbers;
  const json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return numbers;
  for (const json::value& number : list->get_array())
    if (number.is_int64()) numbers.push_back(static_cast<std::uint32_t>(number.get_int64()));
  return numbers;
}

class Search {
 public:
  Search(storage::Reader& reader, storage::SpaceId space, const base::Uuid& id,
         base::Timestamp time)
      : reader_(reader), space_(space), id_(id.ToString()), time_(time) {}

  base::Result<std::optional<Decision>> Run() {
    STRONGROOM_ASSIGN(const auto head, ReadHead(reader_, space_));
    if (!head) return std::optional<Decision>();
    const std::string latest = base::FormatTimestamp(time_ + kDisorderMax);
    STRONGROOM_ASSIGN(std::uint64_t at, FirstFrom(*head, time_ - kDisorderMax));
    for (std::uint64_t i = 0; i < kSearchedMax && at <= head->sequence; ++i, ++at) {
      STRONGROOM_ASSIGN(const json::object record, Read(at));
      if (Text(record, "time") > latest) break;
      if (auto found = DecisionIn(record)) return found;
    }
    return std::optional<Decision>();
  }

 private:
  base::Result<json::object> Read(std::uint64_t sequence) {
    STRONGROOM_ASSIGN(const auto record, ReadRecord(reader_, space_, sequence));
    if (!record) return json::object();
    auto parsed =
        base::ParseJson(record->text, {.depth_max = 64, .bytes_max = record->text.size()});
    if (!parsed.ok() || !parsed->is_object()) return json::object();
    return std::move(parsed->get_object());
  }

  // By halving.
  base::Result<std::uint64_t> FirstFrom(const ChainHead& head, base::Timestamp from) {
    const std::string text = base::FormatTimestamp(from);
    std::uint64_t low = head.floor + 1;
    std::uint64_t high = head.sequence + 1;
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      STRONGROOM_ASSIGN(const json::object record, Read(middle));
      if (Text(record, "time") < text)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  std::optional<Decision> DecisionIn(const json::object& record) {
    const json::value* decisions = record.if_contains("decisions");
    if (decisions == nullptr || !decisions->is_array()) return std::nullopt;
    for (const json::value& item : decisions->get_array()) {
      const json::object* one = item.if_object();
      if (one == nullptr || Text(*one, "id") != id_) continue;
      const auto action = authz::ActionFromName(Text(*one, "action"));
      if (!action) continue;
      Decision decision;
      decision.id = id_;
      decision.effect =
          Text(*one, "effect") == "ALLOW" ? authz::Effect::kAllow : authz::Effect::kDeny;
      decision.action = *action;
      decision.resource = Text(*one, "resource");
      decision.reasons = Numbers(*one, "reasons");
      decision.errors = Numbers(*one, "errors");
      decision.principal = Text(record, "principal");
      decision.time = time_;
      decision.complete = false;
      return decision;
    }
    return std::nullopt;
  }

  storage::Reader& reader_;
  const storage::SpaceId space_;
  const std::string id_;
  const base::Timestamp time_;
};

}  // namespace

base::Result<std::optional<Decision>> FindDecision(storage::Reader& reader, storage::SpaceId space,
                                                   const base::Uuid& id) {
  const auto time = TimeOf(id);
  if (!time) return std::optional<Decision>();
  return Search(reader, space, id, *time).Run();
}

}  // namespace strongroom::ledger::audit
