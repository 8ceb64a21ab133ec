#include "storage/keys/kms.h"

#include <fstream>
#include <iterator>

#include "aws/credentials.h"
#include "net/event_loop.h"
#include "net/https_client.h"
#include "storage/keys/kms_client.h"
#include "storage/keys/limits.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr char kFormat = '\x01';

// Taken down in the reverse order: the client asks over the fetcher, the fetcher over the loop.
class KmsKeyProvider : public KeyProvider {
 public:
  KmsKeyProvider(KmsOptions options, const std::string& profile, base::Random& random)
      : loop_(net::EventLoop::Start(1)),
        fetcher_(*loop_),
        credentials_(aws::FindCredentials({profile, options.key.region}, aws::OwnSurroundings(),
                                          fetcher_, base::SystemClock())),
        client_(
            std::move(options), fetcher_, [this] { return Credentials(); }, base::SystemClock(),
            random) {}

  std::string Id() const override { return "aws-kms:" + client_.key_arn(); }
  base::Status Check() override { return client_.DescribeKey(); }
  std::size_t calls_at_once() const override { return limits::kKeyCallsAtOnce; }

  base::Result<std::string> Wrap(const base::SecretBytes& key, const KeyContext& context) override {
    STRONGROOM_ASSIGN(const std::string wrapped, client_.Encrypt(key, context));
    return kFormat + wrapped;
  }
  base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                         const KeyContext& context) override {
    if (wrapped.size() < 2 || wrapped[0] != kFormat)
      return MakeError(ErrorCode::kDependencyError, "a stored key was not wrapped by AWS KMS",
                       "give the root key that the store was made with");
    return client_.Decrypt(wrapped.substr(1), context);
  }
  base::Result<WrappedKey> Generate(const KeyContext& context, base::Random&) override {
    STRONGROOM_ASSIGN(WrappedKey made, client_.GenerateDataKey(context));
    made.wrapped.insert(made.wrapped.begin(), kFormat);
    return made;
  }

 private:
  base::Result<crypto::AwsCredentials> Credentials() {
    STRONGROOM_ASSIGN(aws::Credentials found, credentials_->Get());
    return std::move(found.keys);
  }

  const std::unique_ptr<net::EventLoop> loop_;
  net::HttpsClient fetcher_;
  const std::unique_ptr<aws::CredentialSource> credentials_;
  KmsClient client_;
};

base::Result<std::string> ReadCa(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file || text.empty())
    return MakeError(ErrorCode::kBadRequest, "the file `" + path + "` can't be read",
                     "check `kms-ca`: its path and its permissions");
  return text;
}

}  // namespace

base::Result<std::unique_ptr<KeyProvider>> OpenKmsKeyProvider(const KmsProviderOptions& options,
                                                              base::Random& random) {
  KmsOptions made;
  STRONGROOM_ASSIGN(made.key, KmsKey::Parse(options.key_arn));
  made.fips = options.fips;
  made.endpoint = options.endpoint;
  while (made.endpoint.ends_with('/')) made.endpoint.pop_back();
  if (made.fips && !made.endpoint.empty())
    return MakeError(ErrorCode::kBadRequest, "`kms-fips` and `kms-endpoint` exclude each other",
                     "give the FIPS endpoint itself, or leave it out");
  if (!options.ca_path.empty()) {
    STRONGROOM_ASSIGN(made.ca_pem, ReadCa(options.ca_path));
  }
  auto provider = std::make_unique<KmsKeyProvider>(std::move(made), options.profile, random);
  STRONGROOM_TRY(provider->Check());
  return std::unique_ptr<KeyProvider>(std::move(provider));
}

}  // namespace strongroom::storage
