#include <algorithm>
#include <vector>

#include "cel/lib/function_table.h"
#include "cel/lib/libraries.h"
#include "cel/value_equal.h"

namespace strongroom::cel {
namespace {

Value MakeList(const Call& call, std::span<const Value> elements) {
  const auto kept = call.arena.NewArray<Value>(elements.size());
  std::ranges::copy(elements, kept.begin());
  return Value::List(kept);
}

std::vector<Value> Elements(const Call& call) {
  std::vector<Value> elements(call[0].Size());
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = call[0].At(i, call.arena);
  return elements;
}

Value Slice(const Call& call) {
  const std::int64_t start = call[1].AsInt();
  const std::int64_t end = call[2].AsInt();
  if (start < 0 || start > end || static_cast<std::uint64_t>(end) > call[0].Size())
    return call.Fail(EvaluationErrorCode::kOutOfRange,
                     "can't slice from " + std::to_string(start) + " to " + std::to_string(end) +
                         ": the list has " + std::to_string(call[0].Size()) + " elements");
  const auto count = static_cast<std::size_t>(end - start);
  if (!call.budget.Charge(count)) return Value::Null();
  const auto kept = call.arena.NewArray<Value>(count);
  for (std::size_t i = 0; i < count; ++i)
    kept[i] = call[0].At(static_cast<std::size_t>(start) + i, call.arena);
  return Value::List(kept);
}

// False when the budget is spent.
bool FlattenInto(const Call& call, const Value& list, std::int64_t depth,
                 std::vector<Value>& flat) {
  if (!call.budget.Charge(list.Size())) return false;
  for (std::size_t i = 0; i < list.Size(); ++i) {
    const Value element = list.At(i, call.arena);
    if (depth == 0 || !element.is(Kind::kList)) {
      flat.push_back(element);
    } else if (!FlattenInto(call, element, depth - 1, flat)) {
      return false;
    }
  }
  return true;
}

Value Flatten(const Call& call) {
  const std::int64_t depth = call.arguments.size() == 2 ? call[1].AsInt() : 1;
  if (depth < 0) return call.Invalid("the depth of flatten is negative");
  std::vector<Value> flat;
  if (!FlattenInto(call, call[0], depth, flat)) return Value::Null();
  return MakeList(call, flat);
}

std::uint64_t SortCost(std::size_t count) {
  std::uint64_t rounds = 1;
  for (std::size_t rest = count; rest > 1; rest /= 2) ++rounds;
  return count * rounds;
}

Value Sort(const Call& call) {
  if (!call.budget.Charge(SortCost(call[0].Size()))) return Value::Null();
  std::vector<Value> elements = Elements(call);
  // One kind, and no NaN: then the order is total.
  for (const Value& element : elements) {
    const auto order = Compare(element, element);
    if (element.kind() != elements[0].kind() || !order || *order != 0)
      return call.Invalid("a list can be sorted when its elements are of one type with an order");
  }
  std::ranges::stable_sort(elements, [](const Value& a, const Value& b) {
    const auto order = Compare(a, b);
    return order && *order < 0;
  });
  return MakeList(call, elements);
}

Value Distinct(const Call& call) {
  std::vector<Value> kept;
  for (const Value& element : Elements(call)) {
    if (!call.budget.Charge(kept.size() + 1)) return Value::Null();
    const bool known = std::ranges::any_of(kept, [&](const Value& other) {
      return EqualCharged(element, other, call.arena, call.budget);
    });
    if (!known) kept.push_back(element);
  }
  return MakeList(call, kept);
}

Value Reverse(const Call& call) {
  if (!call.budget.Charge(call[0].Size())) return Value::Null();
  std::vector<Value> elements = Elements(call);
  std::ranges::reverse(elements);
  return MakeList(call, elements);
}

template <bool kFirst>
Value End(const Call& call) {
  const std::size_t size = call[0].Size();
  if (size == 0) return Value::None();
  return Value::Some(call.arena.New<Value>(call[0].At(kFirst ? 0 : size - 1, call.arena)));
}

Value Range(const Call& call) {
  const std::int64_t count = call[0].AsInt();
  if (count < 0) return call.Invalid("the length of a range is negative");
  if (!call.budget.Charge(static_cast<std::uint64_t>(count))) return Value::Null();
  const auto numbers = call.arena.NewArray<Value>(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = Value::Int(i);
  return Value::List(numbers);
}

}  // namespace

void AddLists(EnvBuilder& builder) {
  AddFunctions(
      builder,
      {{"(list(T)).slice(int, int): list(T)", Slice,
        "the elements from one position to before another", "[1, 2, 3, 4].slice(1, 3) == [2, 3]"},
       {"(list(list(T))).flatten(): list(T)", Flatten,
        "with the elements of its lists in their place", "[[1, 2], [3]].flatten() == [1, 2, 3]"},
       {"(list(dyn)).flatten(int): list(dyn)", Flatten,
        "with the elements of lists to a depth in their place",
        "[1, [2, [3]]].flatten(2) == [1, 2, 3]"},
       {"(list(T)).sort(): list(T)", Sort, "in ascending order", "[3, 1, 2].sort() == [1, 2, 3]"},
       {"(list(T)).distinct(): list(T)", Distinct, "without what came before",
        "[1, 2, 1].distinct() == [1, 2]"},
       {"(list(T)).reverse(): list(T)", Reverse, "in opposite order",
        "[1, 2, 3].reverse() == [3, 2, 1]"},
       {"(list(T)).first(): optional(T)", End<true>, "the first element, if there is one",
        "[1, 2].first().value() == 1"},
       {"(list(T)).last(): optional(T)", End<false>, "the last element, if there is one",
        "[1, 2].last().value() == 2"},
       {"lists.range(int): list(int)", Range, "so many whole numbers from 0 on",
        "lists.range(3) == [0, 1, 2]"}});
}

}  // namespace strongroom::cel
