// What a disk tells, and what it can make the store say (security 7.5, 7.9-7.11, 7.18).
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <cstdlib>
#include <functional>
#include <random>
#include <unordered_map>

#include "base/encoding.h"
#include "storage/rocksdb/encrypted_file_system.h"
#include "storage/rocksdb/keyring.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/simulated_disk.h"
#include "storage/rocksdb/space.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

bool Long() { return std::getenv("STRONGROOM_LONG") != nullptr; }

class TamperTest : public testing::Test {
 protected:
  TamperTest() { disk_->SetDirectory("/disk"); }
  RocksDbOptions Options() {
    RocksDbOptions options = TestOptions(directory_);
    options.directory = "/disk/data";
    options.file_system = disk_;
    return options;
  }
  // 40 records in each of two spaces, half of them in a table and half in the log.
  void Fill(std::size_t value_bytes = 60) {
    value_bytes_ = value_bytes;
    for (int half = 0; half < 2; ++half) {
      const auto store = OpenStore(Options());
      if (half == 0) {
        ASSERT_TRUE(MakeSpace(*store, kOne).ok());
        ASSERT_TRUE(MakeSpace(*store, kTwo).ok());
      }
      for (int i = half * 20; i < half * 20 + 20; ++i)
        for (const SpaceId space : {kOne, kTwo})
          ASSERT_TRUE(PutNow(*store, space, Key(i), Value(space, i)).ok());
    }
  }
  static std::string Key(int i) { return "key " + std::to_string(100 + i); }
  std::string Value(SpaceId space, int i) const {
    return std::to_string(space.id.bytes[15]) + "/" + std::to_string(i) +
           std::string(value_bytes_, 'v');
  }
  // Reads everything: each record is exact or an error. How many are errors.
  int CountErrors(Store& store) const {
    const auto reader = store.Read().value();
    int errors = 0;
    for (int i = 0; i < 40; ++i)
      for (const SpaceId space : {kOne, kTwo}) {
        const auto value = reader->Get(space, Key(i));
        if (value.ok())
          EXPECT_EQ(value->value_or("<none>"), Value(space, i));
        else
          ++errors;
      }
    return errors;
  }
  // Flips one bit of the file somewhere.
  void Flip(const std::string& path) {
    std::string data = disk_->Files()[path];
    char& byte = data[random_() % data.size()];
    byte = static_cast<char>(byte ^ (1 << random_() % 8));
    disk_->SetFile(path, data);
  }
  // The database below the seals of values, as someone with the key of the files sees it.
  void WithRawDatabase(const std::function<void(rocksdb::DB&)>& use) {
    const RocksDbOptions options = Options();
    auto keyring =
        Keyring::Open({disk_, options.directory, options.key_provider, &base::SystemRandom()});
    ASSERT_TRUE(keyring.ok());
    auto env = MakeEncryptedEnv(disk_, (*keyring)->file_key(), base::SystemRandom());
    ASSERT_TRUE(env.ok());
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(EngineOptions(env->get(), std::size_t{8} << 20),
                                  options.directory + "/db", &opened)
                    .ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    use(*db);
  }
  static std::string RawGet(rocksdb::DB& db, const std::string& key) {
    std::string value;
    EXPECT_TRUE(db.Get(VerifiedReadOptions(), key, &value).ok());
    return value;
  }

  TemporaryDirectory directory_;  // of the root key
  std::shared_ptr<SimulatedDisk> disk_ = std::make_shared<SimulatedDisk>();
  std::size_t value_bytes_ = 0;
  const unsigned seed_ = std::random_device()();
  std::mt19937_64 random_{seed_};
};

// A changed file either makes the store refuse to open, or every read is exact or an error.
TEST_F(TamperTest, AChangedByteAnywhereNeverGivesAWrongAnswer) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  Fill();
  const std::shared_ptr<SimulatedDisk> original = disk_;
  std::vector<std::string> paths;
  for (const auto& [path, data] : original->Files())
    if (!data.empty()) paths.push_back(path);
  ASSERT_GE(paths.size(), 6U);
  int refused = 0;
  const int trials = Long() ? 10000 : 400;
  for (int trial = 0; trial < trials; ++trial) {
    disk_ = original->Clone();
    const std::string& path = paths[random_() % paths.size()];
    Flip(path);
    SCOPED_TRACE(path);
    auto opened = OpenRocksDb(Options());
    opened.ok() ? CountErrors(**opened) : ++refused;
    ASSERT_FALSE(HasFailure());
  }
  // All but the pages of tables and old options that nobody reads.
  EXPECT_GT(refused, trials / 2);
}

TEST_F(TamperTest, AChangedBlockOfALargeTableFailsTheReadsThatNeedIt) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  Fill(30000);
  const std::shared_ptr<SimulatedDisk> original = disk_;
  int detected = 0;
  // RocksDB waits a second when a compaction meets the block.
  for (int trial = 0; trial < (Long() ? 500 : 6); ++trial) {
    disk_ = original->Clone();
    for (const auto& [path, data] : original->Files())
      if (path.ends_with(".sst")) Flip(path);
    auto opened = OpenRocksDb(Options());
    if (!opened.ok() || CountErrors(**opened) > 0) ++detected;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(detected, 0);
}

TEST_F(TamperTest, AFileThatWasRemovedOrExchangedNeverGivesAWrongAnswer) {
  Fill();
  const std::shared_ptr<SimulatedDisk> original = disk_;
  const auto files = original->Files();
  for (const auto& [path, data] : files) {
    // The log that is being written can be cut short unseen: only an anchor outside would tell.
    if (data.empty() || path.ends_with(".log")) continue;
    for (const auto& [other, other_data] : files) {
      disk_ = original->Clone();
      SCOPED_TRACE(path + " and " + other);
      if (path == other) {
        disk_->RemoveFile(path);
      } else {
        disk_->SetFile(path, other_data);
        disk_->SetFile(other, data);
      }
      auto opened = OpenRocksDb(Options());
      if (opened.ok()) CountErrors(**opened);
      ASSERT_FALSE(HasFailure());
    }
  }
}

TEST_F(TamperTest, AValueThatWasChangedOrMovedIsRefusedAndTheOthersAreNot) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  Fill();
  const int rounds = Long() ? 250 : 8;
  int tampered = 0;
  for (int round = 0; round < rounds; ++round) {
    std::map<std::string, std::string> saved;
    std::set<std::pair<SpaceId, int>> changed;
    WithRawDatabase([&](rocksdb::DB& db) {
      for (int n = 0; n < 40; ++n) {
        const SpaceId space = random_() % 2 == 0 ? kOne : kTwo;
        const SpaceId other = random_() % 2 == 0 ? kOne : kTwo;
        const int i = static_cast<int>(random_() % 40);
        const int j = static_cast<int>(random_() % 40);
        if ((space == other && i == j) || changed.contains({space, i})) continue;
        const std::string key = RecordKey(space, Key(i));
        std::string value = RawGet(db, key);
        saved[key] = value;
        switch (random_() % 4) {
          case 0: value = RawGet(db, RecordKey(other, Key(j))); break;  // perhaps changed itself
          case 1: value[random_() % value.size()] ^= static_cast<char>(1 << random_() % 8); break;
          case 2: value.resize(random_() % value.size()); break;
          default: value.append(1, '\0'); break;
        }
        if (value == saved[key]) continue;
        changed.insert({space, i});
        ASSERT_TRUE(db.Put(CommitWriteOptions(), key, value).ok());
      }
    });
    {
      const auto store = OpenStore(Options());
      ASSERT_NE(store, nullptr);
      const auto reader = store->Read().value();
      for (int i = 0; i < 40; ++i)
        for (const SpaceId space : {kOne, kTwo})
          ASSERT_EQ(GetText(*reader, space, Key(i)),
                    changed.contains({space, i}) ? "<INTERNAL_SERVER_ERROR>" : Value(space, i));
      EXPECT_EQ(store->GetStats().integrity_failures, changed.size());
      if (!changed.empty()) {
        const std::string scan = ScanText(*reader, changed.begin()->first);
        EXPECT_TRUE(scan.ends_with("<INTERNAL_SERVER_ERROR>")) << "a list was shortened";
      }
    }
    tampered += static_cast<int>(changed.size());
    WithRawDatabase([&](rocksdb::DB& db) {
      for (const auto& [key, value] : saved)
        ASSERT_TRUE(db.Put(CommitWriteOptions(), key, value).ok());
    });
  }
  EXPECT_GT(tampered, rounds * 10);
}

TEST_F(TamperTest, TheStateOfASpaceCanNotBeTakenFromAnother) {
  Fill();
  WithRawDatabase([&](rocksdb::DB& db) {
    ASSERT_TRUE(db.Put(CommitWriteOptions(), StateKey(kOne), RawGet(db, StateKey(kTwo))).ok());
  });
  EXPECT_FALSE(OpenRocksDb(Options()).ok());
}

TEST_F(TamperTest, ADestroyedSpaceDoesNotComeBackWithAnOldKeyring) {
  Fill();
  const std::string keyring = disk_->Files()["/disk/data/KEYRING"];
  {
    const auto store = OpenStore(Options());
    auto transaction = BeginOn(*store, {kOne});
    ASSERT_TRUE(transaction->DestroySpace(kOne).ok());
    ASSERT_TRUE(CommitAndWait(*transaction).ok());
  }
  disk_->SetFile("/disk/data/KEYRING", keyring);
  const auto store = OpenStore(Options());
  EXPECT_EQ(GetText(*store->Read().value(), kOne, Key(0)), "<NOT_FOUND>");
  EXPECT_LT(disk_->Files()["/disk/data/KEYRING"].size(), keyring.size())
      << "the key is still there";
}

TEST_F(TamperTest, AKeyringWithoutTheKeyOfASpaceIsRefused) {
  {
    const auto store = OpenStore(Options());
    ASSERT_TRUE(MakeSpace(*store, kOne).ok());
  }
  const std::string old = disk_->Files()["/disk/data/KEYRING"];
  {
    const auto store = OpenStore(Options());
    ASSERT_TRUE(MakeSpace(*store, kTwo).ok());
  }
  disk_->SetFile("/disk/data/KEYRING", old);
  const auto files = disk_->Files();
  EXPECT_FALSE(OpenRocksDb(Options()).ok());
}

// Unique 32-byte texts, and every form in which one could stand in a file.
class Canaries {
 public:
  explicit Canaries(std::mt19937_64& random) : random_(random) {}

  std::string Next() {
    std::string text;
    while (text.size() < 32) text.push_back("abcdefghijklmnopqrstuvwxyz0123456789"[random_() % 36]);
    Add(text);
    Add(base::EncodeHex(text));
    std::string upper = base::EncodeHex(text);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    Add(upper);
    std::string little;
    for (const char c : text) little += {c, '\0'};
    Add(little);
    Add(little.substr(1));  // big-endian from the second character on
    // Three alignments; characters that depend on the neighbours are left out.
    for (std::size_t shift = 0; shift < 3; ++shift) {
      Add(base::EncodeBase64(text.substr(shift, 30 - shift / 2 * 3)).substr(0, 36));
      Add(base::EncodeBase64Url(text.substr(shift, 30 - shift / 2 * 3)).substr(0, 36));
    }
    return text;
  }
  // How many forms stand in `data`.
  int CountIn(const std::string& data) const {
    int hits = 0;
    for (std::size_t at = 0; at + 8 <= data.size(); ++at) {
      const auto [begin, end] = forms_.equal_range(data.substr(at, 8));
      for (auto form = begin; form != end; ++form)
        if (data.compare(at, form->second.size(), form->second) == 0) ++hits;
    }
    return hits;
  }

 private:
  void Add(const std::string& form) { forms_.emplace(form.substr(0, 8), form); }
  std::mt19937_64& random_;
  std::unordered_multimap<std::string, std::string> forms_;  // by their first eight bytes
};

TEST_F(TamperTest, TheScannerOfCanariesFindsThemInAllForms) {
  Canaries canaries(random_);
  const std::string text = canaries.Next();
  EXPECT_EQ(canaries.CountIn("nothing" + std::string(100, 'x')), 0);
  EXPECT_GT(canaries.CountIn("x" + text + "y"), 0);
  EXPECT_GT(canaries.CountIn("x" + base::EncodeHex(text)), 0);
  for (const std::string before : {"", "1", "22"})
    EXPECT_GT(canaries.CountIn(base::EncodeBase64(before + text + "rest")), 0) << before.size();
}

TEST_F(TamperTest, NothingThatIsStoredStandsInAnyFile) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  Canaries canaries(random_);
  const auto scan = [&](const std::string& when) {
    for (const auto& [path, data] : disk_->Files())
      EXPECT_EQ(canaries.CountIn(data), 0) << path << " " << when;
  };
  for (int round = 0; round < 3; ++round) {
    {
      const auto store = OpenStore(Options());
      ASSERT_EQ(MakeSpace(*store, kOne).ok(), round == 0);
      for (int i = 0; i < 100; ++i) {
        auto transaction = BeginOn(*store, {kOne, kInstallation});
        const std::string key = canaries.Next();
        ASSERT_TRUE(transaction->Put(kOne, key, canaries.Next()).ok());
        ASSERT_TRUE(transaction->Put(kInstallation, canaries.Next(), canaries.Next()).ok());
        ASSERT_TRUE(transaction->Delete(kOne, i % 3 == 0 ? key : "none").ok());
        if (i % 5 == 0) continue;  // dropped
        ASSERT_TRUE(CommitAndWait(*transaction).ok());
      }
      scan("while the store is open");
      if (round == 1) disk_->StopAfter(3);
      PutNow(*store, kOne, canaries.Next(), canaries.Next()).ok();
    }
    scan("after the store was closed");
    if (round == 1) disk_->PowerCut(random_);
    scan("after a power cut");
  }
}

}  // namespace
}  // namespace strongroom::storage
