#include "ledger/value.h"

#include <boost/json.hpp>

namespace strongroom::ledger {
namespace {

bool IdenticalLists(const Values& a, const Values& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!Identical(a[i], b[i])) return false;
  return true;
}

struct SameHeld {
  const Value& b;

  bool operator()(std::monostate) const { return true; }
  bool operator()(const scalars::Decimal& a) const {
    return a.IdenticalTo(b.Get<scalars::Decimal>());
  }
  bool operator()(const scalars::Money& a) const {
    const auto& other = b.Get<scalars::Money>();
    return a.currency == other.currency && a.units.IdenticalTo(other.units);
  }
  bool operator()(const JsonValue& a) const { return *a.json == *b.Get<JsonValue>().json; }
  bool operator()(const RecordValue& a) const {
    return IdenticalLists(*a.fields, *b.Get<RecordValue>().fields);
  }
  bool operator()(const ListValue& a) const {
    return IdenticalLists(*a.items, *b.Get<ListValue>().items);
  }
  template <typename T>
  bool operator()(const T& a) const {
    return a == b.Get<T>();
  }
};

}  // namespace

Value MakeRecord(Values fields) {
  return RecordValue{std::make_shared<const Values>(std::move(fields))};
}

Value MakeList(Values items) { return ListValue{std::make_shared<const Values>(std::move(items))}; }

Value MakeJson(boost::json::value json) {
  return JsonValue{std::make_shared<const boost::json::value>(std::move(json))};
}

bool Identical(const Value& a, const Value& b) {
  return a.held.index() == b.held.index() && std::visit(SameHeld{b}, a.held);
}

std::string_view EnumName(const EnumSpec& spec, const Value& value) {
  const auto number = static_cast<std::size_t>(value.Get<std::int64_t>());
  STRONGROOM_CHECK(number < spec.values.size());
  return spec.values[number].name;
}

}  // namespace strongroom::ledger
