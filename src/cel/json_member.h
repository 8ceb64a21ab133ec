// Short cuts through JSON. Internal.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "cel/text_equal.h"
#include "cel/value.h"

namespace strongroom::cel {

// As Value::Json, quickest for the commonest kind.
inline Value FromJson(const boost::json::value& json) {
  if (const boost::json::string* text = json.if_string())
    return Value::String({text->data(), text->size()});
  return Value::Json(json);
}

// Null when there is none. Most objects are small: looking through one is quicker than hashing.
inline const boost::json::value* FindMember(const boost::json::object& object,
                                            std::string_view key) {
  constexpr std::size_t kSearchedMax = 12;
  if (object.size() > kSearchedMax) return object.if_contains(key);
  for (const boost::json::key_value_pair& pair : object) {
    const auto name = pair.key();
    if (TextEqual({name.data(), name.size()}, key)) return &pair.value();
  }
  return nullptr;
}

}  // namespace strongroom::cel
