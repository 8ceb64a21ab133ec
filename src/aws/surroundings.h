// Surroundings: what a process finds around itself, as far as AWS's tools look at it: variables of
// the environment, files, and the metadata services of the machine. A seam for tests.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/fetch.h"

namespace strongroom::aws {

// A request to a metadata service: plain HTTP, for these services have no other.
struct MetadataRequest {
  std::string url;
  std::string method = "GET";
  std::vector<net::Header> headers;
};

struct Surroundings {
  // The value of a variable; nothing if it isn't set or is empty.
  std::function<std::optional<std::string>(const char* name)> variable;
  std::function<base::Result<net::FetchResponse>(const MetadataRequest&)> ask_metadata;
};

// The process's own. Variables are read when they are asked for.
Surroundings OwnSurroundings();

// Asks over plain HTTP, without following redirects, and blocks for a second at most. Only the
// addresses of AWS's metadata services and loopback may be asked, written as addresses or
// `localhost`: kBadRequest for others. kUnavailable: nobody answers. kDependencyError: a malformed
// answer.
base::Result<net::FetchResponse> AskMetadata(const MetadataRequest& request);

// The whole of a file; nothing if there is none. kBadRequest if it can't be read or is longer than
// `bytes_max`; the error names the path, and nothing of what stands in it.
base::Result<std::optional<std::string>> ReadIfThere(const std::string& path,
                                                     std::size_t bytes_max);

}  // namespace strongroom::aws
