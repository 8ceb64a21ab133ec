#include "aws/surroundings.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace strongroom::aws {

Surroundings OwnSurroundings() {
  Surroundings own;
  own.variable = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
  own.ask_metadata = [](const MetadataRequest& request) { return AskMetadata(request); };
  return own;
}

base::Result<std::optional<std::string>> ReadIfThere(const std::string& path,
                                                     std::size_t bytes_max) {
  const auto unusable = [&](const char* why) {
    return base::MakeError(base::ErrorCode::kBadRequest, fmt::format("the file `{}` {}", path, why),
                           "check its path and its permissions");
  };
  struct stat state {};
  if (::stat(path.c_str(), &state) != 0) return std::optional<std::string>();
  if (!S_ISREG(state.st_mode)) return unusable("is no regular file");
  std::ifstream file(path, std::ios::binary);
  std::string text(bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return unusable("can't be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > bytes_max) return unusable("is too long");
  return std::optional<std::string>(std::move(text));
}

}  // namespace strongroom::aws
