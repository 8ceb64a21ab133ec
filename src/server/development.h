// What a development start keeps in its data directory beside the store: the root key, a local
// certificate authority with a server certificate, and the key of the development issuer. All made
// on the first start, files with mode 0600.
#pragma once

#include <memory>
#include <string>

#include "authn/dev_issuer.h"
#include "base/result.h"
#include "server/settings.h"

namespace strongroom::server {

// The name of the development issuer: the principal of its tokens. Never fetched.
inline constexpr std::string_view kDevIssuer = "https://strongroom.localhost/dev";
inline constexpr std::string_view kDevAccountId = "dev";

struct Development {
  std::string directory;
  std::string ca_path;
  std::shared_ptr<const authn::DevIssuer> issuer;
  Settings settings;  // with the paths of this directory, and what a development start allows
};

// Makes what is missing.
base::Result<Development> PrepareDevelopment(const std::string& directory);

// The issuer of a directory that was prepared before.
base::Result<authn::DevIssuer> LoadDevIssuer(const std::string& directory);

// A token for the developer: `claims` over the usual ones.
base::Result<std::string> DevToken(const authn::DevIssuer& issuer, boost::json::object claims,
                                   std::chrono::seconds lifetime);

}  // namespace strongroom::server
