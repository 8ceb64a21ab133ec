#include <algorithm>

#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"
#include "cel/value_equal.h"

namespace strongroom::cel {
namespace {

bool Holds(const Call& call, const Value& list, const Value& wanted) {
  for (std::size_t i = 0; i < list.Size(); ++i)
    if (EqualCharged(list.At(i, call.arena), wanted, call.arena, call.budget)) return true;
  return false;
}

bool HoldsAll(const Call& call, const Value& list, const Value& wanted) {
  for (std::size_t i = 0; i < wanted.Size(); ++i)
    if (!Holds(call, list, wanted.At(i, call.arena))) return false;
  return true;
}

// Every element is compared with every other.
bool ChargeProduct(const Call& call) { return call.budget.Charge(call[0].Size() * call[1].Size()); }

Value Contains(const Call& call) {
  if (!ChargeProduct(call)) return Value::Null();
  return Value::Bool(HoldsAll(call, call[0], call[1]));
}

Value Equivalent(const Call& call) {
  if (!ChargeProduct(call) || !ChargeProduct(call)) return Value::Null();
  return Value::Bool(HoldsAll(call, call[0], call[1]) && HoldsAll(call, call[1], call[0]));
}

Value Intersects(const Call& call) {
  if (!ChargeProduct(call)) return Value::Null();
  for (std::size_t i = 0; i < call[1].Size(); ++i)
    if (Holds(call, call[0], call[1].At(i, call.arena))) return Value::Bool(true);
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
