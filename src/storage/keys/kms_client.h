// The four calls of AWS KMS that a key provider needs: DescribeKey, GenerateDataKey, Encrypt and
// Decrypt, signed with SigV4 (https://docs.aws.amazon.com/kms/latest/APIReference/).
//
// Guarantee: an answer counts only when it names the very key that was asked (security 7.24).
// Calls are retried with jitter for up to limits::kKeyCallTimeout; after a call that failed for
// good, others are refused for a moment, so an outage makes no storm (security 7.14).
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/sigv4.h"
#include "net/fetch.h"
#include "storage/key_provider.h"
#include "storage/keys/kms_key.h"

namespace strongroom::storage {

struct KmsOptions {
  KmsKey key;
  bool fips = false;
  std::string endpoint;  // https://host[:port] instead of the key's region; may be private
  std::string ca_pem;    // trusted for it besides the system's
};

// Thread-safe. Its calls block; not to be called from a thread of the fetcher.
class KmsClient {
 public:
  using Credentials = std::function<base::Result<crypto::AwsCredentials>()>;
  // Waits; a seam for tests.
  using Sleep = std::function<void(std::chrono::milliseconds)>;

  // The references must outlive it.
  KmsClient(KmsOptions options, net::HttpFetcher& fetcher, Credentials credentials,
            const base::Clock& clock, base::Random& random, Sleep sleep = {});

  // Whether the key can encrypt and decrypt now, and is symmetric.
  base::Status DescribeKey();
  base::Result<WrappedKey> GenerateDataKey(const KeyContext& context);
  base::Result<std::string> Encrypt(const base::SecretBytes& key, const KeyContext& context);
  base::Result<base::SecretBytes> Decrypt(std::string_view wrapped, const KeyContext& context);

  const std::string& key_arn() const { return options_.key.arn; }

 private:
  // `input` without the KeyId. Answers what KMS did, after checking whose key it was.
  base::Result<boost::json::object> Call(std::string_view operation, boost::json::object input);
  base::Result<boost::json::object> Once(std::string_view operation, const std::string& body,
                                         std::chrono::milliseconds time_left);
  base::Result<net::FetchRequest> Signed(std::string_view operation, const std::string& body);
  base::Status Resting() const;
  void Rest(const base::Error& error);
  std::chrono::milliseconds Jitter(std::chrono::milliseconds up_to);

  const KmsOptions options_;
  const std::string url_;
  net::HttpFetcher& fetcher_;
  const Credentials credentials_;
  const base::Clock& clock_;
  base::Random& random_;
  const Sleep sleep_;
  mutable std::mutex mutex_;
  std::chrono::steady_clock::time_point rests_until_{};
  base::Error last_failure_;
};

}  // namespace strongroom::storage
