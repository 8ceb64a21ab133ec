#include "graphql/rules/conflict_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace strongroom::graphql::rules {

namespace {

// Messages and locations stay bounded however many subfields conflict.
constexpr std::size_t kDetailMax = 1000;
constexpr std::size_t kFieldsMax = 20;

void AddFields(std::vector<const Selection*>& fields, const std::vector<const Selection*>& more) {
  // From the end, where the deeper fields are.
  const std::size_t room = kFieldsMax - fields.size();
  const auto skipped = static_cast<std::ptrdiff_t>(more.size() > room ? more.size() - room : 0);
  fields.insert(fields.end(), more.begin() + skipped, more.end());
}

// The conflicts of subfields as one of the fields around them.
Conflict Combine(std::string_view key, const Selection& left, const Selection& right,
                 const std::vector<Conflict>& below) {
  Conflict conflict{key, {}, {&left}, {&right}};
  for (const Conflict& inner : below) {
    conflict.reason +=
        fmt::format("{}subfields \"{}\" conflict because {}",
                    conflict.reason.empty() ? "" : " and ", Abbreviated(inner.key), inner.reason);
    if (conflict.reason.size() > kDetailMax) break;
  }
  conflict.reason = Abbreviated(conflict.reason);
  for (const Conflict& inner : below) {
    if (conflict.left.size() < kFieldsMax) AddFields(conflict.left, inner.left);
    if (conflict.right.size() < kFieldsMax) AddFields(conflict.right, inner.right);
  }
  return conflict;
}

bool IsPlainLeaf(const Selection& field) {
  return field.arguments.empty() && field.selection_set == nullptr;
}

const Type* TypeOf(const FieldEntry& entry) {
  return entry.field == nullptr ? nullptr : entry.field->type;
}

}  // namespace

std::string Abbreviated(std::string_view text) {
  if (text.size() <= kDetailMax) return std::string(text);
  return fmt::format("{}...", text.substr(0, kDetailMax));
}

// More than can be reported need not be kept, but is looked for: it decides what is compared later.
void ConflictFinder::Keep(Conflict conflict, Conflicts& out) const {
  const std::size_t kept_max = std::max(context_.options().errors_max + 1, kDetailMax);
  if (out.size() < kept_max) out.push_back(std::move(conflict));
}

void ConflictFinder::Spend(std::size_t cost) {
  spent_ = spent_ || cost > budget_;
  if (!spent_) budget_ -= cost;
}

ConflictFinder::Collected& ConflictFinder::Collect(const NamedType* parent,
                                                   const SelectionSet& set) {
  std::unique_ptr<Collected>& collected = collected_[{parent, &set}];
  if (collected != nullptr) return *collected;
  collected = std::make_unique<Collected>();
  std::unordered_set<std::string_view> known;
  CollectFields(context_, parent, set, collected->fields, [&](const Selection& spread) {
    if (known.insert(spread.name.text).second) collected->spreads.push_back(spread.name.text);
  });
  return *collected;
}

ConflictFinder::Collected* ConflictFinder::CollectFragment(std::string_view name) {
  const FragmentDefinition* fragment = context_.fragments().Find(name);
  if (fragment == nullptr) return nullptr;
  const NamedType* type = context_.schema().FindType(fragment->type_condition.text);
  return &Collect(type, *fragment->selection_set);
}

std::optional<std::vector<Conflict>> ConflictFinder::Within(const NamedType* parent,
                                                            const SelectionSet& set) {
  Conflicts conflicts;
  Collected& collected = Collect(parent, set);
  CompareWithin(collected.fields, conflicts);
  if (!collected.fields.empty() || collected.spreads.size() > 1) {
    for (std::size_t i = 0; i < collected.spreads.size(); ++i) {
      CompareWithFragment(collected, collected.spreads[i], false, conflicts);
      for (std::size_t j = i + 1; j < collected.spreads.size(); ++j) {
        CompareFragments(collected.spreads[i], collected.spreads[j], false, conflicts);
      }
    }
  }
  if (spent_) return std::nullopt;
  return conflicts;
}

void ConflictFinder::CompareWithin(const FieldGroups& fields, Conflicts& out) {
  for (const FieldGroup& group : fields.groups()) {
    for (std::size_t i = 0; i < group.entries.size(); ++i) {
      for (std::size_t j = i + 1; j < group.entries.size(); ++j) {
        auto conflict = Compare(group.key, group.entries[i], group.entries[j], false);
        if (spent_) return;
        if (conflict) Keep(*std::move(conflict), out);
      }
    }
  }
}

void ConflictFinder::CompareFields(const Collected& left, const Collected& right, bool exclusive,
                                   Conflicts& out) {
  if (right.fields.empty()) return;
  for (const FieldGroup& group : left.fields.groups()) {
    Spend(1);
    const FieldGroup* other = right.fields.Find(group.key);
    if (other == nullptr) continue;
    for (const FieldEntry& entry : group.entries) {
      for (const FieldEntry& other_entry : other->entries) {
        auto conflict = Compare(group.key, entry, other_entry, exclusive);
        if (spent_) return;
        if (conflict) Keep(*std::move(conflict), out);
      }
    }
  }
}

void ConflictFinder::CompareWithFragment(Collected& fields, std::string_view fragment,
                                         bool exclusive, Conflicts& out) {
  Spend(1);
  if (spent_ || fields.fields.empty()) return;
  const auto [compared, is_new] = fields.compared.try_emplace(fragment, exclusive);
  if (!is_new) {
    // What was compared as exclusive has to be compared again as meeting, not the other way round.
    if (!compared->second || exclusive) return;
    compared->second = exclusive;
  }
  Collected* inside = CollectFragment(fragment);
  if (inside == nullptr || inside == &fields) return;
  CompareFields(fields, *inside, exclusive, out);
  for (const std::string_view name : inside->spreads) {
    CompareWithFragment(fields, name, exclusive, out);
  }
}

// Whether the pair was compared before, in this way or in the stricter one. Remembers it.
bool ConflictFinder::WereCompared(std::string_view left, std::string_view right, bool exclusive) {
  for (const auto& pair : {std::pair(left, right), std::pair(right, left)}) {
    const auto found = compared_.find(pair);
    if (found != compared_.end() && (exclusive || !found->second)) return true;
  }
  compared_[{left, right}] = exclusive;
  return false;
}

void ConflictFinder::CompareFragments(std::string_view left, std::string_view right, bool exclusive,
                                      Conflicts& out) {
  Spend(2);
  if (spent_ || left == right || WereCompared(left, right, exclusive)) return;
  Collected* left_fields = CollectFragment(left);
  Collected* right_fields = CollectFragment(right);
  if (left_fields == nullptr || right_fields == nullptr) return;
  CompareFields(*left_fields, *right_fields, exclusive, out);
  for (const std::string_view name : right_fields->spreads) {
    CompareFragments(left, name, exclusive, out);
  }
  for (const std::string_view name : left_fields->spreads) {
    CompareFragments(name, right, exclusive, out);
  }
}

ConflictFinder::Conflicts ConflictFinder::CompareBelow(const FieldEntry& left,
                                                       const FieldEntry& right, bool exclusive) {
  const auto named = [](const FieldEntry& entry) {
    return entry.field == nullptr ? nullptr : entry.field->type->named;
  };
  Conflicts conflicts;
  Collected& left_fields = Collect(named(left), *left.node->selection_set);
  Collected& right_fields = Collect(named(right), *right.node->selection_set);
  CompareFields(left_fields, right_fields, exclusive, conflicts);
  for (const std::string_view name : right_fields.spreads) {
    CompareWithFragment(left_fields, name, exclusive, conflicts);
  }
  for (const std::string_view name : left_fields.spreads) {
    CompareWithFragment(right_fields, name, exclusive, conflicts);
  }
  for (const std::string_view left_name : left_fields.spreads) {
    for (const std::string_view right_name : right_fields.spreads) {
      CompareFragments(left_name, right_name, exclusive, conflicts);
    }
  }
  return conflicts;
}

std::optional<Conflict> ConflictFinder::Compare(std::string_view key, const FieldEntry& left,
                                                const FieldEntry& right, bool exclusive) {
  exclusive = exclusive || AreExclusive(left.parent, right.parent);
  const std::string_view left_name = left.node->name.text;
  const std::string_view right_name = right.node->name.text;
  const Type* left_type = TypeOf(left);
  const Type* right_type = TypeOf(right);
  Spend(2);
  if (spent_) return std::nullopt;
  if (IsPlainLeaf(*left.node) && IsPlainLeaf(*right.node) && left_type == right_type &&
      left_name == right_name) {
    return std::nullopt;
  }
  const auto conflict = [&](std::string reason) {
    return Conflict{key, std::move(reason), {left.node}, {right.node}};
  };
  if (!exclusive && left_name != right_name) {
    return conflict(fmt::format("\"{}\" and \"{}\" are different fields", Abbreviated(left_name),
                                Abbreviated(right_name)));
  }
  if (!exclusive) {
    Spend(left.node->arguments.size());
    if (!texts_.SameArguments(*left.node, *right.node)) {
      return conflict("they have differing arguments");
    }
  }
  if (left_type != nullptr && right_type != nullptr && TypesConflict(*left_type, *right_type)) {
    return conflict(fmt::format("they return conflicting types \"{}\" and \"{}\"", left_type->text,
                                right_type->text));
  }
  if (left.node->selection_set == nullptr || right.node->selection_set == nullptr) {
    return std::nullopt;
  }
  const Conflicts below = CompareBelow(left, right, exclusive);
  if (below.empty()) return std::nullopt;
  return Combine(key, *left.node, *right.node, below);
}

}  // namespace strongroom::graphql::rules
