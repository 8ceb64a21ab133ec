#include <algorithm>

#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"

namespace strongroom::cel {
namespace {

bool Holds(const Value& list, const Value& wanted, Arena& arena) {
  for (std::size_t i = 0; i < list.Size(); ++i)
    if (Equal(list.At(i, arena), wanted, arena)) return true;
  return false;
}

bool HoldsAll(const Value& list, const Value& wanted, Arena& arena) {
  for (std::size_t i = 0; i < wanted.Size(); ++i)
    if (!Holds(list, wanted.At(i, arena), arena)) return false;
  return true;
}

// Every element is compared with every other.
bool ChargeProduct(const Call& call) { return call.budget.Charge(call[0].Size() * call[1].Size()); }

Value Contains(const Call& call) {
  if (!ChargeProduct(call)) return Value::Null();
  return Value::Bool(HoldsAll(call[0], call[1], call.arena));
}

Value Equivalent(const Call& call) {
  if (!ChargeProduct(call) || !ChargeProduct(call)) return Value::Null();
  return Value::Bool(HoldsAll(call[0], call[1], call.arena) &&
                     HoldsAll(call[1], call[0], call.arena));
}

Value Intersects(const Call& call) {
  if (!ChargeProduct(call)) return Value::Null();
  for (std::size_t i = 0; i < call[1].Size(); ++i)
    if (Holds(call[0], call[1].At(i, call.arena), call.arena)) return Value::Bool(true);
  return Value::Bool(false);
}

}  // namespace

void AddSets(EnvBuilder& builder) {
  AddFunctions(builder, {{"sets.contains(list(T), list(T)): bool", Contains,
                          "whether the first list holds every element of the second",
                          "sets.contains([1, 2, 3, 4], [2, 3]) && !sets.contains([1], [1, 2])"},
                         {"sets.equivalent(list(T), list(T)): bool", Equivalent,
                          "whether each list holds every element of the other",
                          "sets.equivalent([1, 2, 2], [2u, 1.0])"},
                         {"sets.intersects(list(T), list(T)): bool", Intersects,
                          "whether the lists have an element in common",
                          "sets.intersects([1, 2], [2, 3]) && !sets.intersects([1], [])"}});
}

}  // namespace strongroom::cel
