#include <algorithm>

#include "base/check.h"
#include "ledger/catalog/catalog.h"
#include "ledger/catalog/cel_types.h"

namespace strongroom::ledger {
namespace {

// The position of `item` among those of `items` that have a resource.
template <typename Spec, typename Counts>
std::uint16_t Position(std::span<const Spec> items, const Spec& item, Counts counts) {
  std::uint16_t position = 0;
  for (const Spec& each : items) {
    if (&each == &item) return position;
    if (counts(each)) ++position;
  }
  STRONGROOM_CHECK(false && "the declaration is of another ledger");
  return position;
}

template <typename Spec>
const Spec* FindByName(std::span<const Spec> items, std::string_view name) {
  const auto found = std::ranges::find(items, name, &Spec::name);
  return found == items.end() ? nullptr : &*found;
}

bool HasRight(const IndexSpec& index) { return !index.internal; }

}  // namespace

std::uint16_t StoredTag(std::string_view name) {
  // FNV-1a, folded.
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return static_cast<std::uint16_t>((hash >> 16) ^ hash);
}

Ledger::Ledger(const LedgerSpec& spec)
    : spec_(spec), full_name_(std::string(spec.space) + "." + std::string(spec.name)) {
  for (PropertyIndex i = 0; i < spec.properties.size(); ++i) {
    const PropertySpec& property = spec.properties[i];
    STRONGROOM_CHECK(by_name_.emplace(property.name, i).second);
    STRONGROOM_CHECK(by_tag_.emplace(StoredTag(property.name), i).second);
    if (property.internal) continue;
    STRONGROOM_CHECK(public_count_ == i && "internal properties come last");
    ++public_count_;
  }
  for (const std::string_view name : spec.key) key_.push_back(At(name));
  if (HasDocuments()) {
    created_ = At("created");
    modified_ = At("modified");
    version_ = At("version");
    record_id_ = At("record_id");
    document_type_ = MakeDocumentType(*this);
  }
  first_index_ = static_cast<std::uint16_t>(public_count_);
  first_join_ =
      static_cast<std::uint16_t>(first_index_ + std::ranges::count_if(spec.indexes, HasRight));
  first_reference_ = static_cast<std::uint16_t>(first_join_ + spec.joins.size());
}

PropertyIndex Ledger::At(std::string_view name) const {
  const auto found = Find(name);
  STRONGROOM_CHECK(found.has_value());
  return *found;
}

std::optional<PropertyIndex> Ledger::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<PropertyIndex> Ledger::FindTag(std::uint16_t tag) const {
  const auto found = by_tag_.find(tag);
  if (found == by_tag_.end()) return std::nullopt;
  return found->second;
}

const IndexSpec* Ledger::FindIndex(std::string_view name) const {
  return FindByName(spec_.indexes, name);
}

const IndexSpec* Ledger::FindIndexByEnum(std::string_view enum_name) const {
  const auto found = std::ranges::find(spec_.indexes, enum_name, &IndexSpec::enum_name);
  return enum_name.empty() || found == spec_.indexes.end() ? nullptr : &*found;
}

const JoinSpec* Ledger::FindJoin(std::string_view name) const {
  return FindByName(spec_.joins, name);
}

const ReferenceSpec* Ledger::FindReference(std::string_view property) const {
  const auto found = std::ranges::find(spec_.references, property, &ReferenceSpec::property);
  return found == spec_.references.end() ? nullptr : &*found;
}

authz::ResourceId Ledger::Right(const IndexSpec& index) const {
  STRONGROOM_CHECK(HasRight(index));
  return {static_cast<std::uint16_t>(first_index_ + Position(spec_.indexes, index, HasRight))};
}

authz::ResourceId Ledger::Right(const JoinSpec& join) const {
  const auto all = [](const JoinSpec&) { return true; };
  return {static_cast<std::uint16_t>(first_join_ + Position(spec_.joins, join, all))};
}

authz::ResourceId Ledger::Right(const ReferenceSpec& reference) const {
  const auto all = [](const ReferenceSpec&) { return true; };
  return {
      static_cast<std::uint16_t>(first_reference_ + Position(spec_.references, reference, all))};
}

}  // namespace strongroom::ledger
