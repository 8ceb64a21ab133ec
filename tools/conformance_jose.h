// Shared by the two halves of the jose suite.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "conformance.h"

namespace strongroom::tools {

// The Wycheproof files of primitives that `folder` holds; answers how many there were.
int RunPrimitives(Tally& tally, const std::filesystem::path& folder);

// Exits with status 2 and a message if the file is not a JSON object.
boost::json::object ReadJsonObject(const std::filesystem::path& path);
// The string member, "" if there is none.
std::string Text(const boost::json::value& object, std::string_view name);
// A tcId, a number or "*", as text.
std::string IdText(const boost::json::value& id);
// True, and reported, if the case is marked `disputed`.
bool IsDisputed(Tally& tally, const std::string& id, const boost::json::value& test);

}  // namespace strongroom::tools
