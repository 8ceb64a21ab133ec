// Values in keys of custom indexes: bytes whose order is that of the values. Internal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cel/value.h"
#include "ledger/catalog/property.h"

namespace strongroom::cel {
class Type;
}

namespace strongroom::ledger {

// In the order of the enum IndexDataType (catalog/enums.cc).
enum class KeyType : std::uint8_t {
  kInt,
  kUint,
  kDouble,
  kBool,
  kString,
  kBytes,
  kDuration,
  kTimestamp,
  kUuid,
  kDate,
  kMoney,
  kDecimal,
};

// What an expression gives, when its type says so: of a list, its items. Nothing for other types.
std::optional<KeyType> KeyTypeOf(const cel::Type& type);

// Nothing for null, and for what is no value of the type: texts that can be read as one are.
std::optional<std::string> KeyValue(KeyType type, const cel::Value& value);
// From a filter's text. `names` may be null; a value that has a name there may be called by it.
base::Result<std::string> KeyValueOfText(KeyType type, const EnumSpec* names,
                                         std::string_view text);

}  // namespace strongroom::ledger
