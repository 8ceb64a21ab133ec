#include "storage/keys/settings.h"

namespace strongroom::storage {

base::Result<std::unique_ptr<KeyProvider>> OpenKeyProvider(const KeySettings& settings,
                                                           base::Random& random) {
  const auto incomplete = [&](std::string_view option) {
    return base::MakeError(
        base::ErrorCode::kBadRequest,
        "the key provider `" + settings.provider + "` needs --" + std::string(option),
        "see docs/howto/keys.md");
  };
  if (settings.provider == "aws-kms") {
    if (settings.kms.key_arn.empty()) return incomplete("kms-key");
    return OpenKmsKeyProvider(settings.kms, random);
  }
  if (settings.provider == "pkcs11") return OpenPkcs11KeyProvider(settings.pkcs11, random);
  if (settings.provider == "file") {
    if (settings.file.path.empty()) return incomplete("root-key");
    return OpenFileKeyProvider(settings.file, random);
  }
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "`" + settings.provider + "` is no key provider",
                         "choose file, pkcs11 or aws-kms");
}

}  // namespace strongroom::storage
