#include "graphql/input.h"

#include <boost/json/value.hpp>

namespace strongroom::graphql {
namespace {

const std::vector<InputField> kNoFields;

}  // namespace

InputObject::InputObject() : fields_(&kNoFields) {}

InputObject::InputObject(const std::vector<InputField>& fields)
    : fields_(&fields), values_(fields.size()), origins_(fields.size(), Origin::kAbsent) {}

std::size_t InputObject::IndexOf(std::string_view name) const {
  std::size_t index = 0;
  while (index < fields_->size() && (*fields_)[index].name != name) ++index;
  STRONGROOM_CHECK(index < fields_->size());
  return index;
}

const Input* InputObject::Find(std::string_view name) const {
  const std::size_t index = IndexOf(name);
  return origins_[index] == Origin::kAbsent ? nullptr : &values_[index];
}

InputObject::Origin InputObject::OriginOf(std::string_view name) const {
  return origins_[IndexOf(name)];
}

const Input& InputObject::value(std::size_t index) const { return values_[index]; }

void InputObject::Set(std::size_t index, Input value, Origin origin) {
  values_[index] = std::move(value);
  origins_[index] = origin;
}

}  // namespace strongroom::graphql
