// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "storage/keys/file.h"
#include "storage/rocksdb/open.h"
#include "storage/store.h"

namespace strongroom::storage {

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "strongroom.XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline SpaceId TestSpace(std::uint8_t number) {
  SpaceId space;
  space.id.bytes.fill(0x5A);
  space.id.bytes[15] = number;
  return space;
}

inline std::shared_ptr<KeyProvider> TestKeys(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    EXPECT_TRUE(CreateRootKeyFile(path, base::SystemRandom()).ok());
  }
  return std::shared_ptr<KeyProvider>(OpenFileKeyProvider(path, base::SystemRandom()).value());
}

// A store in `directory`/data under the root key in `directory`/root.key.
inline RocksDbOptions TestOptions(const TemporaryDirectory& directory) {
  RocksDbOptions options;
  options.directory = directory.path() + "/data";
  options.key_provider = TestKeys(directory.path() + "/root.key");
  options.cache_bytes = std::size_t{8} << 20;
  return options;
}

inline std::unique_ptr<Store> OpenStore(RocksDbOptions options) {
  auto store = OpenRocksDb(std::move(options));
  if (!store.ok()) ADD_FAILURE() << store.error().message;
  return store.ok() ? std::move(store).value() : nullptr;
}

inline std::unique_ptr<Transaction> BeginOn(Store& store, std::vector<SpaceId> spaces) {
  auto begun = store.Begin(std::move(spaces));
  if (!begun.ok()) ADD_FAILURE() << begun.error().message;
  return begun.ok() ? std::move(begun).value() : nullptr;
}

inline base::Status MakeSpace(Store& store, SpaceId space) {
  STRONGROOM_ASSIGN(auto transaction, store.Begin({space}));
  STRONGROOM_TRY(transaction->CreateSpace(space));
  return CommitAndWait(*transaction);
}

inline base::Status PutNow(Store& store, SpaceId space, const std::string& key,
                           const std::string& value) {
  STRONGROOM_ASSIGN(auto transaction, store.Begin({space}));
  STRONGROOM_TRY(transaction->Put(space, key, value));
  return CommitAndWait(*transaction);
}

// The value, or "<none>", or "<code>" of the error.
inline std::string GetText(Reader& reader, SpaceId space, const std::string& key) {
  const auto value = reader.Get(space, key);
  if (!value.ok()) return "<" + std::string(base::ErrorCodeName(value.error().code)) + ">";
  return value->value_or("<none>");
}

// "key=value key=value …", ended by "<code>" if the scan failed.
inline std::string ScanText(Reader& reader, SpaceId space, const KeyRange& range = {},
                            ScanOptions options = {}) {
  auto cursor = reader.Scan(space, range, options);
  if (!cursor.ok()) return "<" + std::string(base::ErrorCodeName(cursor.error().code)) + ">";
  std::string text;
  while (true) {
    const auto found = (*cursor)->Next();
    if (!found.ok()) return text + "<" + std::string(base::ErrorCodeName(found.error().code)) + ">";
    if (!*found) return text;
    if (!text.empty()) text += ' ';
    text += std::string((*cursor)->key()) + "=" + std::string((*cursor)->value());
  }
}

}  // namespace strongroom::storage
