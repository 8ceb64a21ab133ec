// Which key of AWS KMS is meant, and where it is asked for.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::storage {

struct KmsKey {
  std::string arn;
  std::string partition;  // aws, aws-cn, aws-us-gov
  std::string region;

  // `arn:aws:kms:eu-west-1:111122223333:key/<id>`. Aliases and bare ids are refused: they could
  // come to mean another key, and the store would only notice when nothing can be unwrapped.
  static base::Result<KmsKey> Parse(std::string_view arn);

  // https://kms.<region>.amazonaws.com, or kms-fips.<region>.
  std::string Url(bool fips) const;
};

}  // namespace strongroom::storage
