#include "storage/space_cipher.h"

#include <mutex>

#include "base/encoding.h"
#include "crypto/hkdf.h"

namespace strongroom::storage {
namespace {

using crypto::Aead;

constexpr char kFormat = '\x01';
constexpr std::size_t kHeaderBytes = 1 + 4;  // format, epoch
constexpr std::size_t kPrefixBytes = kHeaderBytes + Aead::kNonceBytes;

std::string Header(std::uint32_t epoch) {
  return {kFormat, static_cast<char>(epoch >> 24), static_cast<char>(epoch >> 16),
          static_cast<char>(epoch >> 8), static_cast<char>(epoch)};
}

std::uint32_t HeaderEpoch(std::string_view header) {
  std::uint32_t epoch = 0;
  for (const char byte : header.substr(1, 4)) epoch = epoch << 8 | static_cast<unsigned char>(byte);
  return epoch;
}

base::Error NotAuthentic() {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         "a stored record failed its integrity check",
                         "the data directory was damaged or changed from outside: stop the server "
                         "and restore a backup");
}

}  // namespace

SpaceCipher::SpaceCipher(const base::Uuid& store, SpaceId space, base::SecretBytes key)
    : store_(store), space_(space), key_(std::move(key)) {}

base::Result<std::string> SpaceCipher::Seal(Purpose purpose, std::uint32_t epoch,
                                            const Aead::Nonce& nonce, std::string_view key,
                                            std::string_view value) const {
  STRONGROOM_ASSIGN(const Aead* const aead, DataKey(purpose, epoch));
  std::string sealed = Header(epoch);
  const std::string associated = Associated(sealed, purpose, key);
  sealed.reserve(kOverheadBytes + value.size());
  sealed.append(base::AsChars(nonce));
  STRONGROOM_TRY(aead->Seal(nonce, associated, value, sealed));
  return sealed;
}

base::Result<std::string> SpaceCipher::Open(Purpose purpose, std::uint32_t epoch_max,
                                            std::string_view key, std::string_view sealed) const {
  // There is no other format, and above all none without a seal (security 7.17).
  if (sealed.size() < kOverheadBytes || sealed[0] != kFormat) return NotAuthentic();
  const std::uint32_t epoch = HeaderEpoch(sealed);
  if (epoch > epoch_max) return NotAuthentic();
  STRONGROOM_ASSIGN(const Aead* const aead, DataKey(purpose, epoch));
  const auto nonce = crypto::NonceFrom(sealed.substr(kHeaderBytes, Aead::kNonceBytes));
  auto opened = aead->Open(nonce, Associated(sealed.substr(0, kHeaderBytes), purpose, key),
                           sealed.substr(kPrefixBytes));
  if (!opened.ok()) return NotAuthentic();
  return opened;
}

base::Result<const Aead*> SpaceCipher::DataKey(Purpose purpose, std::uint32_t epoch) const {
  const std::pair id(purpose, epoch);
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = aeads_.find(id); found != aeads_.end()) return found->second.get();
  }
  std::string info = "strongroom data key";
  info.append(base::AsChars(space_.id.bytes));
  info.push_back(static_cast<char>(purpose));
  info.append(Header(epoch));
  STRONGROOM_ASSIGN(const auto derived,
                    crypto::HkdfSha256(key_, base::AsChars(store_.bytes), info, Aead::kKeyBytes));
  STRONGROOM_ASSIGN(Aead aead, Aead::New(derived));
  const std::unique_lock lock(mutex_);
  auto& kept = aeads_[id];
  if (kept == nullptr) kept = std::make_unique<const Aead>(std::move(aead));
  return kept.get();
}

std::string SpaceCipher::Associated(std::string_view header, Purpose purpose,
                                    std::string_view key) const {
  std::string bytes;
  bytes.reserve(header.size() + 33 + key.size());
  bytes.append(header);
  bytes.append(base::AsChars(store_.bytes));
  bytes.append(base::AsChars(space_.id.bytes));
  bytes.push_back(static_cast<char>(purpose));
  bytes.append(key);
  return bytes;
}

std::optional<std::uint32_t> SpaceCipher::EpochOf(std::string_view sealed) {
  if (sealed.size() < kOverheadBytes || sealed[0] != kFormat) return std::nullopt;
  return HeaderEpoch(sealed);
}

base::Result<std::string> SpaceCipher::Commitment(const base::SecretBytes& space_key) {
  STRONGROOM_ASSIGN(const auto bytes,
                    crypto::HkdfSha256(space_key, {}, "strongroom commitment", 32));
  return std::string(base::AsChars(bytes.Expose()));
}

}  // namespace strongroom::storage
