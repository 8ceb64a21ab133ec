// system.mergeMap, system.unique and print.
#include <algorithm>
#include <set>
#include <vector>

#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

// The entries of the first in their order, with the second's values where both have a key, then
// what the second has alone.
Value MergeMap(const Call& call) {
  const Value& first = call[0];
  const Value& second = call[1];
  if (!call.budget.Charge(first.Size() + second.Size())) return Value::Null();
  std::vector<cel::MapEntry> entries;
  cel::MapCursor old(first);
  while (auto entry = old.Next(call.arena)) {
    const Value changed = second.Find(entry->key, call.arena);
    entries.push_back({entry->key, changed.absent() ? entry->value : changed});
  }
  cel::MapCursor added(second);
  while (auto entry = added.Next(call.arena))
    if (first.Find(entry->key, call.arena).absent()) entries.push_back(*entry);
  const auto kept = call.arena.NewArray<cel::MapEntry>(entries.size());
  std::ranges::copy(entries, kept.begin());
  return Value::Map(kept);
}

Value Unique(const Call& call) {
  if (!call.budget.Charge(call[0].Size())) return Value::Null();
  std::set<base::Uuid> seen;
  std::vector<Value> kept;
  for (std::size_t i = 0; i < call[0].Size(); ++i) {
    const Value element = call[0].At(i, call.arena);
    const base::Uuid* id = AsUuid(element);
    if (id == nullptr)
      return call.Fail(cel::EvaluationErrorCode::kNoSuchOverload, "only UUIDs can be made unique");
    if (seen.insert(*id).second) kept.push_back(element);
  }
  const auto elements = call.arena.NewArray<Value>(kept.size());
  std::ranges::copy(kept, elements.begin());
  return Value::List(elements);
}

}  // namespace

void AddSystemFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(builder,
                    {{"system.mergeMap(map(K, V), map(K, V)): map(K, V)", MergeMap,
                      "both maps in one; where both have a key, the second's value",
                      "system.mergeMap({'a': 1, 'b': 1}, {'b': 2}) == {'a': 1, 'b': 2}"},
                     {"system.unique(list(uuid)): list(uuid)", Unique, "without what came before",
                      "system.unique([uuid('30313233-3435-3637-3839-616263646566'), "
                      "uuid('30313233-3435-3637-3839-616263646566')]).size() == 1"},
                     // Values of documents don't go to logs, so there is nowhere to print to.
                     {"print(string, T): T", [](const Call& c) { return c[1]; },
                      "the second argument; nothing is printed", "print('total', 1) == 1"}});
}

}  // namespace strongroom::scalars
