#include "cel/value_map.h"

#include <algorithm>
#include <functional>

#include "cel/numbers.h"

namespace strongroom::cel {
namespace {

constexpr std::size_t kSearchedMax = 8;

// INVARIANT: equal keys have equal hashes; an int and a uint of the same number have the same bits.
std::size_t HashKey(const Value& key) {
  if (key.is(Kind::kString)) return std::hash<std::string_view>{}(key.AsString());
  std::uint64_t bits = 0;
  if (key.is(Kind::kInt)) bits = static_cast<std::uint64_t>(key.AsInt());
  if (key.is(Kind::kUint)) bits = key.AsUint();
  if (key.is(Kind::kBool)) bits = key.AsBool() ? 1 : 0;
  bits *= 0x9E3779B97F4A7C15;
  return bits ^ bits >> 32;
}

}  // namespace

bool IsKey(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kString: return true;
    default: return false;
  }
}

bool MapBuilder::Holds(const Value& key) const {
  if (places_.empty())
    return std::ranges::any_of(entries_,
                               [&](const MapEntry& entry) { return SameKey(entry.key, key); });
  for (std::size_t at = HashKey(key) % places_.size(); places_[at] != 0;
       at = (at + 1) % places_.size())
    if (SameKey(entries_[places_[at] - 1].key, key)) return true;
  return false;
}

void MapBuilder::Index(std::size_t entry) {
  std::size_t at = HashKey(entries_[entry].key) % places_.size();
  while (places_[at] != 0) at = (at + 1) % places_.size();
  places_[at] = static_cast<std::uint32_t>(entry + 1);
}

MapBuilder::Outcome MapBuilder::Add(const Value& key, const Value& value) {
  if (!IsKey(key)) return Outcome::kNoKey;
  if (Holds(key)) return Outcome::kDuplicate;
  entries_.push_back({key, value});
  if (entries_.size() <= kSearchedMax) return Outcome::kAdded;
  if (entries_.size() * 2 > places_.size()) {
    places_.assign(entries_.size() * 4, 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) Index(i);
  } else {
    Index(entries_.size() - 1);
  }
  return Outcome::kAdded;
}

Value MapBuilder::Build() const {
  const auto copy = arena_.NewArray<MapEntry>(entries_.size());
  std::ranges::copy(entries_, copy.begin());
  return Value::Map(copy);
}

Value MakeMap(std::span<const MapEntry> entries, Arena& arena) {
  MapBuilder builder(arena);
  const auto fail = [&](EvaluationErrorCode code, std::string_view message) {
    return Value::Error(arena.New<EvaluationError>(EvaluationError{code, message, 0}));
  };
  for (const MapEntry& entry : entries) switch (builder.Add(entry.key, entry.value)) {
      case MapBuilder::Outcome::kAdded: break;
      case MapBuilder::Outcome::kNoKey:
        return fail(EvaluationErrorCode::kInvalidArgument, "unsupported key type");
      case MapBuilder::Outcome::kDuplicate:
        return fail(EvaluationErrorCode::kDuplicateKey, "repeated key");
    }
  return builder.Build();
}

}  // namespace strongroom::cel
