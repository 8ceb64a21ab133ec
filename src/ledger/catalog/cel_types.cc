#include "ledger/catalog/cel_types.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "cel/env.h"
#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

using cel::Type;

using RecordTypes = std::unordered_map<const RecordSpec*, std::shared_ptr<const cel::StructType>>;

// The enums in use, each value list once, under the name that came first.
const std::vector<const EnumSpec*>& Enums() {
  static const std::vector<const EnumSpec*> enums = [] {
    std::vector<const EnumSpec*> found;
    const auto add = [&](const PropertySpec& property) {
      const EnumSpec* spec = property.enumeration;
      const auto same = [&](const EnumSpec* other) {
        return other->values.data() == spec->values.data();
      };
      if (spec != nullptr && std::ranges::none_of(found, same)) found.push_back(spec);
    };
    for (const LedgerSpec* ledger : AllLedgers()) {
      for (const PropertySpec& property : ledger->properties) {
        add(property);
        if (property.record == nullptr) continue;
        for (const PropertySpec& field : property.record->fields) {
          add(field);
          if (field.record != nullptr) std::ranges::for_each(field.record->fields, add);
        }
      }
    }
    return found;
  }();
  return enums;
}

Type ElementType(const PropertySpec& property) {
  switch (property.type) {
    case PropertyType::kUuid: return Type::Opaque("uuid");
    case PropertyType::kString: return Type::String();
    case PropertyType::kBool: return Type::Bool();
    case PropertyType::kInt: return Type::Int();
    case PropertyType::kEnum:
      for (const EnumSpec* spec : Enums())
        if (spec->values.data() == property.enumeration->values.data())
          return Type::Enum(spec->name);
      break;
    case PropertyType::kDate: return Type::Opaque("date");
    case PropertyType::kTimestamp: return Type::Timestamp();
    case PropertyType::kDecimal: return Type::Opaque("decimal");
    case PropertyType::kMoney: return Type::Opaque("money");
    case PropertyType::kJson: return Type::Dyn();
    case PropertyType::kRecord: return Type::Struct(property.record->name);
  }
  STRONGROOM_CHECK(false && "a property of no type");
  return Type::Dyn();
}

// Whether the value is never null: it has to be given, or something is filled in.
bool AlwaysThere(const PropertySpec& property) {
  return property.NonNull() || !property.fill.empty() || property.fill_empty || property.list ||
         property.type == PropertyType::kJson || property.name == "created" ||
         property.name == "modified" || property.name == "version" || property.name == "record_id";
}

Type FieldType(const PropertySpec& property) {
  const Type element = ElementType(property);
  const Type type = property.list ? Type::List(element) : element;
  return AlwaysThere(property) ? type : Type::Nullable(type);
}

std::shared_ptr<const cel::StructType> MakeType(std::string_view name,
                                                std::span<const PropertySpec> properties) {
  cel::StructType type{std::string(name), {}};
  for (const PropertySpec& property : properties)
    if (!property.internal)
      type.fields.push_back({std::string(property.name), FieldType(property)});
  return std::make_shared<const cel::StructType>(std::move(type));
}

// Records that stand in others too, inner ones first.
void AddRecords(std::span<const PropertySpec> properties, RecordTypes& found,
                std::vector<const RecordSpec*>& order) {
  for (const PropertySpec& property : properties) {
    const RecordSpec* record = property.record;
    if (record == nullptr || found.contains(record)) continue;
    AddRecords(record->fields, found, order);
    found[record] = MakeType(record->name, record->fields);
    order.push_back(record);
  }
}

struct AllRecords {
  RecordTypes types;
  std::vector<const RecordSpec*> order;
};

const AllRecords& Records() {
  static const AllRecords records = [] {
    AllRecords all;
    for (const LedgerSpec* ledger : AllLedgers())
      AddRecords(ledger->properties, all.types, all.order);
    return all;
  }();
  return records;
}

}  // namespace

std::span<const LedgerSpec* const> AllLedgers() {
  static constexpr const LedgerSpec* kAll[] = {
      &kJournalLedger, &kAccountLedger,      &kTranCodeLedger,        &kTransactionLedger,
      &kEntryLedger,   &kBalanceLedger,      &kClientLedger,          &kDecisionLedger,
      &kIndexLedger,   &kOrganizationLedger, &kTenantLedger,          &kGroupLedger,
      &kUserLedger,    &kAccountSetLedger,   &kAccountSetMemberLedger};
  static_assert(std::size(kAll) == kLedgerCount);
  return kAll;
}

std::shared_ptr<const cel::StructType> MakeDocumentType(const Ledger& ledger) {
  return MakeType(ledger.full_name(), ledger.properties());
}

const std::shared_ptr<const cel::StructType>& RecordType(const RecordSpec& record) {
  const auto found = Records().types.find(&record);
  STRONGROOM_CHECK(found != Records().types.end());
  return found->second;
}

void AddEnums(cel::EnvBuilder& builder) {
  for (const EnumSpec* spec : Enums()) {
    cel::EnumType type{std::string(spec->name), {}};
    for (std::size_t i = 0; i < spec->values.size(); ++i)
      type.constants.push_back({std::string(spec->values[i].name), static_cast<std::int64_t>(i)});
    builder.Enum(std::move(type));
  }
}

void AddRecordTypes(cel::EnvBuilder& builder) {
  for (const RecordSpec* record : Records().order) builder.Struct(RecordType(*record));
}

}  // namespace strongroom::ledger
