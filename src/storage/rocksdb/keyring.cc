#include "storage/rocksdb/keyring.h"

#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "storage/key.h"
#include "storage/rocksdb/at_once.h"
#include "storage/rocksdb/small_file.h"
#include "storage/space_cipher.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using crypto::Aead;

constexpr std::string_view kMagic = "STRONGRM";
constexpr std::uint8_t kFormat = 2;
constexpr std::size_t kKeyBytes = KeyProvider::kKeyBytes;

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

base::Error AnotherRoot(const std::string& wanted, const std::string& given) {
  return MakeError(
      ErrorCode::kDependencyError,
      "the keys of the store are wrapped by the root key `" + wanted + "`, not by `" + given + "`",
      "give that root key; `strongroom key rewrap` is how a store gets another one");
}

// A provider could be wrong about what it unwrapped.
base::Result<base::SecretBytes> UnwrapChecked(KeyProvider& provider, std::string_view wrapped,
                                              const KeyContext& context,
                                              std::string_view commitment) {
  STRONGROOM_ASSIGN(base::SecretBytes key, provider.Unwrap(wrapped, context));
  if (key.size() != kKeyBytes) return Damaged();
  STRONGROOM_ASSIGN(const std::string own, SpaceCipher::Commitment(key));
  if (!crypto::ConstantTimeEqual(own, commitment)) return Damaged();
  return key;
}

}  // namespace

Keyring::Keyring(const Place& place) : place_(place), provider_(place.provider) {}

base::Result<bool> Keyring::Exists(const Place& place) {
  return SmallFileExists(*place.files, place.directory, "KEYRING");
}

base::Result<std::unique_ptr<Keyring>> Keyring::Create(const Place& place) {
  std::unique_ptr<Keyring> keyring(new Keyring(place));
  keyring->store_ = base::NewUuid(*place.random);
  STRONGROOM_ASSIGN(WrappedKey made,
                    place.provider->Generate(keyring->FileKeyContext(), *place.random));
  keyring->file_key_ = std::move(made.key);
  keyring->wrapped_file_key_ = std::move(made.wrapped);
  keyring->wrapped_at_ = place.clock->Now();
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

base::Timestamp Keyring::MadeAt(SpaceId space) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(space);
  return found == entries_.end() ? base::Timestamp() : found->second.made;
}

base::Result<Keyring::Entry> Keyring::NewEntry(KeyProvider& provider, SpaceId space) const {
  STRONGROOM_ASSIGN(WrappedKey made, provider.Generate(ContextOf(space), *place_.random));
  Entry entry;
  entry.wrapped = std::move(made.wrapped);
  entry.key = std::move(made.key);
  STRONGROOM_ASSIGN(entry.commitment, SpaceCipher::Commitment(entry.key));
  entry.made = place_.clock->Now();
  return entry;
}

base::Result<base::SecretBytes> Keyring::Add(SpaceId space) {
  STRONGROOM_TRY(AddAll({space}));
  return Key(space);
}

base::Status Keyring::AddAll(const std::vector<SpaceId>& spaces) {
  std::shared_ptr<KeyProvider> provider = this->provider();
  std::vector<Entry> made(spaces.size());
  // Outside of the lock: the provider may be far away.
  STRONGROOM_TRY(
      ForAllAtOnce(spaces.size(), provider->calls_at_once(), [&](std::size_t i) -> base::Status {
        STRONGROOM_ASSIGN(made[i], NewEntry(*provider, spaces[i]));
        return {};
      }));
  const std::lock_guard lock(mutex_);
  if (provider != provider_)
    return MakeError(ErrorCode::kUnavailable, "the keys of the store are being rewrapped",
                     "try again in a moment");
  for (const SpaceId space : spaces)
    if (entries_.contains(space))
      return MakeError(ErrorCode::kAlreadyExists, "the space has a key already");
  for (std::size_t i = 0; i < spaces.size(); ++i) entries_.emplace(spaces[i], std::move(made[i]));
  base::Status saved = Save();
  if (saved.ok()) return saved;
  for (const SpaceId space : spaces) entries_.erase(space);
  return saved;
}

base::Status Keyring::Remove(SpaceId space) {
  const std::lock_guard lock(mutex_);
  if (entries_.erase(space) == 0) return {};
  return Save();
}

base::Status Keyring::Rewrap(std::shared_ptr<KeyProvider> provider) {
  const std::lock_guard one(rewrapping_);
  STRONGROOM_ASSIGN(std::string file_key, provider->Wrap(file_key_, FileKeyContext()));
  // What can't be unwrapped again must not replace what can.
  STRONGROOM_ASSIGN(const base::SecretBytes back, provider->Unwrap(file_key, FileKeyContext()));
  if (!crypto::ConstantTimeEqual(base::AsChars(back.Expose()), base::AsChars(file_key_.Expose())))
    return MakeError(ErrorCode::kDependencyError,
                     "the new root key does not unwrap what it wrapped");
  using Missing = std::vector<std::pair<SpaceId, base::SecretBytes>>;
  std::map<SpaceId, std::string> wrapped;
  while (true) {
    // Spaces that were made meanwhile come in another round, the last of which finds none.
    STRONGROOM_ASSIGN(const auto missing, [&]() -> base::Result<Missing> {
      const std::lock_guard lock(mutex_);
      Missing found;
      for (const auto& [space, entry] : entries_)
        if (!wrapped.contains(space)) found.emplace_back(space, entry.key.Clone());
      if (found.empty()) STRONGROOM_TRY(Exchange(provider, file_key, wrapped));
      return found;
    }());
    if (missing.empty()) return {};
    std::vector<std::string> made(missing.size());
    STRONGROOM_TRY(
        ForAllAtOnce(missing.size(), provider->calls_at_once(), [&](std::size_t i) -> base::Status {
          STRONGROOM_ASSIGN(made[i],
                            provider->Wrap(missing[i].second, ContextOf(missing[i].first)));
          return {};
        }));
    for (std::size_t i = 0; i < missing.size(); ++i) wrapped[missing[i].first] = std::move(made[i]);
  }
}

// Under the lock: no key is added between looking and saving.
base::Status Keyring::Exchange(std::shared_ptr<KeyProvider> provider, std::string file_key,
                               std::map<SpaceId, std::string> wrapped) {
  const auto swap = [&] {
    std::swap(provider_, provider);
    std::swap(wrapped_file_key_, file_key);
    for (auto& [space, entry] : entries_) std::swap(entry.wrapped, wrapped.at(space));
  };
  swap();
  const base::Timestamp before = std::exchange(wrapped_at_, place_.clock->Now());
  base::Status saved = Save();
  if (saved.ok()) return saved;
  swap();
  wrapped_at_ = before;
  return saved;
}

base::Result<std::size_t> Keyring::Verify() const {
  struct Kept {
    KeyContext context;
    std::string wrapped;
    std::string commitment;
  };
  std::vector<Kept> kept;
  std::shared_ptr<KeyProvider> provider;
  {
    const std::lock_guard lock(mutex_);
    STRONGROOM_ASSIGN(std::string own, SpaceCipher::Commitment(file_key_));
    kept.push_back({FileKeyContext(), wrapped_file_key_, std::move(own)});
    for (const auto& [space, entry] : entries_)
      kept.push_back({ContextOf(space), entry.wrapped, entry.commitment});
    provider = provider_;
  }
  STRONGROOM_TRY(
      ForAllAtOnce(kept.size(), provider->calls_at_once(), [&](std::size_t i) -> base::Status {
        STRONGROOM_ASSIGN(
            const base::SecretBytes key,
            UnwrapChecked(*provider, kept[i].wrapped, kept[i].context, kept[i].commitment));
        return {};
      }));
  return kept.size();
}

std::shared_ptr<KeyProvider> Keyring::provider() const {
  const std::lock_guard lock(mutex_);
  return provider_;
}

base::Timestamp Keyring::wrapped_at() const {
  const std::lock_guard lock(mutex_);
  return wrapped_at_;
}

bool Keyring::rotation_paused() const {
  const std::lock_guard lock(mutex_);
  return rotation_paused_;
}

base::Status Keyring::PauseRotation(bool paused) {
  const std::lock_guard lock(mutex_);
  if (rotation_paused_ == paused) return {};
  rotation_paused_ = paused;
  base::Status saved = Save();
  if (!saved.ok()) rotation_paused_ = !paused;
  return saved;
}

KeyContext Keyring::ContextOf(SpaceId space) const { return {store_, space.id, "space"}; }

KeyContext Keyring::FileKeyContext() const { return {store_, base::Uuid{}, "files"}; }

base::Result<std::string> Keyring::Encode() const {
  KeyWriter body;
  body.Byte(ready_ ? 1 : 0).Byte(rotation_paused_ ? 1 : 0).Timestamp(wrapped_at_);
  body.Uint64(entries_.size());
  for (const auto& [space, entry] : entries_)
    body.Uuid(space.id).Text(entry.wrapped).Raw(entry.commitment).Timestamp(entry.made);
  const std::string salt = RandomText(*place_.random, 32);
  const std::string nonce = RandomText(*place_.random, Aead::kNonceBytes);
  STRONGROOM_ASSIGN(const std::string commitment, SpaceCipher::Commitment(file_key_));
  KeyWriter head;
  head.Raw(kMagic).Byte(kFormat).Uuid(store_).Text(provider_->Id()).Text(wrapped_file_key_);
  head.Raw(commitment).Text(salt).Text(nonce);
  STRONGROOM_ASSIGN(const Aead aead, KeyringAead(file_key_, salt));
  std::string text = head.Take();
  const std::string associated = text;
  STRONGROOM_TRY(aead.Seal(crypto::NonceFrom(nonce), associated, body.key(), text));
  return text;
}

base::Result<base::SecretBytes> Keyring::FileKey(std::string_view text,
                                                 std::shared_ptr<KeyProvider> provider) {
  Place place;
  place.provider = std::move(provider);
  Keyring keyring(place);
  STRONGROOM_TRY(keyring.DecodeHead(text));
  return std::move(keyring.file_key_);
}

base::Status Keyring::Decode(std::string_view text) {
  STRONGROOM_ASSIGN(const std::string body, DecodeHead(text));
  STRONGROOM_TRY(DecodeSpaces(body));
  return UnwrapSpaces();
}

base::Result<std::string> Keyring::DecodeHead(std::string_view text) {
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
  STRONGROOM_ASSIGN(const std::string commitment, reader.Raw(kKeyBytes));
  STRONGROOM_ASSIGN(const std::string salt, reader.Text());
  STRONGROOM_ASSIGN(const std::string nonce, reader.Text());
  if (nonce.size() != Aead::kNonceBytes) return Damaged();
  // Not authentic yet, but good for telling the operator what is wrong.
  if (provider != provider_->Id()) return AnotherRoot(provider, provider_->Id());
  STRONGROOM_ASSIGN(file_key_,
                    UnwrapChecked(*provider_, wrapped_file_key_, FileKeyContext(), commitment));
  STRONGROOM_ASSIGN(const Aead aead, KeyringAead(file_key_, salt));
  const std::string_view head = text.substr(0, text.size() - reader.rest().size());
  auto body = aead.Open(crypto::NonceFrom(nonce), head, reader.rest());
  if (!body.ok()) return Damaged();
  return body;
}

base::Status Keyring::DecodeSpaces(std::string_view body) {
  KeyReader reader(body);
  STRONGROOM_ASSIGN(const std::uint8_t ready, reader.Byte());
  ready_ = ready == 1;
  STRONGROOM_ASSIGN(const std::uint8_t paused, reader.Byte());
  rotation_paused_ = paused == 1;
  STRONGROOM_ASSIGN(wrapped_at_, reader.Timestamp());
  STRONGROOM_ASSIGN(std::uint64_t count, reader.Uint64());
  for (; count > 0; --count) {
    STRONGROOM_ASSIGN(const base::Uuid id, reader.Uuid());
    Entry entry;
    STRONGROOM_ASSIGN(entry.wrapped, reader.Text());
    STRONGROOM_ASSIGN(entry.commitment, reader.Raw(kKeyBytes));
    STRONGROOM_ASSIGN(entry.made, reader.Timestamp());
    entries_.emplace(SpaceId{id}, std::move(entry));
  }
  return reader.AtEnd() ? base::Status() : Damaged();
}

base::Status Keyring::UnwrapSpaces() {
  std::vector<std::pair<SpaceId, Entry*>> entries;
  for (auto& [space, entry] : entries_) entries.emplace_back(space, &entry);
  return ForAllAtOnce(
      entries.size(), provider_->calls_at_once(), [&](std::size_t i) -> base::Status {
        Entry& entry = *entries[i].second;
        STRONGROOM_ASSIGN(entry.key, UnwrapChecked(*provider_, entry.wrapped,
                                                   ContextOf(entries[i].first), entry.commitment));
        return {};
      });
}

base::Status Keyring::Save() {
  STRONGROOM_ASSIGN(const std::string text, Encode());
  return ReplaceSmallFile(*place_.files, place_.directory, "KEYRING", text);
}

}  // namespace strongroom::storage
