// Seals the records of one space: AES-256-GCM under data keys that are derived from the key of the
// space by purpose and epoch (security 7.2, 7.5; docs/reference/storage-format.md).
//
// Guarantee: Open answers a value only if it was sealed for this store, space, purpose and key.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "crypto/aead.h"
#include "storage/store.h"

namespace strongroom::storage {

enum class Purpose : std::uint8_t {
  kRecords = 1,     // what users of the store put into it
  kSpaceState = 2,  // the engine's own record of the space
};

// Thread-safe. Who seals counts (seal_budget.h) and brings a fresh random nonce.
class SpaceCipher {
 public:
  SpaceCipher(const base::Uuid& store, SpaceId space, base::SecretBytes key);
  SpaceCipher(const SpaceCipher&) = delete;
  SpaceCipher& operator=(const SpaceCipher&) = delete;

  // Bytes that sealing adds: format, epoch, nonce, tag.
  static constexpr std::size_t kOverheadBytes =
      1 + 4 + crypto::Aead::kNonceBytes + crypto::Aead::kTagBytes;

  base::Result<std::string> Seal(Purpose purpose, std::uint32_t epoch,
                                 const crypto::Aead::Nonce& nonce, std::string_view key,
                                 std::string_view value) const;

  // Refuses epochs after `epoch_max`: no key was ever used for them.
  base::Result<std::string> Open(Purpose purpose, std::uint32_t epoch_max, std::string_view key,
                                 std::string_view sealed) const;

  // The epoch that a sealed value says it is of, before anything of it was checked; empty when it
  // is no sealed value.
  static std::optional<std::uint32_t> EpochOf(std::string_view sealed);

  // Identifies the space key, so that no other key can be passed off as it (security 7.6).
  static base::Result<std::string> Commitment(const base::SecretBytes& space_key);

 private:
  base::Result<const crypto::Aead*> DataKey(Purpose purpose, std::uint32_t epoch) const;
  std::string Associated(std::string_view header, Purpose purpose, std::string_view key) const;

  const base::Uuid store_;
  const SpaceId space_;
  const base::SecretBytes key_;
  mutable std::shared_mutex mutex_;
  mutable std::map<std::pair<Purpose, std::uint32_t>, std::unique_ptr<const crypto::Aead>> aeads_;
};

}  // namespace strongroom::storage
