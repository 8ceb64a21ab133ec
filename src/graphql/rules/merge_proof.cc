#include "graphql/rules/merge_proof.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include "graphql/rules/field_sets.h"

namespace strongroom::graphql::rules {

namespace {

constexpr std::size_t kWorkMax = 100'000;  // fields and spreads looked at

// A selection set as it stands on a type.
struct Source {
  const NamedType* parent;
  const SelectionSet* set;
  auto operator<=>(const Source&) const = default;
};

// Selection sets that merge into one. `shape_only`: they stand on types that exclude each other, so
// only the types of their fields must agree.
struct Merge {
  std::vector<Source> sources;  // ascending, each once
  bool shape_only;
  auto operator<=>(const Merge&) const = default;
};

class Proof {
 public:
  explicit Proof(Context& context) : context_(context) {}

  void Add(const NamedType* parent, const SelectionSet& set) { Add({{{parent, &set}}, false}); }

  // A list of what is left to do, not recursion: fragments may nest as deep as the document is
  // long, and cycles end because every merge is looked at once.
  bool Holds() {
    while (!pending_.empty()) {
      const Merge* merge = pending_.back();
      pending_.pop_back();
      if (!Check(*merge)) return false;
    }
    return true;
  }

 private:
  using Entries = std::vector<const FieldEntry*>;

  void Add(Merge merge) {
    if (merge.sources.empty()) return;
    std::ranges::sort(merge.sources);
    merge.sources.erase(std::unique(merge.sources.begin(), merge.sources.end()),
                        merge.sources.end());
    const auto [added, is_new] = known_.insert(std::move(merge));
    if (is_new) pending_.push_back(&*added);
  }

  bool Check(const Merge& merge) {
    FieldGroups groups;
    std::unordered_set<std::string_view> spread;
    std::vector<Source> pending = merge.sources;
    while (!pending.empty()) {
      const Source source = pending.back();
      pending.pop_back();
      CollectFields(context_, source.parent, *source.set, groups, [&](const Selection& selection) {
        ++work_;
        if (!spread.insert(selection.name.text).second) return;
        const FragmentDefinition* fragment = context_.fragments().Find(selection.name.text);
        if (fragment == nullptr) return;
        pending.push_back(
            {context_.schema().FindType(fragment->type_condition.text), fragment->selection_set});
      });
    }
    return std::ranges::all_of(groups.groups(), [&](const FieldGroup& group) {
      return CheckGroup(group, merge.shape_only);
    });
  }

  bool CheckGroup(const FieldGroup& group, bool shape_only) {
    work_ += group.entries.size();
    if (work_ > kWorkMax) return false;
    Entries all;
    for (const FieldEntry& entry : group.entries) all.push_back(&entry);
    if (!HaveSameShape(all)) return false;
    if (shape_only) {
      MergeBelow(all, true);
      return true;
    }
    Entries abstract;  // fields that may meet every other
    std::map<const NamedType*, Entries> by_object;
    for (const FieldEntry* entry : all) {
      const bool on_object = entry->parent != nullptr && entry->parent->kind == TypeKind::kObject;
      (on_object ? by_object[entry->parent] : abstract).push_back(entry);
    }
    if (by_object.size() <= 1) {
      MergeBelow(all, false);
      return AreSameCalls(all);
    }
    for (auto& [object, entries] : by_object) {
      entries.insert(entries.end(), abstract.begin(), abstract.end());
      if (!AreSameCalls(entries)) return false;
      MergeBelow(entries, false);
    }
    MergeBelow(all, true);
    return true;
  }

  // Agreement of types is transitive, so one comparison for each field is enough.
  static bool HaveSameShape(const Entries& entries) {
    const Type* first = nullptr;
    for (const FieldEntry* entry : entries) {
      if (entry->field == nullptr) continue;
      if (first == nullptr) first = entry->field->type;
      if (first != entry->field->type && TypesConflict(*first, *entry->field->type)) return false;
    }
    return true;
  }

  bool AreSameCalls(const Entries& entries) {
    if (entries.size() < 2) return true;
    const Selection& first = *entries[0]->node;
    return std::ranges::all_of(entries, [&](const FieldEntry* entry) {
      // In both directions: with an argument given twice, sameness has one.
      return entry->node->name.text == first.name.text &&
             texts_.SameArguments(first, *entry->node) && texts_.SameArguments(*entry->node, first);
    });
  }

  void MergeBelow(const Entries& entries, bool shape_only) {
    Merge merge{{}, shape_only};
    for (const FieldEntry* entry : entries) {
      if (entry->node->selection_set == nullptr) continue;
      const FieldType* field = entry->field;
      if (field == nullptr && entry->parent != nullptr && entry->parent->IsComposite()) {
        field = context_.schema().FindField(*entry->parent, entry->node->name.text);
      }
      merge.sources.push_back(
          {field == nullptr ? nullptr : field->type->named, entry->node->selection_set});
    }
    Add(std::move(merge));
  }

  Context& context_;
  CanonicalTexts texts_;
  std::set<Merge> known_;
  std::vector<const Merge*> pending_;
  std::size_t work_ = 0;
};

}  // namespace

bool FieldsProvablyMerge(Context& context, const Document& document) {
  Proof proof(context);
  std::vector<const SelectionSet*> roots;
  for (const Definition& definition : document.definitions()) {
    const OperationDefinition* operation = definition.operation;
    if (operation == nullptr) continue;
    proof.Add(context.schema().Root(operation->kind), *operation->selection_set);
    roots.push_back(operation->selection_set);
  }
  // What an operation reaches merges into sets that hold all of it.
  const auto reachable = context.fragments().Reachable(roots);
  const std::unordered_set<const FragmentDefinition*> reached(reachable.begin(), reachable.end());
  for (const Definition& definition : document.definitions()) {
    const FragmentDefinition* fragment = definition.fragment;
    if (fragment == nullptr || reached.contains(fragment)) continue;
    proof.Add(context.schema().FindType(fragment->type_condition.text), *fragment->selection_set);
  }
  return proof.Holds();
}

}  // namespace strongroom::graphql::rules
