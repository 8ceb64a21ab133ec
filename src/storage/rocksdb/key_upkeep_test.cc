// Rotation of data keys, rewrapping, and the end of keys (security 7.12, 7.13).
#include "storage/rocksdb/key_upkeep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include "base/encoding.h"
#include "storage/rocksdb/encrypted_file_system.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/simulated_disk.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

bool Long() { return std::getenv("STRONGROOM_LONG") != nullptr; }

// Waits until nothing is left to be rewritten; false when the store fails before.
bool AwaitRotation(Store& store) {
  while (store.GetHealth().ready) {
    const KeyStatus status = KeysOf(store)->Status();
    if (status.rotation.spaces_left == 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

SpaceKeys KeysOfSpace(Store& store, SpaceId space) {
  for (const SpaceKeys& keys : KeysOf(store)->Status().spaces)
    if (keys.space == space) return keys;
  ADD_FAILURE() << "no such space";
  return {};
}

class KeyUpkeepTest : public testing::Test {
 protected:
  KeyUpkeepTest() { disk_->SetDirectory("/disk"); }
  RocksDbOptions Options() {
    RocksDbOptions options = TestOptions(directory_);
    options.directory = "/disk/data";
    options.file_system = disk_;
    options.clock = &clock_;
    return options;
  }
  static void Fill(Store& store, SpaceId space, int count) {
    ASSERT_TRUE(MakeSpace(store, space).ok());
    auto transaction = BeginOn(store, {space});
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(transaction->Put(space, std::to_string(i), "value " + std::to_string(i)).ok());
    ASSERT_TRUE(CommitAndWait(*transaction).ok());
  }
  static void ExpectFilled(Store& store, SpaceId space, int count) {
    const auto reader = store.Read().value();
    for (int i = 0; i < count; ++i)
      ASSERT_EQ(GetText(*reader, space, std::to_string(i)), "value " + std::to_string(i));
  }

  TemporaryDirectory directory_;  // of the root keys
  std::shared_ptr<SimulatedDisk> disk_ = std::make_shared<SimulatedDisk>();
  base::ManualClock clock_{base::Timestamp(std::chrono::hours(24 * 365 * 56))};
};

TEST_F(KeyUpkeepTest, ARotationRewritesEveryRecordUnderTheNextKey) {
  const auto store = OpenStore(Options());
  Fill(*store, kOne, 3000);
  Fill(*store, kTwo, 10);
  EXPECT_EQ(KeysOfSpace(*store, kOne).epoch, 0U);
  clock_.Advance(std::chrono::hours(1));
  ASSERT_TRUE(KeysOf(*store)->RotateDataKeys(kOne).ok());
  ASSERT_TRUE(AwaitRotation(*store));
  EXPECT_EQ(KeysOfSpace(*store, kOne).epoch, 1U);
  EXPECT_EQ(KeysOfSpace(*store, kOne).epoch_since, clock_.Now());
  EXPECT_EQ(KeysOfSpace(*store, kTwo).epoch, 0U) << "it was not asked for";
  const OldSeals left = KeysOf(*store)->CountOldSeals(kOne).value();
  EXPECT_EQ(left.records, 0U);
  EXPECT_EQ(left.all_records, 3000U);
  EXPECT_GE(KeysOf(*store)->Status().rotation.records_rewritten, 3000U);
  ExpectFilled(*store, kOne, 3000);
  ExpectFilled(*store, kTwo, 10);
}

TEST_F(KeyUpkeepTest, ARotationOfASpaceThatIsNotThereIsRefused) {
  const auto store = OpenStore(Options());
  const auto refused = KeysOf(*store)->RotateDataKeys(kOne);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
}

TEST_F(KeyUpkeepTest, CountingChangesNothing) {
  const auto store = OpenStore(Options());
  Fill(*store, kOne, 100);
  const OldSeals count = KeysOf(*store)->CountOldSeals(std::nullopt).value();
  EXPECT_EQ(count.records, 0U);
  EXPECT_EQ(count.all_records, 100U);
  EXPECT_GT(count.all_bytes, 100U * SpaceCipher::kOverheadBytes);
  EXPECT_EQ(KeysOfSpace(*store, kOne).epoch, 0U);
}

TEST_F(KeyUpkeepTest, APauseHoldsOverARestartUntilItIsLifted) {
  {
    const auto store = OpenStore(Options());
    Fill(*store, kOne, 500);
    ASSERT_TRUE(KeysOf(*store)->PauseRotation(true).ok());
    ASSERT_TRUE(KeysOf(*store)->RotateDataKeys(std::nullopt).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(KeysOf(*store)->CountOldSeals(kOne)->records, 500U);
  }
  const auto store = OpenStore(Options());
  EXPECT_TRUE(KeysOf(*store)->Status().rotation.paused);
  EXPECT_TRUE(KeysOfSpace(*store, kOne).rotating);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(KeysOf(*store)->CountOldSeals(kOne)->records, 500U);
  ASSERT_TRUE(KeysOf(*store)->PauseRotation(false).ok());
  ASSERT_TRUE(AwaitRotation(*store));
  EXPECT_EQ(KeysOf(*store)->CountOldSeals(kOne)->records, 0U);
  ExpectFilled(*store, kOne, 500);
}

// Writers that never stop, deletes among them, and rotations one after another.
TEST_F(KeyUpkeepTest, RotationsUnderLoadLoseAndReviveNothing) {
  RocksDbOptions options = Options();
  options.seals_per_key_max = 1000;  // keys end by themselves, too
  const auto store = OpenStore(std::move(options));
  Fill(*store, kOne, 400);
  std::atomic<bool> stop = false;
  std::map<std::string, std::string> last;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      const std::string key = std::to_string(i % 400);
      auto transaction = BeginOn(*store, {kOne});
      if (i % 3 == 0) {
        ASSERT_TRUE(transaction->Delete(kOne, key).ok());
        last[key] = "<none>";
      } else {
        last[key] = "round " + std::to_string(i);
        ASSERT_TRUE(transaction->Put(kOne, key, last[key]).ok());
      }
      ASSERT_TRUE(CommitAndWait(*transaction).ok());
    }
  });
  const std::uint32_t before = KeysOfSpace(*store, kOne).epoch;
  for (int rotation = 0; rotation < (Long() ? 100 : 10); ++rotation) {
    ASSERT_TRUE(KeysOf(*store)->RotateDataKeys(kOne).ok());
    ASSERT_TRUE(AwaitRotation(*store));
  }
  stop = true;
  writer.join();
  EXPECT_GE(KeysOfSpace(*store, kOne).epoch, before + 10);
  const auto reader = store->Read().value();
  for (const auto& [key, value] : last) EXPECT_EQ(GetText(*reader, kOne, key), value) << key;
}

// The machine stops at every single writing operation that a rotation makes, one after another, and
// loses what was not synced: more than kill -9 does.
TEST_F(KeyUpkeepTest, AStopAtEveryStepOfARotationLosesNothing) {
  std::mt19937_64 random(5);
  {
    const auto store = OpenStore(Options());
    Fill(*store, kOne, 300);
  }
  bool finished = false;
  int steps = 0;
  for (; !finished && steps < 400; ++steps) {
    {
      const auto store = OpenStore(Options());
      ASSERT_NE(store, nullptr);
      disk_->StopAfter(steps);
      finished = KeysOf(*store)->RotateDataKeys(std::nullopt).ok() && AwaitRotation(*store) &&
                 !disk_->stopped();
    }
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "stopped after " << steps;
    ExpectFilled(*store, kOne, 300);
    ASSERT_TRUE(AwaitRotation(*store)) << "it goes on by itself";
    EXPECT_EQ(KeysOf(*store)->CountOldSeals(kOne)->records, 0U);
    ExpectFilled(*store, kOne, 300);
    if (HasFailure()) return;
  }
  EXPECT_TRUE(finished);
  EXPECT_GT(steps, 8) << "hardly anything was interrupted";
}

// security 7.12: 100 rotations, all readable. Here with power cuts at random steps under load.
TEST_F(KeyUpkeepTest, RotationsUnderLoadSurvivePowerCuts) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  {
    const auto store = OpenStore(Options());
    Fill(*store, kOne, 200);
    ASSERT_TRUE(MakeSpace(*store, kTwo).ok());
  }
  int acknowledged = 0;
  for (int round = 0; round < (Long() ? 100 : 12); ++round) {
    {
      const auto store = OpenStore(Options());
      ASSERT_NE(store, nullptr);
      disk_->StopAfter(static_cast<std::int64_t>(random() % 120));
      std::thread writer([&] {
        while (
            PutNow(*store, kTwo, std::to_string(acknowledged), "v" + std::to_string(acknowledged))
                .ok())
          ++acknowledged;
      });
      while (KeysOf(*store)->RotateDataKeys(std::nullopt).ok() && AwaitRotation(*store)) {
      }
      writer.join();
    }
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "round " << round;
    ExpectFilled(*store, kOne, 200);
    const auto reader = store->Read().value();
    for (int i = 0; i < acknowledged; ++i)
      ASSERT_EQ(GetText(*reader, kTwo, std::to_string(i)), "v" + std::to_string(i));
  }
  EXPECT_GT(acknowledged, 12);
}

TEST_F(KeyUpkeepTest, TenThousandKeysAreRewrappedWithinAMinute) {
  const Keyring::Place place{disk_, "/disk", TestKeys(directory_.path() + "/root.key"),
                             &base::SystemRandom(), &clock_};
  std::vector<SpaceId> spaces(10'000);
  for (SpaceId& space : spaces) space.id = base::NewUuid(base::SystemRandom());
  const auto next = TestKeys(directory_.path() + "/next.key");
  std::string known;
  {
    const auto keyring = Keyring::Create(place).value();
    ASSERT_TRUE(keyring->AddAll(spaces).ok());
    known = base::AsChars(keyring->Key(spaces[77])->Expose());
    const auto before = std::chrono::steady_clock::now();
    ASSERT_TRUE(keyring->Rewrap(next).ok());
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::minutes(1));
  }
  const auto old = Keyring::Open(place);
  ASSERT_FALSE(old.ok());
  EXPECT_THAT(old.error().message, testing::HasSubstr(next->Id()));
  Keyring::Place moved = place;
  moved.provider = next;
  const auto keyring = Keyring::Open(moved).value();
  EXPECT_EQ(base::AsChars(keyring->Key(spaces[77])->Expose()), known);
  EXPECT_EQ(keyring->Verify().value(), 10'001U);
}

TEST_F(KeyUpkeepTest, ARewrapIsWholeOrAbsentWhereverItStops) {
  std::mt19937_64 random(3);
  const auto first = TestKeys(directory_.path() + "/root.key");
  const auto second = TestKeys(directory_.path() + "/next.key");
  auto current = first;
  {
    const auto store = OpenStore(Options());
    Fill(*store, kOne, 10);
  }
  int moved = 0;
  for (int steps = 0; steps < 24; ++steps) {
    const auto other = current == first ? second : first;
    {
      RocksDbOptions options = Options();
      options.key_provider = current;
      const auto store = OpenStore(std::move(options));
      ASSERT_NE(store, nullptr);
      disk_->StopAfter(steps / 2);
      (void)KeysOf(*store)->Rewrap(other).ok();
      disk_->StopAfter(0);
    }
    disk_->PowerCut(random);
    std::vector<std::shared_ptr<KeyProvider>> opens;
    for (const auto& provider : {current, other}) {
      RocksDbOptions options = Options();
      options.key_provider = provider;
      const auto store = OpenRocksDb(std::move(options));
      if (!store.ok()) continue;
      opens.push_back(provider);
      ExpectFilled(**store, kOne, 10);
      EXPECT_EQ(KeysOf(**store)->Verify().value(), 3U);
    }
    ASSERT_EQ(opens.size(), 1U) << "exactly one root key opens it";
    if (opens[0] == other) ++moved;
    current = opens[0];
  }
  EXPECT_GT(moved, 0);
}

TEST_F(KeyUpkeepTest, SpacesMadeWhileKeysAreRewrappedAreWrappedToo) {
  const auto next = TestKeys(directory_.path() + "/next.key");
  {
    const auto store = OpenStore(Options());
    std::atomic<bool> stop = false;
    std::thread maker([&] {
      for (std::uint8_t i = 10; i < 60 && !stop; ++i) {
        base::Status made = MakeSpace(*store, TestSpace(i));
        // A key that was made just before the change is not kept; asking again makes one.
        if (!made.ok() && made.error().code == ErrorCode::kUnavailable)
          made = MakeSpace(*store, TestSpace(i));
        EXPECT_TRUE(made.ok());
      }
    });
    EXPECT_TRUE(KeysOf(*store)->Rewrap(next).ok());
    maker.join();
  }
  RocksDbOptions options = Options();
  options.key_provider = next;
  const auto store = OpenStore(std::move(options));
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(KeysOf(*store)->Verify().value(), 52U);
}

base::Status Destroy(Store& store, SpaceId space) {
  STRONGROOM_ASSIGN(auto transaction, store.Begin({space}));
  STRONGROOM_TRY(transaction->DestroySpace(space));
  return CommitAndWait(*transaction);
}

TEST_F(KeyUpkeepTest, TheKeyOfADeletedSpaceGoesWhenItsTimeHasCome) {
  const auto graceful = [&] {
    RocksDbOptions options = Options();
    options.destruction_grace = std::chrono::hours(24);
    return options;
  };
  const auto has_key = [&] {
    const auto keyring =
        Keyring::Open({disk_, "/disk/data", TestKeys(directory_.path() + "/root.key"),
                       &base::SystemRandom(), &clock_})
            .value();
    return keyring->Key(kOne).ok();
  };
  {
    const auto store = OpenStore(graceful());
    Fill(*store, kOne, 10);
    ASSERT_TRUE(Destroy(*store, kOne).ok());
    EXPECT_EQ(GetText(*store->Read().value(), kOne, "1"), "<NOT_FOUND>");
    EXPECT_EQ(MakeSpace(*store, kOne).error().code, ErrorCode::kAlreadyExists);
    EXPECT_EQ(KeysOfSpace(*store, kOne).destroyed_at, clock_.Now() + std::chrono::hours(24));
    ASSERT_TRUE(KeysOf(*store)->DestroyDue().ok());
    EXPECT_TRUE(has_key());
  }
  {
    const auto store = OpenStore(graceful());
    EXPECT_EQ(GetText(*store->Read().value(), kOne, "1"), "<NOT_FOUND>") << "also after a start";
    EXPECT_TRUE(has_key());
    clock_.Advance(std::chrono::hours(25));
    ASSERT_TRUE(KeysOf(*store)->DestroyDue().ok());
    EXPECT_FALSE(has_key());
    EXPECT_EQ(MakeSpace(*store, kOne).error().code, ErrorCode::kAlreadyExists);
  }
  const auto store = OpenStore(graceful());
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "1"), "<NOT_FOUND>");
  EXPECT_EQ(KeysOf(*store)->Status().spaces.size(), 1U);
}

// Someone with every file that there ever was, and with every key that is left.
class ShredTest : public KeyUpkeepTest {
 protected:
  struct Found {
    int records = 0;  // of the space
    int opened = 0;
  };
  // `disk` is a copy of the directory of any time; `keyring` that of today.
  Found Scan(const std::shared_ptr<SimulatedDisk>& disk, const Keyring& keyring, SpaceId space) {
    auto env = MakeEncryptedEnv(disk, keyring.file_key(), base::SystemRandom()).value();
    rocksdb::DB* opened = nullptr;
    const auto status =
        rocksdb::DB::Open(EngineOptions(env.get(), std::size_t{8} << 20), "/disk/data/db", &opened);
    EXPECT_TRUE(status.ok()) << status.ToString();
    if (!status.ok()) return {};
    const std::unique_ptr<rocksdb::DB> db(opened);
    Found found;
    const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(VerifiedReadOptions()));
    for (at->Seek(RecordKey(space, {})); at->Valid() && at->key().starts_with(RecordKey(space, {}));
         at->Next()) {
      ++found.records;
      if (Opens(keyring, space, at->key().ToString(), at->value().ToString())) ++found.opened;
    }
    return found;
  }
  // With any key that is left, used as if it were that of the space.
  static bool Opens(const Keyring& keyring, SpaceId space, const std::string& key,
                    const std::string& sealed) {
    for (const SpaceId owner : keyring.Spaces()) {
      const SpaceCipher cipher(keyring.store(), space, keyring.Key(owner).value());
      if (cipher.Open(Purpose::kRecords, UINT32_MAX, key, sealed).ok()) return true;
    }
    const SpaceCipher cipher(keyring.store(), space, keyring.file_key().Clone());
    return cipher.Open(Purpose::kRecords, UINT32_MAX, key, sealed).ok();
  }
  std::unique_ptr<Keyring> TodaysKeyring() {
    return Keyring::Open({disk_, "/disk/data", TestKeys(directory_.path() + "/root.key"),
                          &base::SystemRandom(), &clock_})
        .value();
  }
};

TEST_F(ShredTest, NoFileLogOrBackupOpensWithAnyKeyThatIsLeft) {
  std::shared_ptr<SimulatedDisk> backup;
  {
    auto store = OpenStore(Options());
    Fill(*store, kOne, 200);
    Fill(*store, kTwo, 20);
    store.reset();  // a table
    store = OpenStore(Options());
    for (int i = 200; i < 230; ++i)  // and a log
      ASSERT_TRUE(PutNow(*store, kOne, std::to_string(i), "value").ok());
    store.reset();
    backup = disk_->Clone();
    EXPECT_EQ(Scan(disk_->Clone(), *TodaysKeyring(), kOne).opened, 230)
        << "the scanner can read what it has the key for";
    store = OpenStore(Options());
    ASSERT_TRUE(Destroy(*store, kOne).ok());
  }
  const auto keyring = TodaysKeyring();
  EXPECT_FALSE(keyring->Key(kOne).ok());
  const Found in_backup = Scan(backup, *keyring, kOne);
  EXPECT_EQ(in_backup.records, 230);
  EXPECT_EQ(in_backup.opened, 0);
  EXPECT_EQ(Scan(disk_->Clone(), *keyring, kOne).opened, 0);
  EXPECT_EQ(Scan(disk_->Clone(), *keyring, kTwo).opened, 20) << "and only that space is gone";
  // The wrapped key has left the only file that held it, and lies in none of the others.
  const std::string old = backup->Files().at("/disk/data/KEYRING");
  for (const auto& [path, data] : disk_->Files())
    EXPECT_EQ(data.find(old.substr(old.size() / 2, 32)), std::string::npos) << path;
}

TEST_F(ShredTest, WithinTheTimeOfGraceAnOlderCopyStillOpens) {
  std::shared_ptr<SimulatedDisk> backup;
  const auto options = [&] {
    RocksDbOptions made = Options();
    made.destruction_grace = std::chrono::hours(24);
    return made;
  };
  auto store = OpenStore(options());
  Fill(*store, kOne, 20);
  store.reset();
  backup = disk_->Clone();
  store = OpenStore(options());
  ASSERT_TRUE(Destroy(*store, kOne).ok());
  EXPECT_EQ(Scan(backup->Clone(), *TodaysKeyring(), kOne).opened, 20);
  clock_.Advance(std::chrono::hours(25));
  ASSERT_TRUE(KeysOf(*store)->DestroyDue().ok());
  EXPECT_EQ(Scan(backup->Clone(), *TodaysKeyring(), kOne).opened, 0);
}

}  // namespace
}  // namespace strongroom::storage
