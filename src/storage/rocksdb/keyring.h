// The file KEYRING: which store this is, and its wrapped keys. It is the only file outside RocksDB,
// is replaced as a whole and is authenticated as a whole, so no key can be taken out, added or
// exchanged unnoticed (security 7.2, 7.6, 7.16). Format: docs/reference/storage-format.md.
#pragma once

#include <rocksdb/file_system.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "storage/key_provider.h"
#include "storage/store.h"

namespace strongroom::storage {

// Thread-safe.
class Keyring {
 public:
  struct Place {
    std::shared_ptr<rocksdb::FileSystem> files;
    std::string directory;
    std::shared_ptr<KeyProvider> provider;
    base::Random* random = nullptr;
    const base::Clock* clock = nullptr;
  };

  static base::Result<bool> Exists(const Place& place);
  // Makes the keyring of a new store, not ready yet.
  static base::Result<std::unique_ptr<Keyring>> Create(const Place& place);
  // Reads and unwraps everything; writes nothing.
  static base::Result<std::unique_ptr<Keyring>> Open(const Place& place);

  // Of a keyring as it stands in a file, without unwrapping the keys of its spaces.
  static base::Result<base::SecretBytes> FileKey(std::string_view text,
                                                 std::shared_ptr<KeyProvider> provider);

  const base::Uuid& store() const { return store_; }
  // Encrypts the files of RocksDB.
  const base::SecretBytes& file_key() const { return file_key_; }

  // False until the making of the store was finished; before that nothing was acknowledged.
  bool ready() const { return ready_; }
  base::Status MarkReady();

  std::vector<SpaceId> Spaces() const;
  base::Result<base::SecretBytes> Key(SpaceId space) const;
  // When the key was made; the epoch for a space without one.
  base::Timestamp MadeAt(SpaceId space) const;
  // Has a random key made for a space that has none, and kept before it answers.
  base::Result<base::SecretBytes> Add(SpaceId space);
  // The same for many spaces with one writing of the file.
  base::Status AddAll(const std::vector<SpaceId>& spaces);
  // Destroys a key: afterwards the file doesn't have it, and its old blocks are overwritten where
  // the file system does that in place.
  base::Status Remove(SpaceId space);

  // Wraps every key with `provider`, and uses it from then on. The file is replaced at the end, so
  // it is whole before and after.
  base::Status Rewrap(std::shared_ptr<KeyProvider> provider);
  // Unwraps every key once more and compares; answers how many there are.
  base::Result<std::size_t> Verify() const;
  std::shared_ptr<KeyProvider> provider() const;
  base::Timestamp wrapped_at() const;

  // Whether the rewriting of records waits for the operator.
  bool rotation_paused() const;
  base::Status PauseRotation(bool paused);

 private:
  struct Entry {
    std::string wrapped;
    std::string commitment;
    base::SecretBytes key;
    base::Timestamp made;
  };
  explicit Keyring(const Place& place);
  KeyContext ContextOf(SpaceId space) const;
  KeyContext FileKeyContext() const;
  base::Result<std::string> Encode() const;
  base::Status Decode(std::string_view text);
  // Unwraps the file key, and answers the opened body.
  base::Result<std::string> DecodeHead(std::string_view text);
  base::Status DecodeSpaces(std::string_view body);
  base::Status UnwrapSpaces();
  base::Result<Entry> NewEntry(KeyProvider& provider, SpaceId space) const;
  base::Status Exchange(std::shared_ptr<KeyProvider> provider, std::string file_key,
                        std::map<SpaceId, std::string> wrapped);
  base::Status Save();

  const Place place_;
  base::Uuid store_;
  base::SecretBytes file_key_;
  std::mutex rewrapping_;  // one at a time
  mutable std::mutex mutex_;
  std::shared_ptr<KeyProvider> provider_;
  std::string wrapped_file_key_;
  base::Timestamp wrapped_at_;
  bool ready_ = false;
  bool rotation_paused_ = false;
  std::map<SpaceId, Entry> entries_;
};

}  // namespace strongroom::storage
