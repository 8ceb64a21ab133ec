// What the suites share in reading their files.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "conformance.h"

namespace strongroom::tools {

// Exits with status 2 and a message if the file is not a JSON object.
boost::json::object ReadJsonObject(const std::filesystem::path& path);
// The string member, "" if there is none.
std::string Text(const boost::json::value& object, std::string_view name);
// True, and reported, if the case is marked `disputed`.
bool IsDisputed(Tally& tally, const std::string& id, const boost::json::value& test);

}  // namespace strongroom::tools
