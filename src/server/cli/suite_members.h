// Reading the members of a suite. Internal to the suite's files.
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "server/cli/policy_suite.h"
#include "server/cli/structured_file.h"

namespace strongroom::server::cli::suite {

// kBadRequest
base::Error Bad(std::string message, std::string hint = {});
// The same error with the place of what stands at `way`.
base::Error Placed(const StructuredFile& file, const std::vector<std::string>& way,
                   base::Error error);
base::Status RefuseUnknown(const boost::json::object& object,
                           std::initializer_list<std::string_view> known, std::string_view where);
// Needed, unless there is a fallback.
base::Result<std::string> Text(const boost::json::object& object, std::string_view name,
                               std::string_view fallback = {});
base::Result<std::vector<std::string>> Texts(const boost::json::object& object,
                                             std::string_view name);
// The ledger that is named as in resources, `financial.Account`; else null.
const ledger::Ledger* LedgerNamed(const ledger::Catalog& catalog, std::string_view name);
base::Result<Fixtures> FixturesOf(const boost::json::object& suite, const ledger::Catalog& catalog);

}  // namespace strongroom::server::cli::suite
