#include "ledger/catalog/property.h"

namespace strongroom::ledger {

int EnumSpec::Find(std::string_view value) const {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].name == value) return static_cast<int>(i);
  return -1;
}

std::string PropertySpec::GraphqlName() const {
  return field.empty() ? CamelCase(name) : std::string(field);
}

std::string CamelCase(std::string_view snake) {
  std::string camel;
  bool upper = false;
  for (const char c : snake) {
    if (c == '_' && !camel.empty()) {
      upper = true;
      continue;
    }
    camel += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return camel;
}

}  // namespace strongroom::ledger
