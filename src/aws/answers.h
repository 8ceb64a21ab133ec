// Credentials as AWS's services and the command line's caches write them, in JSON.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "aws/credentials.h"

namespace strongroom::aws {

// `2027-01-15T08:00:00Z`, with or without a fraction; `UTC` and `+00:00` for `Z`. Nothing else.
std::optional<base::Timestamp> ParseTime(std::string_view text);

// A member that is text; "" otherwise.
std::string TextOf(const boost::json::object& object, std::string_view name);

// The object in an answer of status 200; kUnavailable for 429 and 5xx, kDependencyError for the
// rest. `who` begins the sentence; nothing of the answer stands in an error.
base::Result<boost::json::object> ReadObject(const net::FetchResponse& answer,
                                             std::string_view who);

// `{"AccessKeyId","SecretAccessKey","Token","Expiration"}` of metadata services.
base::Result<Credentials> ReadMetadataCredentials(const net::FetchResponse& answer,
                                                  std::string source);

// Fails unless both keys are there and look like keys.
base::Result<Credentials> MakeCredentials(std::string id, std::string_view secret,
                                          std::string session_token, std::string source);

}  // namespace strongroom::aws
