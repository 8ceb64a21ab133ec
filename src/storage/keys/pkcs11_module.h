// One session with a token of a PKCS#11 module, and what a key provider does in it.
#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace strongroom::storage {

struct ModuleClose {
  void operator()(void* library) const;
};

// Whether a session that answered this can be of use again only when it is opened anew.
bool SessionIsGone(CK_RV answer);

// One thread at a time.
class Pkcs11Session {
 public:
  // Loads the library, finds the one token of this label and logs in.
  static base::Result<std::unique_ptr<Pkcs11Session>> Open(const std::string& library,
                                                           const std::string& token,
                                                           const base::SecretBytes& pin,
                                                           bool writable);
  ~Pkcs11Session();
  Pkcs11Session(const Pkcs11Session&) = delete;
  Pkcs11Session& operator=(const Pkcs11Session&) = delete;

  // The secret keys of this label.
  base::Result<std::vector<CK_OBJECT_HANDLE>> Find(std::string_view label);
  // Refuses all but AES-256 keys that are sensitive and can't be extracted.
  base::Status CheckKey(CK_OBJECT_HANDLE key);
  base::Status MakeKey(std::string_view label);

  // AES-GCM with a tag of 16 bytes behind the ciphertext.
  CK_RV Encrypt(CK_OBJECT_HANDLE key, std::string_view nonce, std::string_view associated,
                std::span<const std::uint8_t> plaintext, std::string& out);
  CK_RV Decrypt(CK_OBJECT_HANDLE key, std::string_view nonce, std::string_view associated,
                std::string_view sealed, std::span<std::uint8_t> out);

 private:
  Pkcs11Session() = default;
  base::Result<CK_SLOT_ID> SlotOf(const std::string& token);
  base::Result<bool> IsTrue(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE attribute);
  base::Result<CK_ULONG> NumberOf(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE attribute);

  std::unique_ptr<void, ModuleClose> library_;
  CK_FUNCTION_LIST* functions_ = nullptr;
  std::optional<CK_SESSION_HANDLE> session_;
};

}  // namespace strongroom::storage
