#include "ledger/predicate.h"

#include <algorithm>
#include <compare>

#include "ledger/input.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

using Operator = FilterValue::Operator;

struct Comparer {
  const Value& b;

  template <typename T>
  std::weak_ordering operator()(const T& a) const {
    if constexpr (requires { a <=> a; } && !std::is_same_v<T, std::monostate>) {
      return a <=> b.Get<T>();
    } else {
      STRONGROOM_CHECK(false && "values without an order");
      return std::weak_ordering::equivalent;
    }
  }
};

std::weak_ordering Compare(const Value& a, const Value& b) {
  return std::visit(Comparer{b}, a.held);
}

std::string TextOf(const PropertySpec& spec, const Value& value) {
  if (const auto* text = value.As<std::string>(); text != nullptr) return *text;
  if (spec.type == PropertyType::kEnum) return std::string(EnumName(*spec.enumeration, value));
  if (const auto* id = value.As<base::Uuid>(); id != nullptr) return id->ToString();
  if (const auto* date = value.As<scalars::Date>(); date != nullptr) return date->ToString();
  if (const auto* number = value.As<std::int64_t>(); number != nullptr)
    return std::to_string(*number);
  return {};
}

}  // namespace

base::Result<Predicate> MakePredicate(const Ledger& ledger, PropertyIndex property,
                                      const FilterValue& filter) {
  Predicate predicate{.property = property, .op = filter.op, .value = {}, .end = {}};
  if (filter.op == Operator::kAll) return predicate;
  if (filter.op == Operator::kLike) {
    predicate.value = filter.value;
    return predicate;
  }
  const PropertySpec& spec = ledger.properties()[property];
  STRONGROOM_ASSIGN(predicate.value, ReadText(spec, filter.value));
  if (filter.op == Operator::kBetween) {
    STRONGROOM_ASSIGN(predicate.end, ReadText(spec, filter.end));
  }
  return predicate;
}

bool Holds(const Predicate& predicate, const Document& document) {
  const Value& value = document.At(predicate.property);
  if (predicate.op == Operator::kAll) return true;
  if (value.IsNull()) return false;
  if (const auto* list = value.As<ListValue>(); list != nullptr)
    return predicate.op == Operator::kEq &&
           std::ranges::any_of(*list->items, [&](const Value& item) {
             return Compare(item, predicate.value) == 0;
           });
  switch (predicate.op) {
    case Operator::kEq: return Compare(value, predicate.value) == 0;
    case Operator::kLt: return Compare(value, predicate.value) < 0;
    case Operator::kLte: return Compare(value, predicate.value) <= 0;
    case Operator::kGt: return Compare(value, predicate.value) > 0;
    case Operator::kGte: return Compare(value, predicate.value) >= 0;
    case Operator::kBetween:
      return Compare(value, predicate.value) >= 0 && Compare(value, predicate.end) <= 0;
    case Operator::kLike: {
      const PropertySpec& spec = document.ledger().properties()[predicate.property];
      return TextOf(spec, value).starts_with(predicate.value.Get<std::string>());
    }
    case Operator::kAll: break;
  }
  return true;
}

storage::KeyRange RangeOf(const Ledger& ledger, const Predicate& predicate, bool descending,
                          const std::string& prefix) {
  const PropertySpec& spec = ledger.properties()[predicate.property];
  storage::KeyRange range = storage::PrefixRange(prefix);
  // All keys with this value; an order that descends turns the sides around.
  const auto keys_of = [&](const Value& value) {
    std::string key = prefix;
    AppendOrdered(spec, value, descending, key);
    return storage::PrefixRange(key);
  };
  const auto from = [&](const Value& value, bool inclusive) {
    const storage::KeyRange at = keys_of(value);
    if (descending)
      range.end = inclusive ? at.end : at.begin;
    else
      range.begin = inclusive ? at.begin : at.end;
  };
  const auto to = [&](const Value& value, bool inclusive) {
    const storage::KeyRange at = keys_of(value);
    if (descending)
      range.begin = inclusive ? at.begin : at.end;
    else
      range.end = inclusive ? at.end : at.begin;
  };
  switch (predicate.op) {
    case Operator::kEq: return keys_of(predicate.value);
    case Operator::kLt: to(predicate.value, false); break;
    case Operator::kLte: to(predicate.value, true); break;
    case Operator::kGt: from(predicate.value, false); break;
    case Operator::kGte: from(predicate.value, true); break;
    case Operator::kBetween:
      from(predicate.value, true);
      to(predicate.end, true);
      if (range.begin > range.end) range.begin = range.end;
      break;
    case Operator::kLike: {
      if (spec.type != PropertyType::kString) break;
      std::string key = prefix;
      AppendOrdered(spec, predicate.value, descending, key);
      constexpr std::size_t kTextEndBytes = 2;  // storage/key.h
      key.resize(key.size() - kTextEndBytes);
      return storage::PrefixRange(key);
    }
    case Operator::kAll: break;
  }
  return range;
}

}  // namespace strongroom::ledger
