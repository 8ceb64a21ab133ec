// The options that name a key provider, the same for every command that opens a store.
#pragma once

#include <string>

#include "storage/keys/settings.h"

namespace CLI {
class App;
}

namespace strongroom::server::cli {

// `prefix` stands before each name: "" or "new-".
void AddKeyOptions(CLI::App& command, storage::KeySettings& keys, const std::string& prefix = "");

}  // namespace strongroom::server::cli
