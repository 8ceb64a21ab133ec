#include <algorithm>

#include "cel/env.h"
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
  const Type list = Type::List(Type::Param("T"));
  const auto add = [&](std::string_view name, std::string_view id, Callback callback,
                       std::string_view description, std::string_view example) {
    builder.Function(name, {.id = std::string(id),
                            .parameters = {list, list},
                            .result = Type::Bool(),
                            .callback = std::move(callback),
                            .description = std::string(description),
                            .example = std::string(example)});
  };
  add("sets.contains", "list_sets_contains_list", Contains,
      "whether the first list holds every element of the second",
      "sets.contains([1, 2, 3, 4], [2, 3]) && !sets.contains([1], [1, 2])");
  add("sets.equivalent", "list_sets_equivalent_list", Equivalent,
      "whether each list holds every element of the other",
      "sets.equivalent([1, 2, 2], [2u, 1.0])");
  add("sets.intersects", "list_sets_intersects_list", Intersects,
      "whether the lists have an element in common",
      "sets.intersects([1, 2], [2, 3]) && !sets.intersects([1], [])");
}

}  // namespace strongroom::cel
