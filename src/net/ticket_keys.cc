#include "net/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>

namespace strongroom::net {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::hours kKeyLifetime{6};
constexpr long kSessionLifetimeSeconds = 2 * 60 * 60;

struct TicketKey {
  std::array<unsigned char, 16> name;
  std::array<unsigned char, 32> cipher;
  std::array<unsigned char, 32> mac;
  Steady::time_point made;
};

class TicketKeys {
 public:
  TicketKeys() = default;
  TicketKeys(const TicketKeys&) = delete;
  TicketKeys& operator=(const TicketKeys&) = delete;
  ~TicketKeys() { OPENSSL_cleanse(keys_.data(), sizeof keys_); }

  // The key to seal with.
  std::optional<TicketKey> Current() {
    std::lock_guard lock(mutex_);
    const auto now = Steady::now();
    if (made_ > 0 && now - keys_[0].made < kKeyLifetime) return keys_[0];
    TicketKey key{};
    key.made = now;
    if (RAND_bytes(key.name.data(), key.name.size()) != 1 ||
        RAND_bytes(key.cipher.data(), key.cipher.size()) != 1 ||
        RAND_bytes(key.mac.data(), key.mac.size()) != 1)
      return std::nullopt;
    keys_[1] = keys_[0];
    keys_[0] = key;
    ++made_;
    return key;
  }

  std::optional<TicketKey> Find(const unsigned char* name) {
    std::lock_guard lock(mutex_);
    const auto now = Steady::now();
    for (std::size_t i = 0; i < std::min<std::size_t>(made_, keys_.size()); ++i)
      if (std::memcmp(keys_[i].name.data(), name, keys_[i].name.size()) == 0 &&
          now - keys_[i].made < 2 * kKeyLifetime)
        return keys_[i];
    return std::nullopt;
  }

 private:
  std::mutex mutex_;
  std::array<TicketKey, 2> keys_{};
  std::size_t made_ = 0;
};

void FreeKeys(void*, void* keys, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<TicketKeys*>(keys);
}

int KeysIndex() {
  static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, FreeKeys);
  return kIndex;
}

bool SetMacKey(EVP_MAC_CTX* mac, TicketKey& key) {
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, params) == 1;
}

// Seals a new ticket, or finds the key of one presented: 1 is done, 2 is done and make a new
// ticket, 0 is no such key, -1 is failed.
int ProtectTicket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                  EVP_MAC_CTX* mac, int seal) {
  auto* keys = static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), KeysIndex()));
  std::optional<TicketKey> key = seal != 0 ? keys->Current() : keys->Find(name);
  if (!key) return seal != 0 ? -1 : 0;
  if (seal != 0) {
    std::memcpy(name, key->name.data(), key->name.size());
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
  }
  const bool ready =
      EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv, seal) == 1 &&
      SetMacKey(mac, *key);
  const bool old = Steady::now() - key->made >= kKeyLifetime;
  OPENSSL_cleanse(&*key, sizeof(TicketKey));
  if (!ready) return -1;
  return seal == 0 && old ? 2 : 1;
}

}  // namespace

bool UseTicketKeys(SSL_CTX* context) {
  auto* keys = new TicketKeys;
  if (SSL_CTX_set_ex_data(context, KeysIndex(), keys) != 1) {
    delete keys;
    return false;
  }
  SSL_CTX_set_timeout(context, kSessionLifetimeSeconds);
  return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ProtectTicket) == 1;
}

}  // namespace strongroom::net
