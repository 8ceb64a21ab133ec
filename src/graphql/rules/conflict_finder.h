// Finds conflicts between fields pair by pair, in the order and with the words of graphql-js.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/rules/field_sets.h"

namespace strongroom::graphql::rules {

struct Conflict {
  std::string_view key;
  std::string reason;
  std::vector<const Selection*> left, right;
};

// The first thousand characters.
std::string Abbreviated(std::string_view text);

class ConflictFinder {
 public:
  explicit ConflictFinder(Context& context) : context_(context) {}

  // The conflicts inside one selection set of the document, spread fragments included. Nothing when
  // the budget of the document is spent.
  std::optional<std::vector<Conflict>> Within(const NamedType* parent, const SelectionSet& set);

 private:
  using Conflicts = std::vector<Conflict>;

  // The fields of a selection set, and the fragments spread in it.
  struct Collected {
    FieldGroups fields;
    std::vector<std::string_view> spreads;
    std::map<std::string_view, bool> compared;  // fragment -> as exclusive
  };

  Collected& Collect(const NamedType* parent, const SelectionSet& set);
  Collected* CollectFragment(std::string_view name);
  void CompareWithin(const FieldGroups& fields, Conflicts& out);
  void CompareFields(const Collected& left, const Collected& right, bool exclusive, Conflicts& out);
  void CompareWithFragment(Collected& fields, std::string_view fragment, bool exclusive,
                           Conflicts& out);
  void CompareFragments(std::string_view left, std::string_view right, bool exclusive,
                        Conflicts& out);
  Conflicts CompareBelow(const FieldEntry& left, const FieldEntry& right, bool exclusive);
  std::optional<Conflict> Compare(std::string_view key, const FieldEntry& left,
                                  const FieldEntry& right, bool exclusive);
  bool WereCompared(std::string_view left, std::string_view right, bool exclusive);
  void Keep(Conflict conflict, Conflicts& out) const;
  void Spend(std::size_t cost);

  Context& context_;
  CanonicalTexts texts_;
  std::map<std::pair<const NamedType*, const SelectionSet*>, std::unique_ptr<Collected>> collected_;
  std::map<std::pair<std::string_view, std::string_view>, bool> compared_;
  std::size_t budget_ = 500'000;  // comparisons for a document, as in graphql-js
  bool spent_ = false;
};

}  // namespace strongroom::graphql::rules
