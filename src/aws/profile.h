// Profiles of the AWS command line: ~/.aws/config and ~/.aws/credentials
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
#pragma once

#include <map>
#include <string>

#include "aws/surroundings.h"

namespace strongroom::aws {

using Section = std::map<std::string, std::string>;  // by name in lower case

struct Profiles {
  std::map<std::string, Section> profiles;
  std::map<std::string, Section> sso_sessions;

  // What a profile says; "" for what it doesn't.
  std::string Value(const std::string& profile, const std::string& name) const;
};

// Both files; what the credentials file says of a profile goes before what the other says. A file
// that isn't there is empty.
base::Result<Profiles> ReadProfiles(const Surroundings& surroundings);

// `~/.aws/<name>`; "" without a home.
std::string HomePath(const Surroundings& surroundings, const std::string& name);

// The profile that counts: `named`, AWS_PROFILE, or `default`.
std::string ProfileName(const std::string& named, const Surroundings& surroundings);

}  // namespace strongroom::aws
