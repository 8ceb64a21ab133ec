// From a mutation's input to a document. Internal.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "ledger/document.h"

namespace strongroom::ledger {

// A document as an input makes it, with the properties that the caller set (SPEC 4.1.5).
struct Draft {
  Document document;
  std::vector<PropertyIndex> set;
};

// Takes the members that the create input offers, and fills in what is absent. A null counts as
// absent. Errors carry {"input", "accountId"}.
base::Result<Draft> ReadCreateInput(const Ledger& ledger, const boost::json::object& input);

// `before` with the members given. Null empties what can be empty and else counts as absent.
// Properties that merge: JSON by rfc7396, a null member removes; records by their members. Every
// other value is replaced as a whole.
base::Result<Draft> ReadUpdateInput(const Document& before, const boost::json::object& input);

// One value as it came: text or JSON. Errors carry no path.
base::Result<Value> ReadScalar(const PropertySpec& spec, const boost::json::value& value);
// One value as text, as filters give it.
base::Result<Value> ReadText(const PropertySpec& spec, std::string_view text);

// Whether `config.upsert` is true.
bool AsksForUpsert(const boost::json::object& input);

// The path of the error, one step further out: Within("input", error).
base::Error Within(std::string_view step, base::Error error);

}  // namespace strongroom::ledger
