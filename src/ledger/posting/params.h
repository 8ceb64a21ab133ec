// The params of a tran code: their types, their defaults, and the values that a posting gives
// (behaviour §9, §10).
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cel/value.h"
#include "ledger/document.h"

namespace strongroom::ledger {

struct Param {
  std::string name;
  std::int64_t type = 0;  // its number in ParamDataType
  bool required = false;  // it has no default
  Value fallback;         // the default, converted; null when it is none or null
};

// From the property `params`. kTranCodeError for a name that is empty or occurs twice, and for a
// default that is no value of its type.
base::Result<std::vector<Param>> ReadParams(const Document& tran_code);

// The value of a param from JSON: text is parsed by the type, numbers and booleans are taken where
// they lose nothing. Errors have the code and text of the type's own (behaviour §3:
// kDateParseError, kUuidParseError, …).
base::Result<Value> ReadParam(std::int64_t type, const boost::json::value& json);

// One value per param, in order. A param that is absent or null takes its default; without one it
// is kDependencyError. Members that no param declares are kBadRequest: a misspelled name would
// silently post the default.
base::Result<std::vector<Value>> BindParams(const std::vector<Param>& params,
                                            const boost::json::object& given);

// Values to try a tran code with: defaults, and something small for what has none.
std::vector<Value> SampleParams(const std::vector<Param>& params);

// `params` as expressions see it; reads `values` in place.
cel::Value ParamsMap(const std::vector<Param>& params, const std::vector<Value>& values,
                     cel::Arena& arena);

}  // namespace strongroom::ledger
