#include "server/issuer_keys.h"

#include "base/encoding.h"
#include "storage/key.h"

namespace strongroom::server {
namespace {

using authn::iam::StoredKey;
using storage::kInstallation;

constexpr std::uint8_t kSigningKey = 0x30;

std::string KeyOf(const std::string& id) { return storage::KeyWriter(kSigningKey).Text(id).Take(); }

}  // namespace

base::Result<std::vector<StoredKey>> IssuerKeys::Load() {
  STRONGROOM_ASSIGN(const auto reader, store_.Read());
  const auto range = storage::PrefixRange(storage::KeyWriter(kSigningKey).key());
  STRONGROOM_ASSIGN(const auto cursor, reader->Scan(kInstallation, range));
  std::vector<StoredKey> keys;
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return keys;
    storage::KeyReader key(cursor->key());
    storage::KeyReader value(cursor->value());
    STRONGROOM_TRY(key.Byte());
    StoredKey stored;
    STRONGROOM_ASSIGN(stored.id, key.Text());
    STRONGROOM_ASSIGN(stored.signs_from, value.Timestamp());
    STRONGROOM_ASSIGN(stored.algorithm, value.Text());
    stored.pkcs8 = base::SecretBytes(value.rest());
    keys.push_back(std::move(stored));
  }
}

base::Status IssuerKeys::Change(const std::vector<StoredKey>& added,
                                const std::vector<std::string>& removed_ids) {
  STRONGROOM_ASSIGN(const auto transaction, store_.Begin({kInstallation}));
  for (const StoredKey& key : added) {
    const std::string value = storage::KeyWriter()
                                  .Timestamp(key.signs_from)
                                  .Text(key.algorithm)
                                  .Raw(base::AsChars(key.pkcs8.Expose()))
                                  .Take();
    STRONGROOM_TRY(transaction->Put(kInstallation, KeyOf(key.id), value));
  }
  for (const std::string& id : removed_ids)
    STRONGROOM_TRY(transaction->Delete(kInstallation, KeyOf(id)));
  return storage::CommitAndWait(*transaction);
}

}  // namespace strongroom::server
