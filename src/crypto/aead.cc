#include "crypto/aead.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <vector>

#include "base/check.h"

namespace strongroom::crypto {
namespace {

using base::ErrorCode;
using base::MakeError;

struct ContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFree>;

const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  STRONGROOM_CHECK(algorithm != nullptr);
  return algorithm;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool FitsInt(std::size_t size) {
  return size <= static_cast<std::size_t>(std::numeric_limits<int>::max()) - Aead::kTagBytes;
}

}  // namespace

// Contexts that hold the expanded key and are idle. A call takes one and puts it back, so there are
// as many as there were calls at once, and they all go with the key.
class Aead::Contexts {
 public:
  explicit Contexts(const base::SecretBytes& key) : key_(key.Clone()) {}

  // A context that belongs to the caller until it goes out of scope.
  class Lease {
   public:
    Lease(Contexts& from, bool seals) : from_(from), seals_(seals), context_(from.Take(seals)) {}
    ~Lease() { from_.Give(seals_, std::move(context_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    EVP_CIPHER_CTX* get() const { return context_.get(); }

   private:
    Contexts& from_;
    bool seals_;
    Context context_;
  };

 private:
  Context Take(bool seals) {
    {
      const std::lock_guard lock(mutex_);
      std::vector<Context>& idle = idle_[seals ? 1 : 0];
      if (!idle.empty()) {
        Context context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
    }
    Context made(EVP_CIPHER_CTX_new());
    STRONGROOM_CHECK(made != nullptr);
    STRONGROOM_CHECK(EVP_CipherInit_ex2(made.get(), Algorithm(), key_.Expose().data(), nullptr,
                                        seals ? 1 : 0, nullptr) == 1);
    return made;
  }
  void Give(bool seals, Context context) {
    const std::lock_guard lock(mutex_);
    idle_[seals ? 1 : 0].push_back(std::move(context));
  }

  base::SecretBytes key_;
  std::mutex mutex_;
  std::array<std::vector<Context>, 2> idle_;
};

Aead::Aead(std::unique_ptr<Contexts> contexts) : contexts_(std::move(contexts)) {}
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;
Aead::~Aead() = default;

base::Result<Aead> Aead::New(const base::SecretBytes& key) {
  if (key.size() != kKeyBytes)
    return MakeError(ErrorCode::kInternalServerError, "an AES-256 key must have 32 bytes");
  return Aead(std::make_unique<Contexts>(key));
}

base::Status Aead::Seal(const Nonce& nonce, std::string_view associated, std::string_view plaintext,
                        std::string& out) const {
  const std::size_t start = out.size();
  out.resize(start + plaintext.size() + kTagBytes);
  base::Status sealed = SealTo(nonce, associated, plaintext, out.data() + start);
  if (!sealed.ok()) out.resize(start);
  return sealed;
}

base::Status Aead::SealTo(const Nonce& nonce, std::string_view associated,
                          std::string_view plaintext, char* out) const {
  if (!FitsInt(plaintext.size()) || !FitsInt(associated.size()))
    return MakeError(ErrorCode::kLimitExceeded, "a sealed value is too large");
  auto* at = reinterpret_cast<unsigned char*>(out);
  const Contexts::Lease context(*contexts_, true);
  int size = 0;
  const bool done =
      EVP_EncryptInit_ex2(context.get(), nullptr, nullptr, nonce.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, Bytes(associated),
                        static_cast<int>(associated.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), at, &size, Bytes(plaintext),
                        static_cast<int>(plaintext.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), at + plaintext.size(), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes),
                          at + plaintext.size()) == 1;
  if (done) return {};
  return MakeError(ErrorCode::kInternalServerError, "sealing failed");
}

base::Result<std::string> Aead::Open(const Nonce& nonce, std::string_view associated,
                                     std::string_view sealed) const {
  std::string plaintext(sealed.size() < kTagBytes ? 0 : sealed.size() - kTagBytes, '\0');
  STRONGROOM_TRY(OpenTo(nonce, associated, sealed, plaintext.data()));
  return plaintext;
}

base::Status Aead::OpenTo(const Nonce& nonce, std::string_view associated, std::string_view sealed,
                          char* out) const {
  const auto refused = [] {
    return MakeError(ErrorCode::kInternalServerError, "sealed data is not authentic");
  };
  if (sealed.size() < kTagBytes || !FitsInt(sealed.size()) || !FitsInt(associated.size()))
    return refused();
  const std::size_t length = sealed.size() - kTagBytes;
  std::array<unsigned char, kTagBytes> tag;
  std::copy_n(Bytes(sealed) + length, kTagBytes, tag.begin());
  auto* at = reinterpret_cast<unsigned char*>(out);
  const Contexts::Lease context(*contexts_, false);
  int size = 0;
  const bool authentic =
      EVP_DecryptInit_ex2(context.get(), nullptr, nullptr, nonce.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, Bytes(associated),
                        static_cast<int>(associated.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), at, &size, Bytes(sealed), static_cast<int>(length)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes),
                          tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), at + length, &size) == 1;
  if (authentic) return {};
  base::Wipe({at, length});
  return refused();
}

Aead::Nonce NonceFrom(std::string_view bytes) {
  STRONGROOM_CHECK(bytes.size() == Aead::kNonceBytes);
  Aead::Nonce nonce;
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

}  // namespace strongroom::crypto
