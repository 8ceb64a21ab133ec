// Shared by the two halves of the jose suite.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "conformance_json.h"

namespace strongroom::tools {

// The Wycheproof files of primitives that `folder` holds; answers how many there were.
int RunPrimitives(Tally& tally, const std::filesystem::path& folder);

// A tcId, a number or "*", as text.
std::string IdText(const boost::json::value& id);

}  // namespace strongroom::tools
