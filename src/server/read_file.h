// Files that the operator names.
#pragma once

#include <string>

#include "base/result.h"

namespace strongroom::server {

// All of it. kBadRequest if it can't be read.
base::Result<std::string> ReadFile(const std::string& path);

}  // namespace strongroom::server
