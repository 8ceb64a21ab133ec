#include "storage/backup/frame.h"

#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/encoding.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "storage/backup/limits.h"
#include "storage/key.h"
#include "storage/rocksdb/keyring.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using crypto::Aead;

constexpr std::string_view kMagic = "STRGBKUP";
constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kFixedBytes = kMagic.size() + 1 + 32 + kSaltBytes + 32 + 8;

base::Error Changed() {
  return MakeError(ErrorCode::kDependencyError, "the backup is cut, changed or out of order",
                   "use another copy of it");
}

std::string RandomText(base::Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.Fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string Hash(std::string_view bytes) {
  const auto digest = crypto::Sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

struct Derived {
  Aead aead;
  std::string commitment;
};

base::Result<Derived> Derive(const base::SecretBytes& file_key, std::string_view salt) {
  STRONGROOM_ASSIGN(const auto key,
                    crypto::HkdfSha256(file_key, salt, "strongroom backup", Aead::kKeyBytes));
  STRONGROOM_ASSIGN(const auto commitment,
                    crypto::HkdfSha256(file_key, salt, "strongroom backup commitment", 32));
  STRONGROOM_ASSIGN(Aead aead, Aead::New(key));
  return Derived{std::move(aead), std::string(base::AsChars(commitment.Expose()))};
}

}  // namespace

bool ReadUpTo(int file, std::size_t size, std::string& bytes) {
  bytes.resize(size);
  std::size_t at = 0;
  while (at < size) {
    const ssize_t got = read(file, bytes.data() + at, size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    at += static_cast<std::size_t>(got);
  }
  bytes.resize(at);
  return true;
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

base::Result<base::SecretBytes> FileKeyOf(std::string_view keyring,
                                          std::shared_ptr<KeyProvider> provider) {
  return Keyring::FileKey(keyring, std::move(provider));
}

base::Result<FrameCipher> FrameCipher::Make(const base::SecretBytes& file_key, base::Random& random,
                                            BackupHead& head) {
  STRONGROOM_CHECK(head.checkpoint.size() == 32);
  const std::string salt = RandomText(random, kSaltBytes);
  STRONGROOM_ASSIGN(Derived derived, Derive(file_key, salt));
  KeyWriter bytes;
  bytes.Raw(kMagic).Byte(kFormat).Raw(head.checkpoint).Raw(salt).Raw(derived.commitment);
  bytes.Uint64(head.keyring.size()).Raw(head.keyring);
  head.bytes = bytes.Take();
  return FrameCipher(std::move(derived.aead), Hash(head.bytes));
}

base::Result<FrameCipher> FrameCipher::Open(const base::SecretBytes& file_key,
                                            const BackupHead& head) {
  STRONGROOM_CHECK(head.bytes.size() >= kFixedBytes);
  const std::string_view bytes = head.bytes;
  const std::size_t salt = kMagic.size() + 1 + 32;
  STRONGROOM_ASSIGN(Derived derived, Derive(file_key, bytes.substr(salt, kSaltBytes)));
  if (!crypto::ConstantTimeEqual(derived.commitment, bytes.substr(salt + kSaltBytes, 32)))
    return Changed();
  return FrameCipher(std::move(derived.aead), Hash(bytes));
}

std::string FrameCipher::Associated(std::uint64_t number, std::string_view lead) const {
  KeyWriter associated;
  associated.Raw(head_hash_).Uint64(number).Raw(lead.substr(0, 5));
  return associated.Take();
}

base::Result<std::string> FrameCipher::Seal(std::uint64_t number, const Frame& frame,
                                            base::Random& random) const {
  STRONGROOM_CHECK(frame.content.size() <= limits::kBackupFrameBytesMax);
  std::string bytes(1, static_cast<char>(frame.kind));
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((frame.content.size() >> shift) & 0xFF);
  bytes += RandomText(random, Aead::kNonceBytes);  // security 7.4
  const std::string lead = bytes;
  STRONGROOM_TRY(aead_.Seal(crypto::NonceFrom(std::string_view(lead).substr(5)),
                            Associated(number, lead), frame.content, bytes));
  return bytes;
}

base::Result<Frame> FrameCipher::Open(std::uint64_t number, std::string_view lead,
                                      std::string_view sealed) const {
  auto content = aead_.Open(crypto::NonceFrom(lead.substr(5)), Associated(number, lead), sealed);
  if (!content.ok()) return Changed();
  return Frame{static_cast<FrameKind>(lead[0]), std::move(content).value()};
}

base::Result<FrameReader> FrameReader::Open(int file, std::shared_ptr<KeyProvider> provider) {
  BackupHead head;
  if (!ReadUpTo(file, kFixedBytes, head.bytes) || !head.bytes.starts_with(kMagic))
    return MakeError(ErrorCode::kBadRequest, "the file is no backup",
                     "give a file that `strongroom backup` has written");
  if (head.bytes.size() < kFixedBytes) return Changed();
  KeyReader reader(std::string_view(head.bytes).substr(kMagic.size()));
  STRONGROOM_ASSIGN(const std::uint8_t format, reader.Byte());
  if (format != kFormat)
    return MakeError(ErrorCode::kDependencyError, "the backup has a format of another version",
                     "use the version of `strongroom` that wrote it, or a newer one");
  STRONGROOM_ASSIGN(head.checkpoint, reader.Raw(32));
  STRONGROOM_ASSIGN(const std::string secrets, reader.Raw(kSaltBytes + 32));
  STRONGROOM_ASSIGN(const std::uint64_t size, reader.Uint64());
  if (size > limits::kBackupKeyringBytesMax || !ReadUpTo(file, size, head.keyring) ||
      head.keyring.size() != size)
    return Changed();
  head.bytes += head.keyring;
  STRONGROOM_ASSIGN(const base::SecretBytes key, FileKeyOf(head.keyring, std::move(provider)));
  STRONGROOM_ASSIGN(FrameCipher cipher, FrameCipher::Open(key, head));
  return FrameReader(file, std::move(head), std::move(cipher));
}

base::Result<std::optional<Frame>> FrameReader::Next() {
  std::string lead;
  if (!ReadUpTo(file_, FrameCipher::kLeadBytes, lead)) return Changed();
  if (lead.empty()) return std::optional<Frame>();
  if (lead.size() != FrameCipher::kLeadBytes) return Changed();
  std::size_t size = 0;
  for (std::size_t i = 1; i < 5; ++i) size = size << 8 | static_cast<std::uint8_t>(lead[i]);
  if (size > limits::kBackupFrameBytesMax) return Changed();
  std::string sealed;
  size += Aead::kTagBytes;
  if (!ReadUpTo(file_, size, sealed) || sealed.size() != size) return Changed();
  STRONGROOM_ASSIGN(Frame frame, cipher_.Open(number_, lead, sealed));
  ++number_;
  position_ += lead.size() + sealed.size();
  return std::optional(std::move(frame));
}

}  // namespace strongroom::storage
