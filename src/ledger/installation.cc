#include "ledger/installation.h"

#include "base/encoding.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using storage::KeyReader;
using storage::KeyWriter;
using storage::kInstallation;

enum : std::uint8_t { kPrincipal = 0x20, kEpoch = 0x21, kCursorKey = 0x22 };

std::string Key(std::uint8_t kind) { return KeyWriter(kind).Take(); }
std::string PrincipalKey(std::string_view principal) {
  return KeyWriter(kPrincipal).Text(principal).Take();
}

base::Result<std::uint64_t> ReadNumber(storage::Reader& reader, const std::string& key) {
  STRONGROOM_ASSIGN(const auto bytes, reader.Get(kInstallation, key));
  if (!bytes) return std::uint64_t{0};
  return KeyReader(*bytes).Uint64();
}

base::Status WriteNumber(WriteScope& scope, const std::string& key, std::uint64_t number) {
  return scope.transaction.Put(kInstallation, key, KeyWriter().Uint64(number).key());
}

}  // namespace

base::Result<std::uint64_t> PolicyEpoch(storage::Reader& reader) {
  return ReadNumber(reader, Key(kEpoch));
}

base::Status BumpPolicyEpoch(WriteScope& scope) {
  STRONGROOM_ASSIGN(const std::uint64_t epoch, PolicyEpoch(scope.reader));
  scope.access_changed = true;
  return WriteNumber(scope, Key(kEpoch), epoch + 1);
}

base::Result<std::uint64_t> RegisteredClients(storage::Reader& reader, std::string_view principal) {
  return ReadNumber(reader, PrincipalKey(principal));
}

base::Result<bool> IsRegistered(storage::Reader& reader, std::string_view principal) {
  STRONGROOM_ASSIGN(const std::uint64_t count, RegisteredClients(reader, principal));
  return count > 0;
}

base::Result<std::vector<std::string>> RegisteredPrincipals(storage::Reader& reader) {
  STRONGROOM_ASSIGN(auto cursor, reader.Scan(kInstallation, storage::PrefixRange(Key(kPrincipal)),
                                             {.keys_only = true}));
  std::vector<std::string> principals;
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return principals;
    KeyReader key(cursor->key());
    STRONGROOM_TRY(key.Byte());
    STRONGROOM_ASSIGN(std::string principal, key.Text());
    principals.push_back(std::move(principal));
  }
}

base::Status Register(WriteScope& scope, std::string_view principal) {
  const std::string key = PrincipalKey(principal);
  STRONGROOM_ASSIGN(const std::uint64_t count, ReadNumber(scope.reader, key));
  return WriteNumber(scope, key, count + 1);
}

base::Status Unregister(WriteScope& scope, std::string_view principal) {
  const std::string key = PrincipalKey(principal);
  STRONGROOM_ASSIGN(const std::uint64_t count, ReadNumber(scope.reader, key));
  if (count > 1) return WriteNumber(scope, key, count - 1);
  return scope.transaction.Delete(kInstallation, key);
}

base::Result<std::optional<base::SecretBytes>> ReadCursorKey(storage::Reader& reader) {
  STRONGROOM_ASSIGN(const auto bytes, reader.Get(kInstallation, Key(kCursorKey)));
  if (!bytes) return std::optional<base::SecretBytes>();
  return std::optional<base::SecretBytes>(base::SecretBytes(*bytes));
}

base::Status WriteCursorKey(storage::Transaction& transaction, const base::SecretBytes& key) {
  return transaction.Put(kInstallation, Key(kCursorKey), base::AsChars(key.Expose()));
}

}  // namespace strongroom::ledger
