#include "server/issuer_keys.h"

#include "storage/testing.h"

namespace strongroom::server {
namespace {

using authn::iam::StoredKey;

StoredKey Key(const std::string& id, int second, const std::string& bytes) {
  return {id, "ES256", base::Timestamp(std::chrono::seconds(second)), base::SecretBytes(bytes)};
}
std::vector<StoredKey> One(StoredKey key) {
  std::vector<StoredKey> keys;
  keys.push_back(std::move(key));
  return keys;
}

TEST(IssuerKeys, AreThereAfterTheStoreWasOpenedAgainAndGoWhenTheyAreRemoved) {
  const storage::TemporaryDirectory directory;
  const std::string bytes("\0\x01\xFFsecret", 9);
  {
    const auto store = storage::OpenRocksDb(storage::TestOptions(directory)).value();
    IssuerKeys keys(*store);
    EXPECT_TRUE(keys.Load()->empty());
    ASSERT_TRUE(keys.Change(One(Key("a", 5, bytes)), {}).ok());
    ASSERT_TRUE(keys.Change(One(Key("b", 7, "other")), {}).ok());
  }
  const auto store = storage::OpenRocksDb(storage::TestOptions(directory)).value();
  IssuerKeys keys(*store);
  const auto loaded = keys.Load();
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_EQ((*loaded)[0].id, "a");
  EXPECT_EQ((*loaded)[0].algorithm, "ES256");
  EXPECT_EQ((*loaded)[0].signs_from, base::Timestamp(std::chrono::seconds(5)));
  const auto exposed = (*loaded)[0].pkcs8.Expose();
  EXPECT_EQ(std::string(exposed.begin(), exposed.end()), bytes);
  ASSERT_TRUE(keys.Change(One(Key("c", 9, "third")), {"a", "b"}).ok());
  ASSERT_EQ(keys.Load()->size(), 1U);
  EXPECT_EQ(keys.Load()->front().id, "c");
}

}  // namespace
}  // namespace strongroom::server
