// Conditions on one property, as filters give them. Internal.
#pragma once

#include <string>
#include <string_view>

#include "ledger/document.h"
#include "ledger/list.h"

namespace strongroom::ledger {

struct Predicate {
  PropertyIndex property = 0;
  FilterValue::Operator op = FilterValue::Operator::kAll;
  Value value;        // of kLike: the text
  Value end;          // of kBetween
  bool given = true;  // by the caller, and not by the list itself
};

// Errors in the wording of behaviour §3: "journal status enum 'FOO' not found".
base::Result<Predicate> MakePredicate(const Ledger& ledger, PropertyIndex property,
                                      const FilterValue& filter);
// A null fulfils kAll only; a list fulfils kEq by one of its items.
bool Holds(const Predicate& predicate, const Document& document);

// Keys that start with `begin`, cut to those that may fulfil the predicate, when the next part of
// the key is its property. Holds decides all the same.
storage::KeyRange RangeOf(const Ledger& ledger, const Predicate& predicate, bool descending,
                          const std::string& prefix);

}  // namespace strongroom::ledger
