// The vocabulary in which a ledger is declared. A declaration is data: everything that is known of
// a property stands in its one line, and the GraphQL types, the CEL view of documents, the policy
// resources and the stored form follow from it (STYLE "one declaration per ledger").
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace strongroom::ledger {

// How a value is held, stored and seen by CEL.
enum class PropertyType : std::uint8_t {
  kUuid,
  kString,
  kBool,
  kInt,        // 64-bit, signed
  kEnum,       // one of EnumSpec::values; CEL sees its number, with the names as constants
  kDate,       // calendar day
  kTimestamp,  // UTC, nanoseconds
  kDecimal,    // exact, keeps its scale
  kMoney,      // decimal and ISO 4217 code
  kJson,       // any JSON value
  kRecord,     // RecordSpec::fields, by position
};

struct EnumValue {
  std::string_view name;   // "ACTIVE"
  std::string_view about;  // one sentence for the schema
};

// The values' numbers (in CEL and in the stored form) are their positions: append only.
struct EnumSpec {
  std::string_view name;   // GraphQL type: "AccountStatus"
  std::string_view label;  // in messages: "account status" enum 'FOO' not found
  std::span<const EnumValue> values;
  std::string_view about;

  // The number of `value`, or -1.
  int Find(std::string_view value) const;
};

struct RecordSpec;

// One property of a document, or one field of a record inside of it. The three `…_type` members are
// written as in a GraphQL schema, nullability included; empty means: not offered there.
struct PropertySpec {
  std::string_view name;  // stored, snake_case: what policies and CEL expressions call it
  PropertyType type = PropertyType::kString;
  bool list = false;
  const EnumSpec* enumeration = nullptr;  // for kEnum
  const RecordSpec* record = nullptr;     // for kRecord
  std::string_view output_type = {};      // "UUID!": the field of the object type
  std::string_view create_type = {};      // "Status! = ACTIVE": the field of the create input
  std::string_view update_type = {};      // "String": the field of the update input
  // What an absent value becomes when the document is created, as GraphQL would write it (text
  // without quotes); in records also what an absent member becomes. Filled in, not "set" (SPEC
  // 4.1.5).
  std::string_view fill = {};
  bool fill_empty = false;            // an absent text becomes ""
  std::string_view field = {};        // GraphQL spelling where it isn't CamelCase(name)
  bool merge = false;                 // an update merges what it holds, see input.h
  bool internal = false;              // the store's own: no resource, no CEL name, no field
  std::string_view presence_of = {};  // kBool in records: was that member given, even as null
  std::string_view about = {};

  // The GraphQL name.
  std::string GraphqlName() const;
  bool NonNull() const { return output_type.ends_with('!'); }
  // A create input must hold it: non-null without a default.
  bool Required() const {
    return create_type.ends_with('!') && create_type.find('=') == create_type.npos;
  }
};

// A structured value. Members that only steer a mutation (`upsert`) are named by `options`.
struct RecordSpec {
  std::string_view name;        // GraphQL object type: "AccountConfig"
  std::string_view input_name;  // GraphQL input type: "AccountConfigInput"; may be empty
  std::span<const PropertySpec> fields;
  std::span<const PropertySpec> options = {};
  std::string_view about = {};
};

// account_id -> accountId; a leading underscore stays.
std::string CamelCase(std::string_view snake);

}  // namespace strongroom::ledger
