// Members of JSON objects. Internal.
#pragma once

#include <boost/json/object.hpp>
#include <cstring>
#include <string_view>

namespace strongroom::cel {

// Null when there is none. Most objects are small: looking through one is quicker than hashing.
inline const boost::json::value* FindMember(const boost::json::object& object,
                                            std::string_view key) {
  constexpr std::size_t kSearchedMax = 12;
  if (object.size() > kSearchedMax) return object.if_contains(key);
  for (const boost::json::key_value_pair& pair : object) {
    const auto name = pair.key();
    if (name.size() == key.size() && std::memcmp(name.data(), key.data(), key.size()) == 0)
      return &pair.value();
  }
  return nullptr;
}

}  // namespace strongroom::cel
