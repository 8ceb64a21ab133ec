#include "storage/rocksdb/keyring.h"

#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "storage/key.h"
#include "storage/rocksdb/small_file.h"
#include "storage/space_cipher.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using crypto::Aead;

constexpr std::string_view kMagic = "STRONGRM";
constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kKeyBytes = 32;

base::Error Damaged() {
  return MakeError(ErrorCode::kDependencyError, "the keyring of the store is damaged",
                   "restore the file KEYRING of this data directory from a backup");
}

std::string RandomText(base::Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.Fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

base::Result<Aead> KeyringAead(const base::SecretBytes& file_key, std::string_view salt) {
  STRONGROOM_ASSIGN(const auto key,
                    crypto::HkdfSha256(file_key, salt, "strongroom keyring", Aead::kKeyBytes));
  return Aead::New(key);
}

}  // namespace

base::Result<bool> Keyring::Exists(const Place& place) {
  return SmallFileExists(*place.files, place.directory, "KEYRING");
}

base::Result<std::unique_ptr<Keyring>> Keyring::Create(const Place& place) {
  std::unique_ptr<Keyring> keyring(new Keyring(place));
  keyring->store_ = base::NewUuid(*place.random);
  keyring->file_key_ = base::SecretBytes(kKeyBytes);
  place.random->Fill(keyring->file_key_.ExposeMutable());
  STRONGROOM_ASSIGN(keyring->wrapped_file_key_,
                    place.provider->Wrap(keyring->file_key_, keyring->FileKeyContext()));
  STRONGROOM_TRY(keyring->Save());
  return keyring;
}

base::Result<std::unique_ptr<Keyring>> Keyring::Open(const Place& place) {
  STRONGROOM_ASSIGN(const std::string text,
                    ReadSmallFile(*place.files, place.directory, "KEYRING"));
  std::unique_ptr<Keyring> keyring(new Keyring(place));
  STRONGROOM_TRY(keyring->Decode(text));
  return keyring;
}

base::Status Keyring::MarkReady() {
  const std::lock_guard lock(mutex_);
  ready_ = true;
  return Save();
}

std::vector<SpaceId> Keyring::Spaces() const {
  const std::lock_guard lock(mutex_);
  std::vector<SpaceId> spaces;
  for (const auto& [space, entry] : entries_) spaces.push_back(space);
  return spaces;
}

base::Result<base::SecretBytes> Keyring::Key(SpaceId space) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(space);
  if (found == entries_.end()) return Damaged();
  return found->second.key.Clone();
}

base::Result<base::SecretBytes> Keyring::Add(SpaceId space) {
  Entry entry;
  entry.key = base::SecretBytes(kKeyBytes);
  place_.random->Fill(entry.key.ExposeMutable());
  // Outside of the lock: the provider may be far away.
  STRONGROOM_ASSIGN(entry.wrapped, place_.provider->Wrap(entry.key, ContextOf(space)));
  STRONGROOM_ASSIGN(entry.commitment, SpaceCipher::Commitment(entry.key));
  base::SecretBytes key = entry.key.Clone();
  const std::lock_guard lock(mutex_);
  if (!entries_.emplace(space, std::move(entry)).second)
    return MakeError(ErrorCode::kAlreadyExists, "the space has a key already");
  if (base::Status saved = Save(); !saved.ok()) {
    entries_.erase(space);
    return std::move(saved).error();
  }
  return key;
}

base::Status Keyring::Remove(SpaceId space) {
  const std::lock_guard lock(mutex_);
  if (entries_.erase(space) == 0) return {};
  return Save();
}

KeyContext Keyring::ContextOf(SpaceId space) const { return {store_, space.id, "space"}; }

KeyContext Keyring::FileKeyContext() const { return {store_, base::Uuid{}, "files"}; }

base::Result<std::string> Keyring::Encode() const {
  KeyWriter body;
  body.Byte(ready_ ? 1 : 0).Uint64(entries_.size());
  for (const auto& [space, entry] : entries_)
    body.Uuid(space.id).Text(entry.wrapped).Raw(entry.commitment);
  const std::string salt = RandomText(*place_.random, 32);
  const std::string nonce = RandomText(*place_.random, Aead::kNonceBytes);
  KeyWriter head;
  head.Raw(kMagic).Byte(kFormat).Uuid(store_).Text(place_.provider->Id()).Text(wrapped_file_key_);
  head.Text(salt).Text(nonce);
  STRONGROOM_ASSIGN(const Aead aead, KeyringAead(file_key_, salt));
  std::string text = head.Take();
  const std::string associated = text;
  STRONGROOM_TRY(aead.Seal(crypto::NonceFrom(nonce), associated, body.key(), text));
  return text;
}

base::Status Keyring::Decode(std::string_view text) {
  if (!text.starts_with(kMagic)) return Damaged();
  KeyReader reader(text.substr(kMagic.size()));
  STRONGROOM_ASSIGN(const std::uint8_t format, reader.Byte());
  if (format != kFormat)
    return MakeError(ErrorCode::kDependencyError,
                     "the store has a format that this version can't read",
                     "run the version of the server that wrote it, or a newer one");
  STRONGROOM_ASSIGN(store_, reader.Uuid());
  STRONGROOM_ASSIGN(const std::string provider, reader.Text());
  STRONGROOM_ASSIGN(wrapped_file_key_, reader.Text());
  STRONGROOM_ASSIGN(const std::string salt, reader.Text());
  STRONGROOM_ASSIGN(const std::string nonce, reader.Text());
  if (nonce.size() != Aead::kNonceBytes) return Damaged();
  STRONGROOM_ASSIGN(file_key_, place_.provider->Unwrap(wrapped_file_key_, FileKeyContext()));
  STRONGROOM_ASSIGN(const Aead aead, KeyringAead(file_key_, salt));
  const std::string_view head = text.substr(0, text.size() - reader.rest().size());
  const auto body = aead.Open(crypto::NonceFrom(nonce), head, reader.rest());
  if (!body.ok()) return Damaged();
  return DecodeSpaces(*body);
}

base::Status Keyring::DecodeSpaces(std::string_view body) {
  KeyReader reader(body);
  STRONGROOM_ASSIGN(const std::uint8_t ready, reader.Byte());
  ready_ = ready == 1;
  STRONGROOM_ASSIGN(std::uint64_t count, reader.Uint64());
  for (; count > 0; --count) {
    STRONGROOM_ASSIGN(const base::Uuid id, reader.Uuid());
    const SpaceId space{id};
    Entry entry;
    STRONGROOM_ASSIGN(entry.wrapped, reader.Text());
    STRONGROOM_ASSIGN(entry.commitment, reader.Raw(kKeyBytes));
    STRONGROOM_ASSIGN(entry.key, place_.provider->Unwrap(entry.wrapped, ContextOf(space)));
    STRONGROOM_ASSIGN(const std::string commitment, SpaceCipher::Commitment(entry.key));
    if (!crypto::ConstantTimeEqual(commitment, entry.commitment)) return Damaged();
    entries_.emplace(space, std::move(entry));
  }
  return reader.AtEnd() ? base::Status() : Damaged();
}

base::Status Keyring::Save() {
  STRONGROOM_ASSIGN(const std::string text, Encode());
  return ReplaceSmallFile(*place_.files, place_.directory, "KEYRING", text);
}

}  // namespace strongroom::storage
