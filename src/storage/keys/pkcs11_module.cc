#include "storage/keys/pkcs11_module.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <vector>

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;

constexpr CK_ULONG kKeyBytes = 32;
constexpr CK_ULONG kTagBytes = 16;

base::Error Refused(std::string message, std::string hint) {
  return MakeError(ErrorCode::kDependencyError, std::move(message), std::move(hint));
}

base::Error ModuleFailed(const char* what, CK_RV answer) {
  std::array<char, 24> number{};
  std::snprintf(number.data(), number.size(), "0x%lx", answer);
  base::Error error =
      MakeError(ErrorCode::kUnavailable,
                std::string("the security module failed to ") + what + ": " + number.data(),
                "look this CKR_ code up in the manual of the module");
  error.retriable = true;
  return error;
}

// pkcs#11 v2.40 C_Login: what a wrong PIN is told by.
bool PinIsWrong(CK_RV answer) {
  return answer == CKR_PIN_INCORRECT || answer == CKR_PIN_LEN_RANGE || answer == CKR_PIN_INVALID ||
         answer == CKR_PIN_EXPIRED || answer == CKR_PIN_LOCKED;
}

CK_BYTE* Mutable(std::string_view bytes) {  // the interface has no const
  return reinterpret_cast<CK_BYTE*>(const_cast<char*>(bytes.data()));
}

CK_GCM_PARAMS GcmParameters(std::string_view nonce, std::string_view associated) {
  CK_GCM_PARAMS parameters{};
  parameters.pIv = Mutable(nonce);
  parameters.ulIvLen = nonce.size();
  parameters.ulIvBits = nonce.size() * 8;
  parameters.pAAD = Mutable(associated);
  parameters.ulAADLen = associated.size();
  parameters.ulTagBits = kTagBytes * 8;
  return parameters;
}

}  // namespace

void ModuleClose::operator()(void* library) const { dlclose(library); }

bool SessionIsGone(CK_RV answer) {
  return answer == CKR_SESSION_HANDLE_INVALID || answer == CKR_SESSION_CLOSED ||
         answer == CKR_DEVICE_REMOVED || answer == CKR_TOKEN_NOT_PRESENT ||
         answer == CKR_USER_NOT_LOGGED_IN || answer == CKR_DEVICE_ERROR ||
         answer == CKR_KEY_HANDLE_INVALID || answer == CKR_CRYPTOKI_NOT_INITIALIZED;
}

base::Result<std::unique_ptr<Pkcs11Session>> Pkcs11Session::Open(const std::string& library,
                                                                 const std::string& token,
                                                                 const base::SecretBytes& pin,
                                                                 bool writable) {
  std::unique_ptr<Pkcs11Session> made(new Pkcs11Session);
  made->library_.reset(dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (made->library_ == nullptr)
    return Refused("the PKCS#11 module can't be loaded",
                   "give the full path of the module's shared library");
  const auto list =
      reinterpret_cast<CK_C_GetFunctionList>(dlsym(made->library_.get(), "C_GetFunctionList"));
  if (list == nullptr || list(&made->functions_) != CKR_OK || made->functions_ == nullptr)
    return Refused("the library is no PKCS#11 module", "give the library of the module's maker");
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  // Never finalized: another session of this process may use the module.
  const CK_RV started = made->functions_->C_Initialize(&arguments);
  if (started != CKR_OK && started != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return ModuleFailed("start", started);
  STRONGROOM_ASSIGN(const CK_SLOT_ID slot, made->SlotOf(token));
  CK_SESSION_HANDLE session = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (writable ? CKF_RW_SESSION : 0);
  const CK_RV opened = made->functions_->C_OpenSession(slot, flags, nullptr, nullptr, &session);
  if (opened != CKR_OK) return ModuleFailed("open a session", opened);
  made->session_ = session;
  const auto text = pin.Expose();
  const CK_RV in =
      made->functions_->C_Login(session, CKU_USER, const_cast<CK_BYTE*>(text.data()), text.size());
  if (PinIsWrong(in))
    return Refused("the security module refused the PIN",
                   "check the PIN file; many modules lock a token after a few wrong PINs");
  if (in != CKR_OK && in != CKR_USER_ALREADY_LOGGED_IN) return ModuleFailed("log in", in);
  return made;
}

Pkcs11Session::~Pkcs11Session() {
  if (session_.has_value()) functions_->C_CloseSession(*session_);
  // Modules have threads and exit handlers of their own: unloading one is asking for trouble.
  library_.release();  // NOLINT(bugprone-unused-return-value)
}

base::Result<CK_SLOT_ID> Pkcs11Session::SlotOf(const std::string& token) {
  CK_ULONG count = 0;
  CK_RV answer = functions_->C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (answer == CKR_OK) answer = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (answer != CKR_OK) return ModuleFailed("list its tokens", answer);
  slots.resize(count);
  std::optional<CK_SLOT_ID> found;
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO about{};
    if (functions_->C_GetTokenInfo(slot, &about) != CKR_OK) continue;
    // pkcs#11 v2.40 3.2: filled up with blanks, not ended by zero.
    std::string label(reinterpret_cast<const char*>(about.label), sizeof about.label);
    label.erase(label.find_last_not_of(' ') + 1);
    if (label != token) continue;
    if (found.has_value())
      return Refused("two tokens have the label `" + token + "`", "give one of them another label");
    found = slot;
  }
  if (!found.has_value())
    return Refused("the security module has no token `" + token + "`",
                   "check `pkcs11-token`, and that the token is present");
  return *found;
}

base::Result<std::vector<CK_OBJECT_HANDLE>> Pkcs11Session::Find(std::string_view label) {
  CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  std::array<CK_ATTRIBUTE, 2> wanted{
      {{CKA_CLASS, &kind, sizeof kind}, {CKA_LABEL, Mutable(label), label.size()}}};
  CK_RV answer = functions_->C_FindObjectsInit(*session_, wanted.data(), wanted.size());
  if (answer != CKR_OK) return ModuleFailed("look for the key", answer);
  std::array<CK_OBJECT_HANDLE, 2> keys{};
  CK_ULONG count = 0;
  answer = functions_->C_FindObjects(*session_, keys.data(), keys.size(), &count);
  functions_->C_FindObjectsFinal(*session_);
  if (answer != CKR_OK) return ModuleFailed("look for the key", answer);
  return std::vector<CK_OBJECT_HANDLE>(keys.begin(),
                                       keys.begin() + static_cast<std::ptrdiff_t>(count));
}

base::Result<bool> Pkcs11Session::IsTrue(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE attribute) {
  CK_BBOOL value = CK_FALSE;
  CK_ATTRIBUTE asked{attribute, &value, sizeof value};
  const CK_RV answer = functions_->C_GetAttributeValue(*session_, key, &asked, 1);
  if (answer != CKR_OK) return ModuleFailed("tell about the key", answer);
  return value == CK_TRUE;
}

base::Result<CK_ULONG> Pkcs11Session::NumberOf(CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE attribute) {
  CK_ULONG value = 0;
  CK_ATTRIBUTE asked{attribute, &value, sizeof value};
  const CK_RV answer = functions_->C_GetAttributeValue(*session_, key, &asked, 1);
  if (answer != CKR_OK) return ModuleFailed("tell about the key", answer);
  return value;
}

base::Status Pkcs11Session::CheckKey(CK_OBJECT_HANDLE key) {
  STRONGROOM_ASSIGN(const CK_ULONG type, NumberOf(key, CKA_KEY_TYPE));
  if (type != CKK_AES)
    return Refused("the root key in the security module is no AES key",
                   "make one with `strongroom key create --key-provider pkcs11`");
  STRONGROOM_ASSIGN(const CK_ULONG size, NumberOf(key, CKA_VALUE_LEN));
  STRONGROOM_ASSIGN(const bool sensitive, IsTrue(key, CKA_SENSITIVE));
  STRONGROOM_ASSIGN(const bool extractable, IsTrue(key, CKA_EXTRACTABLE));
  if (size != kKeyBytes || !sensitive || extractable)
    return Refused(
        "the root key in the security module is not a sensitive AES-256 key that "
        "can't be extracted",
        "make one with `strongroom key create --key-provider pkcs11`");
  return {};
}

base::Status Pkcs11Session::MakeKey(std::string_view label) {
  CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_AES;
  CK_ULONG size = kKeyBytes;
  CK_BBOOL yes = CK_TRUE;
  CK_BBOOL no = CK_FALSE;
  std::array<CK_ATTRIBUTE, 12> wanted{{{CKA_CLASS, &kind, sizeof kind},
                                       {CKA_KEY_TYPE, &type, sizeof type},
                                       {CKA_VALUE_LEN, &size, sizeof size},
                                       {CKA_LABEL, Mutable(label), label.size()},
                                       {CKA_TOKEN, &yes, sizeof yes},
                                       {CKA_PRIVATE, &yes, sizeof yes},
                                       {CKA_SENSITIVE, &yes, sizeof yes},
                                       {CKA_EXTRACTABLE, &no, sizeof no},
                                       {CKA_ENCRYPT, &yes, sizeof yes},
                                       {CKA_DECRYPT, &yes, sizeof yes},
                                       {CKA_WRAP, &no, sizeof no},
                                       {CKA_UNWRAP, &no, sizeof no}}};
  CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
  CK_OBJECT_HANDLE made = 0;
  const CK_RV answer =
      functions_->C_GenerateKey(*session_, &mechanism, wanted.data(), wanted.size(), &made);
  if (answer != CKR_OK) return ModuleFailed("make the key", answer);
  return CheckKey(made);
}

CK_RV Pkcs11Session::Encrypt(CK_OBJECT_HANDLE key, std::string_view nonce,
                             std::string_view associated, std::span<const std::uint8_t> plaintext,
                             std::string& out) {
  CK_GCM_PARAMS parameters = GcmParameters(nonce, associated);
  CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
  CK_RV answer = functions_->C_EncryptInit(*session_, &mechanism, key);
  if (answer != CKR_OK) return answer;
  out.assign(plaintext.size() + kTagBytes, '\0');
  CK_ULONG size = out.size();
  answer = functions_->C_Encrypt(*session_, const_cast<CK_BYTE*>(plaintext.data()),
                                 plaintext.size(), reinterpret_cast<CK_BYTE*>(out.data()), &size);
  if (answer == CKR_OK && size != out.size()) return CKR_GENERAL_ERROR;
  return answer;
}

CK_RV Pkcs11Session::Decrypt(CK_OBJECT_HANDLE key, std::string_view nonce,
                             std::string_view associated, std::string_view sealed,
                             std::span<std::uint8_t> out) {
  CK_GCM_PARAMS parameters = GcmParameters(nonce, associated);
  CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
  CK_RV answer = functions_->C_DecryptInit(*session_, &mechanism, key);
  if (answer != CKR_OK) return answer;
  // Some modules want room for the tag, too, although none of it is plaintext.
  base::SecretBytes opened(sealed.size());
  CK_ULONG size = opened.size();
  answer = functions_->C_Decrypt(*session_, Mutable(sealed), sealed.size(),
                                 opened.ExposeMutable().data(), &size);
  if (answer == CKR_OK && size != out.size()) return CKR_GENERAL_ERROR;
  if (answer == CKR_OK) std::copy_n(opened.Expose().begin(), out.size(), out.begin());
  return answer;
}

}  // namespace strongroom::storage
