#include "storage/keys/file.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/scrypt.h"
#include "storage/keys/secret_file.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using crypto::Aead;

constexpr std::size_t kRootKeyBytes = 32;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kCommitmentBytes = 32;
constexpr char kWrapFormat = '\x01';
// format, salt, commitment, nonce
constexpr std::size_t kWrapHeaderBytes = 1 + kSaltBytes + kCommitmentBytes + Aead::kNonceBytes;

base::Error WrongKey() {
  return MakeError(ErrorCode::kDependencyError,
                   "a stored key can't be unwrapped with this root key",
                   "give the root key that the store was made with");
}

// AES-256-GCM under a key that is derived for this one wrapping, with a commitment to it.
class FileKeyProvider : public KeyProvider {
 public:
  FileKeyProvider(base::SecretBytes root, base::Random& random)
      : root_(std::move(root)), random_(random) {}

  // Not derived from anything that helps to guess the key: its bytes are random.
  std::string Id() const override {
    const auto digest = crypto::HmacSha256(root_, "strongroom root key id");
    return "file:" + base::EncodeHex(base::AsChars(digest).substr(0, 8));
  }

  base::Result<std::string> Wrap(const base::SecretBytes& key, const KeyContext& context) override {
    std::string out(kWrapHeaderBytes, '\0');
    out[0] = kWrapFormat;
    Aead::Nonce nonce;
    std::array<std::uint8_t, kSaltBytes> salt;
    random_.Fill(salt);
    random_.Fill(nonce);
    STRONGROOM_ASSIGN(const auto commitment, Derive(base::AsChars(salt), "commitment"));
    STRONGROOM_ASSIGN(const auto wrapping, Derive(base::AsChars(salt), "wrapping key"));
    out.replace(1, kSaltBytes, base::AsChars(salt));
    out.replace(1 + kSaltBytes, kCommitmentBytes, base::AsChars(commitment.Expose()));
    out.replace(kWrapHeaderBytes - nonce.size(), nonce.size(), base::AsChars(nonce));
    STRONGROOM_ASSIGN(const Aead aead, Aead::New(wrapping));
    STRONGROOM_TRY(aead.Seal(nonce, AssociatedOf(context), base::AsChars(key.Expose()), out));
    return out;
  }

  base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                         const KeyContext& context) override {
    if (wrapped.size() < kWrapHeaderBytes || wrapped[0] != kWrapFormat) return WrongKey();
    const std::string_view salt = wrapped.substr(1, kSaltBytes);
    STRONGROOM_ASSIGN(const auto commitment, Derive(salt, "commitment"));
    if (!crypto::ConstantTimeEqual(base::AsChars(commitment.Expose()),
                                   wrapped.substr(1 + kSaltBytes, kCommitmentBytes)))
      return WrongKey();
    STRONGROOM_ASSIGN(const auto wrapping, Derive(salt, "wrapping key"));
    STRONGROOM_ASSIGN(const Aead aead, Aead::New(wrapping));
    const auto nonce =
        crypto::NonceFrom(wrapped.substr(kWrapHeaderBytes - Aead::kNonceBytes, Aead::kNonceBytes));
    auto opened = aead.Open(nonce, AssociatedOf(context), wrapped.substr(kWrapHeaderBytes));
    if (!opened.ok()) return WrongKey();
    base::SecretBytes key(*opened);
    base::Wipe({reinterpret_cast<std::uint8_t*>(opened->data()), opened->size()});
    return key;
  }

 private:
  base::Result<base::SecretBytes> Derive(std::string_view salt, std::string_view what) const {
    return crypto::HkdfSha256(root_, salt, "strongroom root " + std::string(what), 32);
  }

  base::SecretBytes root_;
  base::Random& random_;
};

constexpr std::string_view kSealedMagic = "STRONGRK";
constexpr std::uint8_t kSealedFormat = 1;
constexpr std::size_t kPassphraseBytesMin = 12;
// magic, format, cost of scrypt, salt
constexpr std::size_t kSealedHeaderBytes = kSealedMagic.size() + 1 + 3 + kSaltBytes;
constexpr std::size_t kSealedBytes =
    kSealedHeaderBytes + Aead::kNonceBytes + kRootKeyBytes + Aead::kTagBytes;

SecretFile AsSecretFile(const RootKeyFile& file) {
  return {file.path, "the root key file",
          "it must be a regular file that `strongroom key create` has made, owned by the user of "
          "this process, with mode 0600",
          kSealedBytes};
}

base::Error Unusable(std::string why, std::string hint = {}) {
  if (hint.empty()) hint = "give a file that `strongroom key create` has made";
  return MakeError(ErrorCode::kDependencyError, "the root key file " + std::move(why),
                   std::move(hint));
}

base::Result<base::SecretBytes> ReadRootPassphrase(const RootKeyFile& file) {
  return ReadPassphrase(file.passphrase_path, "the passphrase file of the root key");
}

// The header, the passphrase and nothing else make the key that seals the root key.
base::Result<Aead> SealingAead(const base::SecretBytes& passphrase, std::string_view header) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(header[i]); };
  const std::size_t cost = kSealedMagic.size() + 1;
  STRONGROOM_ASSIGN(
      const auto key,
      crypto::Scrypt(passphrase, header.substr(kSealedHeaderBytes - kSaltBytes, kSaltBytes),
                     {at(cost), at(cost + 1), at(cost + 2)}, Aead::kKeyBytes));
  return Aead::New(key);
}

base::Result<base::SecretBytes> SealRoot(const base::SecretBytes& root,
                                         const base::SecretBytes& passphrase,
                                         base::Random& random) {
  if (passphrase.size() < kPassphraseBytesMin)
    return MakeError(ErrorCode::kBadRequest, "the passphrase is too short",
                     "give at least 12 characters, or better six random words");
  std::array<std::uint8_t, kSaltBytes> salt;
  Aead::Nonce nonce;
  random.Fill(salt);
  random.Fill(nonce);
  const crypto::ScryptCost cost;
  std::string text(kSealedMagic);
  for (const std::uint8_t byte : {kSealedFormat, cost.log2_n, cost.r, cost.p})
    text.push_back(static_cast<char>(byte));
  text.append(base::AsChars(salt));
  const std::string header = text;
  STRONGROOM_ASSIGN(const Aead aead, SealingAead(passphrase, header));
  text.append(base::AsChars(nonce));
  STRONGROOM_TRY(aead.Seal(nonce, header, base::AsChars(root.Expose()), text));
  return base::SecretBytes(text);
}

base::Result<base::SecretBytes> OpenSealed(std::string_view text,
                                           const base::SecretBytes& passphrase) {
  if (text.size() != kSealedBytes || !text.starts_with(kSealedMagic) ||
      text[kSealedMagic.size()] != static_cast<char>(kSealedFormat))
    return Unusable("is none that this version can read");
  const std::string_view header = text.substr(0, kSealedHeaderBytes);
  STRONGROOM_ASSIGN(const Aead aead, SealingAead(passphrase, header));
  const auto nonce = crypto::NonceFrom(text.substr(kSealedHeaderBytes, Aead::kNonceBytes));
  base::SecretBytes root(kRootKeyBytes);
  const base::Status opened =
      aead.OpenTo(nonce, header, text.substr(kSealedHeaderBytes + Aead::kNonceBytes),
                  reinterpret_cast<char*>(root.ExposeMutable().data()));
  if (!opened.ok())
    return Unusable("can't be opened with this passphrase", "give the passphrase it was made with");
  return root;
}

base::Result<base::SecretBytes> ReadRoot(const RootKeyFile& file) {
  STRONGROOM_ASSIGN(base::SecretBytes content, ReadSecretFile(AsSecretFile(file)));
  const bool sealed = base::AsChars(content.Expose()).starts_with(kSealedMagic);
  if (sealed && file.passphrase_path.empty())
    return Unusable("is sealed under a passphrase",
                    "name the passphrase's file with --root-key-passphrase-file");
  if (sealed) {
    STRONGROOM_ASSIGN(const base::SecretBytes passphrase, ReadRootPassphrase(file));
    return OpenSealed(base::AsChars(content.Expose()), passphrase);
  }
  if (!file.passphrase_path.empty())
    return Unusable("is not sealed, although a passphrase was given",
                    "leave the passphrase out, or give the sealed file");
  if (content.size() != kRootKeyBytes) return Unusable("has not 32 bytes");
  return content;
}

}  // namespace

base::Result<std::unique_ptr<KeyProvider>> OpenFileKeyProvider(const RootKeyFile& file,
                                                               base::Random& random) {
  STRONGROOM_ASSIGN(base::SecretBytes root, ReadRoot(file));
  const auto bytes = root.Expose();
  if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; }))
    return Unusable("holds nothing but zeros");
  return std::unique_ptr<KeyProvider>(std::make_unique<FileKeyProvider>(std::move(root), random));
}

base::Status CreateRootKeyFile(const RootKeyFile& file, base::Random& random) {
  base::SecretBytes root(kRootKeyBytes);
  random.Fill(root.ExposeMutable());
  if (!file.passphrase_path.empty()) {
    STRONGROOM_ASSIGN(const base::SecretBytes passphrase, ReadRootPassphrase(file));
    STRONGROOM_ASSIGN(root, SealRoot(root, passphrase, random));
  }
  return WriteSecretFile(AsSecretFile(file), root);
}

}  // namespace strongroom::storage
