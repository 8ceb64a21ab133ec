// Shape: how a message of proto/ stands for a type of the GraphQL schema, by the names of its
// fields alone: `external_id` is `externalId`; a field whose name ends in `_json` holds the JSON
// text of the one without it. Made once for each message that a method names.
#pragma once

#include <google/protobuf/descriptor.h>

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace strongroom::services {

// The name of a field in GraphQL.
std::string GraphqlName(const google::protobuf::FieldDescriptor& field);
// Whether it holds JSON as text.
bool HoldsJson(const google::protobuf::FieldDescriptor& field);
// ACCOUNT_STATUS_ACTIVE of AccountStatus is ACTIVE; "" is …_UNSPECIFIED.
std::string_view GraphqlName(const google::protobuf::EnumValueDescriptor& value);

class Shape {
 public:
  // Follows fields of message types, but for the standard ones.
  explicit Shape(const google::protobuf::Descriptor& message);
  ~Shape();
  Shape(Shape&&) noexcept;

  // `{ accountId config { … } }`
  std::string Selection() const;
  // Appends the message in its wire form. Members that are null or have no field are left out.
  // Fails only when the answer does not have the type that the message says: our own mistake.
  base::Status Append(const boost::json::object& answer, std::string& wire) const;

 private:
  struct Field;
  base::Status AppendField(const Field& field, const boost::json::value& value,
                           std::string& wire) const;
  std::vector<Field> fields_;  // in the order of Selection
};

// Appends `key: value` of a message field: how messages are put together from parts.
void AppendBytes(int number, std::string_view bytes, std::string& wire);
void AppendNumber(int number, std::uint64_t value, std::string& wire);

}  // namespace strongroom::services
