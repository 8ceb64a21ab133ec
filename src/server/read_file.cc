#include "server/read_file.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace strongroom::server {

base::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return base::MakeError(base::ErrorCode::kBadRequest,
                           fmt::format("the file `{}` can't be read", path),
                           "check its path and its permissions");
  }
  return text.str();
}

}  // namespace strongroom::server
