// Shared by the two halves of the cel suite.
#pragma once

#include <boost/json/value.hpp>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "cel/arena.h"
#include "cel/type.h"
#include "cel/value.h"

namespace strongroom::tools {

// What the values and types of one case point to.
struct CelStore {
  cel::Arena arena;
  std::deque<cel::Type> types;
  std::deque<std::string> names;
  std::deque<cel::OpaqueType> opaque_types;
};

// A type as the corpus writes it: `map(string, list(param(T)))`. Abstract types that the engine
// does not know by itself are collected in store.opaque_types.
cel::Type ReadCelType(std::string_view text, CelStore& store);

// A value as the corpus writes it: {"int": "1"}. Absent for one that needs protobuf.
cel::Value ReadCelValue(const boost::json::value& json, CelStore& store);

// True when `value` is what `expected` says, of the same kind at every depth.
bool MatchesCelValue(const boost::json::value& expected, const cel::Value& value, CelStore& store);

}  // namespace strongroom::tools
