// One fetch of an issuer's keys: discovery, then the key set (security 2.38-42, 2.51).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "authn/key_cache.h"
#include "authn/key_set.h"
#include "base/result.h"
#include "net/fetch.h"

namespace strongroom::authn {

struct FetchedKeys {
  std::shared_ptr<const KeySet> set;  // with at least one key
  std::string jwks_uri;               // where it was found
  std::optional<std::chrono::seconds>
      max_age;  // of Cache-Control, as sent; 0 for no-store, no-cache
};

// Fetches the keys of `issuer`, an issuer URL. With a `jwks_uri`, known from an earlier discovery,
// only the set is fetched. `done` runs once, where the fetcher calls back. A status other than 200,
// a document that can't be used and a set without usable keys are errors.
void FetchKeys(net::HttpFetcher& fetcher, std::string issuer, std::string jwks_uri,
               IssuerAccess access, std::function<void(base::Result<FetchedKeys>)> done);

// The freshness that a Cache-Control value states; nullopt if it says nothing.
std::optional<std::chrono::seconds> MaxAge(std::string_view cache_control);

}  // namespace strongroom::authn
