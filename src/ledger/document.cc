#include "ledger/document.h"

#include <boost/json/value.hpp>
#include <new>

#include "cel/arena.h"
#include "ledger/catalog/cel_types.h"
#include "scalars/cel_types.h"

namespace strongroom::ledger {
namespace {

// A record inside of a document. It owns nothing, so the arena may drop it.
class RecordView final : public cel::ObjectView {
 public:
  RecordView(const RecordSpec& spec, const Values& fields) : spec_(spec), fields_(fields) {}
  const cel::StructType& type() const override { return *RecordType(spec_); }
  cel::Value Get(std::size_t field, cel::Arena& arena) const override {
    return ToCel(spec_.fields[field], fields_[field], arena);
  }
  bool Has(std::size_t field) const override { return !fields_[field].IsNull(); }

 private:
  const RecordSpec& spec_;
  const Values& fields_;
};

cel::Value ListToCel(const PropertySpec& spec, const Values& items, cel::Arena& arena) {
  const auto elements = arena.NewArray<cel::Value>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) elements[i] = ToCel(spec, items[i], arena);
  return cel::Value::List(elements);
}

struct CelMaker {
  const PropertySpec& spec;
  cel::Arena& arena;

  cel::Value operator()(std::monostate) const { return cel::Value::Null(); }
  cel::Value operator()(bool value) const { return cel::Value::Bool(value); }
  cel::Value operator()(std::int64_t value) const { return cel::Value::Int(value); }
  cel::Value operator()(const std::string& value) const { return cel::Value::String(value); }
  cel::Value operator()(const base::Uuid& value) const { return scalars::ToCel(value); }
  cel::Value operator()(const scalars::Date& value) const { return scalars::ToCel(value); }
  cel::Value operator()(base::Timestamp value) const { return scalars::ToCel(value); }
  cel::Value operator()(const scalars::Decimal& value) const { return scalars::ToCel(value); }
  cel::Value operator()(const scalars::Money& value) const { return scalars::ToCel(value); }
  cel::Value operator()(const JsonValue& value) const { return cel::Value::Json(*value.json); }
  cel::Value operator()(const RecordValue& value) const {
    void* place = arena.Allocate(sizeof(RecordView), alignof(RecordView));
    return cel::Value::Object(new (place) RecordView(*spec.record, *value.fields));
  }
  cel::Value operator()(const ListValue& value) const {
    return ListToCel(spec, *value.items, arena);
  }
};

}  // namespace

cel::Value Document::Get(std::size_t field, cel::Arena& arena) const {
  return ToCel(ledger_->properties()[field], values_[field], arena);
}

bool Document::Has(std::size_t field) const { return !values_[field].IsNull(); }

cel::Value ToCel(const PropertySpec& spec, const Value& value, cel::Arena& arena) {
  // A list that isn't there is an empty one, as its type says.
  if (value.IsNull() && spec.list) return cel::Value::List(std::span<const cel::Value>());
  return std::visit(CelMaker{spec, arena}, value.held);
}

}  // namespace strongroom::ledger
