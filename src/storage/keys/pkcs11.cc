#include "storage/keys/pkcs11.h"

#include <mutex>
#include <vector>

#include "base/encoding.h"
#include "crypto/aead.h"
#include "storage/keys/pkcs11_module.h"
#include "storage/keys/secret_file.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr char kFormat = '\x01';
constexpr std::size_t kNonceBytes = crypto::Aead::kNonceBytes;
// format, nonce, key, tag
constexpr std::size_t kWrappedBytes =
    1 + kNonceBytes + KeyProvider::kKeyBytes + crypto::Aead::kTagBytes;

base::Result<std::unique_ptr<Pkcs11Session>> OpenSession(const Pkcs11Options& options,
                                                         bool writable) {
  if (options.token.empty() || options.key.empty() || options.module.empty())
    return MakeError(ErrorCode::kBadRequest, "the security module is not named fully",
                     "give --pkcs11-module, --pkcs11-token, --pkcs11-key and --pkcs11-pin-file");
  STRONGROOM_ASSIGN(const base::SecretBytes pin,
                    ReadPassphrase(options.pin_path, "the PIN file of the security module"));
  return Pkcs11Session::Open(options.module, options.token, pin, writable);
}

base::Error WrongKey() {
  return MakeError(ErrorCode::kDependencyError,
                   "a stored key can't be unwrapped with this root key",
                   "give the root key that the store was made with");
}

base::Error ModuleGone() {
  base::Error error = MakeError(ErrorCode::kUnavailable, "the security module does not answer",
                                "check that the module and its token are there");
  error.retriable = true;
  return error;
}

class Pkcs11KeyProvider : public KeyProvider {
 public:
  Pkcs11KeyProvider(Pkcs11Options options, base::Random& random)
      : options_(std::move(options)), random_(random) {}

  std::string Id() const override { return "pkcs11:" + options_.token + "/" + options_.key; }

  base::Status Check() override {
    const std::lock_guard lock(mutex_);
    return session_ != nullptr ? base::Status() : Connect();
  }

  base::Result<std::string> Wrap(const base::SecretBytes& key, const KeyContext& context) override {
    std::string nonce(kNonceBytes, '\0');
    random_.Fill({reinterpret_cast<std::uint8_t*>(nonce.data()), nonce.size()});
    const std::string associated = AssociatedOf(context);
    std::string sealed;
    STRONGROOM_ASSIGN(const CK_RV answer, Try([&] {
                        return session_->Encrypt(key_, nonce, associated, key.Expose(), sealed);
                      }));
    if (answer != CKR_OK) return ModuleGone();
    return kFormat + nonce + sealed;
  }

  base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                         const KeyContext& context) override {
    if (wrapped.size() != kWrappedBytes || wrapped[0] != kFormat) return WrongKey();
    base::SecretBytes key(kKeyBytes);
    const std::string associated = AssociatedOf(context);
    STRONGROOM_ASSIGN(const CK_RV answer, Try([&] {
                        return session_->Decrypt(key_, wrapped.substr(1, kNonceBytes), associated,
                                                 wrapped.substr(1 + kNonceBytes),
                                                 key.ExposeMutable());
                      }));
    if (SessionIsGone(answer)) return ModuleGone();
    // Modules disagree on how they say that a tag is wrong.
    if (answer != CKR_OK) return WrongKey();
    return key;
  }

 private:
  base::Status Connect() {
    STRONGROOM_ASSIGN(session_, OpenSession(options_, false));
    const base::Status found = FindKey();
    if (!found.ok()) session_.reset();
    return found;
  }

  base::Status FindKey() {
    STRONGROOM_ASSIGN(const auto keys, session_->Find(options_.key));
    if (keys.size() != 1)
      return MakeError(ErrorCode::kDependencyError,
                       "the security module has " +
                           std::string(keys.empty() ? "no key" : "several keys") + " `" +
                           options_.key + "`",
                       "make it with `strongroom key create --key-provider pkcs11`, or give each "
                       "key a label of its own");
    STRONGROOM_TRY(session_->CheckKey(keys[0]));
    key_ = keys[0];
    return {};
  }

  // Once more with a new session when the old one is gone: a module may have been restarted.
  template <typename Operation>
  base::Result<CK_RV> Try(const Operation& operation) {
    const std::lock_guard lock(mutex_);
    if (session_ == nullptr) STRONGROOM_TRY(Connect());
    CK_RV answer = operation();
    if (!SessionIsGone(answer)) return answer;
    session_.reset();
    STRONGROOM_TRY(Connect());
    return operation();
  }

  const Pkcs11Options options_;
  base::Random& random_;
  std::mutex mutex_;
  std::unique_ptr<Pkcs11Session> session_;
  CK_OBJECT_HANDLE key_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<KeyProvider>> OpenPkcs11KeyProvider(const Pkcs11Options& options,
                                                                 base::Random& random) {
  auto made = std::make_unique<Pkcs11KeyProvider>(options, random);
  STRONGROOM_TRY(made->Check());
  return std::unique_ptr<KeyProvider>(std::move(made));
}

base::Status CreatePkcs11Key(const Pkcs11Options& options) {
  STRONGROOM_ASSIGN(const auto session, OpenSession(options, true));
  STRONGROOM_ASSIGN(const auto keys, session->Find(options.key));
  if (!keys.empty())
    return MakeError(ErrorCode::kAlreadyExists,
                     "the security module has a key `" + options.key + "` already",
                     "choose another label");
  return session->MakeKey(options.key);
}

}  // namespace strongroom::storage
