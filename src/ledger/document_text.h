// Documents as text: for the audit log, past all rights. Internal.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "ledger/document.h"

namespace strongroom::ledger {

// The key properties, joined by `/`: "8cd11607-1104-4270-9482-ae4b8053fd5a".
std::string KeyText(const Document& document);

// By stored name, without nulls and without what is internal; exact numbers as text.
boost::json::object JsonOf(const Document& document);

}  // namespace strongroom::ledger
