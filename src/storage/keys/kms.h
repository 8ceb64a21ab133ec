// A root key in AWS KMS: it never leaves KMS, which wraps each key under an encryption context of
// installation, tenant and purpose (security 7.2, 7.24; docs/howto/keys.md).
#pragma once

#include <memory>
#include <string>

#include "storage/key_provider.h"

namespace strongroom::storage {

struct KmsProviderOptions {
  std::string key_arn;
  bool fips = false;
  std::string endpoint;  // empty: that of the key's region
  std::string ca_path;   // PEM file, trusted for the endpoint besides the system's; may be empty
  std::string profile;   // of ~/.aws; empty: the usual chain of credentials
};

// Asks KMS for the key, so a wrong one is refused here. Calls go over a thread of its own.
base::Result<std::unique_ptr<KeyProvider>> OpenKmsKeyProvider(const KmsProviderOptions& options,
                                                              base::Random& random);

}  // namespace strongroom::storage
