// Maps made while evaluating, with what the language asks of their keys.
#pragma once

#include <span>
#include <vector>

#include "cel/arena.h"
#include "cel/value.h"

namespace strongroom::cel {

// Keys are bools, ints, uints and strings; equal numbers are one key, whatever their kinds.
bool IsKey(const Value& value);

// Collects entries; the map lives in the arena.
class MapBuilder {
 public:
  explicit MapBuilder(Arena& arena) : arena_(arena) {}

  enum class Outcome { kAdded, kNoKey, kDuplicate };
  Outcome Add(const Value& key, const Value& value);
  std::size_t size() const { return entries_.size(); }
  Value Build() const;

 private:
  bool Holds(const Value& key) const;
  void Index(std::size_t entry);

  Arena& arena_;
  std::vector<MapEntry> entries_;
  // Places in entries_ plus one, by hash; empty while a search through all is quicker.
  std::vector<std::uint32_t> places_;
};

// The map of `entries`, or an error value (kInvalidArgument for what is no key, kDuplicateKey).
Value MakeMap(std::span<const MapEntry> entries, Arena& arena);

}  // namespace strongroom::cel
