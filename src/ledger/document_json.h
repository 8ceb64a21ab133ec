// Documents written by hand, to be asked about: `can`, `simulate` and policy tests.
#pragma once

#include <boost/json/fwd.hpp>

#include "ledger/document.h"

namespace strongroom::ledger {

// A document of the ledger from JSON with stored names (`account_id`), values as GraphQL takes
// them; what is left out is null. Refuses members that the ledger hasn't, with kBadRequest; errors
// carry the path to the value.
base::Result<Document> DocumentFromJson(const Ledger& ledger, const boost::json::value& json);

// The ledger that a resource identifier lies in; kBadRequest unless the identifier has four parts
// and names a ledger.
base::Result<const Ledger*> LedgerOfResource(const Catalog& catalog, std::string_view resource);

}  // namespace strongroom::ledger
