// The catalog is the one declaration: proto/ has to say the same, property by property.
#include "ledger/catalog/catalog.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>

#include "services/method_table.h"
#include "services/shape.h"

namespace strongroom::services {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using ledger::PropertySpec;
using ledger::PropertyType;

const ledger::Catalog& TheCatalog() {
  static const auto kCatalog = ledger::Catalog::Make();
  return *kCatalog;
}

template <typename Found>
const Found* InAnyPackage(std::string_view name, const Found* (*find)(const std::string&)) {
  for (const char* space : {"financial", "auth", "tenancy", "type"}) {
    if (const Found* found = find(fmt::format("strongroom.{}.v1.{}", space, name))) return found;
  }
  return nullptr;
}

const Descriptor* MessageNamed(std::string_view name) {
  return InAnyPackage<Descriptor>(
      name, +[](const std::string& full) {
        return DescriptorPool::generated_pool()->FindMessageTypeByName(full);
      });
}

const EnumDescriptor* EnumNamed(std::string_view name) {
  return InAnyPackage<EnumDescriptor>(
      name, +[](const std::string& full) {
        return DescriptorPool::generated_pool()->FindEnumTypeByName(full);
      });
}

const FieldDescriptor* FieldOf(const Descriptor& message, const std::string& graphql_name) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (GraphqlName(*message.field(i)) == graphql_name) return message.field(i);
  }
  return nullptr;
}

// What a property is in proto/: `string`, `string json`, `enum Layer`, `message Money`, …
std::string Expected(const PropertySpec& property, std::string_view type) {
  switch (property.type) {
    case PropertyType::kBool: return "bool";
    case PropertyType::kInt: return "int32";
    case PropertyType::kDate: return "google.type.Date";
    case PropertyType::kTimestamp: return "google.protobuf.Timestamp";
    case PropertyType::kMoney: return "Money";
    case PropertyType::kJson: return type.starts_with("ExpressionMap") ? "map" : "json";
    case PropertyType::kEnum:
    case PropertyType::kRecord: {
      std::string name;  // of the type, without list, bang and default
      for (const char c : type.substr(0, type.find('='))) {
        if (c != '[' && c != ']' && c != '!' && c != ' ') name += c;
      }
      return name;
    }
    default: return "string";
  }
}

std::string Actual(const FieldDescriptor& field) {
  if (field.is_map()) return "map";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return "bool";
    case FieldDescriptor::CPPTYPE_INT32: return "int32";
    case FieldDescriptor::CPPTYPE_STRING: return HoldsJson(field) ? "json" : "string";
    case FieldDescriptor::CPPTYPE_ENUM: return field.enum_type()->name();
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::string& name = field.message_type()->full_name();
      return name.starts_with("google.") ? name : field.message_type()->name();
    }
    default: return "?";
  }
}

// Each property has a field of its kind, and nothing else has one but `more`.
void Compare(std::string_view name, std::span<const PropertySpec> properties,
             std::string_view PropertySpec::*type, std::set<std::string> more) {
  const Descriptor* message = MessageNamed(name);
  ASSERT_NE(message, nullptr) << "proto/ has no message " << name;
  for (const PropertySpec& property : properties) {
    if (property.internal || (property.*type).empty()) continue;
    const FieldDescriptor* field = FieldOf(*message, property.GraphqlName());
    if (field == nullptr) {
      ADD_FAILURE() << name << " in proto/ lacks a field for the property " << property.name;
      continue;
    }
    more.insert(property.GraphqlName());
    // Ids that input members call by another name stay texts.
    EXPECT_EQ(Actual(*field), Expected(property, property.*type)) << name << "." << property.name;
    const bool list = (property.*type).starts_with('[');
    EXPECT_EQ(field->is_repeated() && !field->is_map(), list) << name << "." << property.name;
  }
  for (int i = 0; i < message->field_count(); ++i) {
    EXPECT_TRUE(more.contains(GraphqlName(*message->field(i))))
        << name << "." << message->field(i)->name() << " in proto/ has no property";
  }
}

void CompareEnum(const ledger::EnumSpec& spec) {
  const EnumDescriptor* found = EnumNamed(spec.name);
  ASSERT_NE(found, nullptr) << "proto/ has no enum " << spec.name;
  ASSERT_EQ(found->value_count(), static_cast<int>(spec.values.size()) + 1) << spec.name;
  for (std::size_t i = 0; i < spec.values.size(); ++i) {
    EXPECT_EQ(GraphqlName(*found->value(static_cast<int>(i) + 1)), spec.values[i].name);
  }
}

void CompareRecords(std::span<const PropertySpec> properties) {
  for (const PropertySpec& property : properties) {
    if (property.internal) continue;
    if (property.enumeration != nullptr && !property.output_type.empty())
      CompareEnum(*property.enumeration);
    if (property.record == nullptr) continue;
    const ledger::RecordSpec& record = *property.record;
    if (!property.output_type.empty())
      Compare(record.name, record.fields, &PropertySpec::output_type, {});
    if (!record.input_name.empty()) {
      std::vector<PropertySpec> members(record.fields.begin(), record.fields.end());
      members.insert(members.end(), record.options.begin(), record.options.end());
      Compare(record.input_name, members, &PropertySpec::create_type, {});
    }
    CompareRecords(record.fields);
  }
}

// Ledgers without a service of their own: users, groups and custom indexes are GraphQL's alone for
// now.
bool HasMessages(const ledger::LedgerSpec& spec) {
  return !spec.hidden && spec.name != "Organization" && spec.name != "Group" &&
         spec.name != "User" && spec.name != "Index";
}

TEST(Catalog, SaysWhatProtoSays) {
  for (const auto& ledger : TheCatalog().ledgers()) {
    const ledger::LedgerSpec& spec = ledger->spec();
    if (!ledger->HasDocuments() || !HasMessages(spec)) continue;
    std::set<std::string> derived;
    for (const auto& field : spec.derived) derived.insert(std::string(field.field));
    Compare(spec.name, spec.properties, &PropertySpec::output_type, derived);
    CompareRecords(spec.properties);
    if (!spec.input_name.empty()) {
      std::vector<PropertySpec> members(spec.properties.begin(), spec.properties.end());
      members.insert(members.end(), spec.options.begin(), spec.options.end());
      Compare(spec.input_name, members, &PropertySpec::create_type, {});
    }
    if (!spec.update_name.empty()) {
      std::set<std::string> more;
      if (!spec.update_finder.empty()) more.insert(ledger::CamelCase(spec.update_finder));
      Compare(spec.update_name, spec.properties, &PropertySpec::update_type, more);
    }
  }
}

TEST(Catalog, OffersEveryIndexInProto) {
  for (const auto& ledger : TheCatalog().ledgers()) {
    const ledger::LedgerSpec& spec = ledger->spec();
    std::vector<std::string_view> names;
    for (const auto& index : spec.indexes)
      if (!index.enum_name.empty()) names.push_back(index.enum_name);
    if (names.empty() || !ledger->HasDocuments() || !HasMessages(spec)) continue;
    const EnumDescriptor* found = EnumNamed(std::string(spec.name) + "Index");
    ASSERT_NE(found, nullptr) << spec.name;
    ASSERT_EQ(found->value_count(), static_cast<int>(names.size()) + 1) << spec.name;
    for (std::size_t i = 0; i < names.size(); ++i)
      EXPECT_EQ(GraphqlName(*found->value(static_cast<int>(i) + 1)), names[i]);
  }
}

TEST(MethodTable, HasEveryMethodOfProto) {
  std::set<std::string> listed;
  for (const MethodSpec& spec : MethodTable()) {
    const auto* service =
        DescriptorPool::generated_pool()->FindServiceByName(std::string(spec.service));
    ASSERT_NE(service, nullptr) << spec.service;
    EXPECT_NE(service->FindMethodByName(std::string(spec.name)), nullptr) << spec.name;
    EXPECT_TRUE(listed.insert(fmt::format("{}.{}", spec.service, spec.name)).second);
  }
  for (const MethodSpec& spec : MethodTable()) {
    const auto* service =
        DescriptorPool::generated_pool()->FindServiceByName(std::string(spec.service));
    for (int i = 0; i < service->method_count(); ++i)
      EXPECT_TRUE(listed.contains(service->method(i)->full_name())) << service->method(i)->name();
  }
}

}  // namespace
}  // namespace strongroom::services
