// One version of one record, in memory: values by dense index. Immutable once shared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cel/value.h"
#include "ledger/catalog/catalog.h"
#include "ledger/value.h"

namespace strongroom::ledger {

// CEL reads a document in place through its ObjectView side: field i is property i.
class Document : public cel::ObjectView {
 public:
  explicit Document(const Ledger& ledger) : ledger_(&ledger), values_(ledger.properties().size()) {}

  const Ledger& ledger() const { return *ledger_; }
  const Value& At(PropertyIndex property) const { return values_[property]; }
  // By stored name; aborts when the ledger has no such property.
  const Value& At(std::string_view name) const { return values_[ledger_->At(name)]; }
  void Set(PropertyIndex property, Value value) { values_[property] = std::move(value); }
  void Set(std::string_view name, Value value) { Set(ledger_->At(name), std::move(value)); }

  std::int64_t version() const { return At(ledger_->version()).Get<std::int64_t>(); }
  const base::Uuid& record_id() const { return At(ledger_->record_id()).Get<base::Uuid>(); }
  base::Timestamp created() const { return At(ledger_->created()).Get<base::Timestamp>(); }
  base::Timestamp modified() const { return At(ledger_->modified()).Get<base::Timestamp>(); }

  // cel::ObjectView
  const cel::StructType& type() const override { return *ledger_->document_type(); }
  cel::Value Get(std::size_t field, cel::Arena& arena) const override;
  bool Has(std::size_t field) const override;

 private:
  const Ledger* ledger_;
  std::vector<Value> values_;
};

using SharedDocument = std::shared_ptr<const Document>;

// The CEL value of a property's value, read in place.
cel::Value ToCel(const PropertySpec& spec, const Value& value, cel::Arena& arena);

}  // namespace strongroom::ledger
