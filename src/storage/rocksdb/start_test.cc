// Opening a store: what is refused, and that refusing writes nothing (security 7.16, 8.6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "storage/rocksdb/encrypted_file_system.h"
#include "storage/rocksdb/keyring.h"
#include "storage/rocksdb/settings.h"
#include "storage/rocksdb/space.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

const SpaceId kOne = TestSpace(1);

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> Tree(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) files[entry.path()] = ReadFile(entry.path());
  return files;
}

class StartTest : public testing::Test {
 protected:
  RocksDbOptions Options() { return TestOptions(directory_); }
  std::string Data() { return directory_.path() + "/data"; }
  void Make() {
    const auto store = OpenStore(Options());
    ASSERT_TRUE(MakeSpace(*store, kOne).ok());
    ASSERT_TRUE(PutNow(*store, kOne, "a", "1").ok());
  }
  // Opening is refused with `code`, and nothing is changed by that.
  void ExpectRefused(RocksDbOptions options, ErrorCode code, const std::string& message) {
    const auto before = Tree(directory_.path());
    const auto opened = OpenRocksDb(std::move(options));
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, code);
    EXPECT_THAT(opened.error().message, testing::HasSubstr(message));
    EXPECT_EQ(opened.error().message.find(directory_.path()), std::string::npos);
    EXPECT_FALSE(opened.error().hint.empty());
    EXPECT_TRUE(Tree(directory_.path()) == before) << "refusing wrote something";
  }

  TemporaryDirectory directory_;
};

TEST_F(StartTest, MakesTheDirectoryForItsOwnerOnly) {
  Make();
  struct stat about {};
  ASSERT_EQ(stat(Data().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700U);
}

TEST_F(StartTest, AWrongRootKeyIsRefusedAndWritesNothing) {
  Make();
  RocksDbOptions options = Options();
  options.key_provider = TestKeys(directory_.path() + "/other.key");
  ExpectRefused(std::move(options), ErrorCode::kDependencyError, "root key");
  EXPECT_EQ(GetText(*OpenStore(Options())->Read().value(), kOne, "a"), "1");
}

TEST_F(StartTest, AMissingKeyringIsRefused) {
  Make();
  fs::remove(Data() + "/KEYRING");
  ExpectRefused(Options(), ErrorCode::kDependencyError, "keyring of the store is missing");
}

TEST_F(StartTest, TheKeyringOfAnotherStoreIsRefused) {
  Make();
  RocksDbOptions other = Options();
  other.directory += "2";
  { const auto store = OpenStore(other); }
  fs::copy_file(other.directory + "/KEYRING", Data() + "/KEYRING",
                fs::copy_options::overwrite_existing);
  ExpectRefused(Options(), ErrorCode::kInternalServerError, "integrity");
}

TEST_F(StartTest, AStoreThatLostItsDatabaseDoesNotComeUpEmpty) {
  Make();
  fs::remove_all(Data() + "/db");
  const auto opened = OpenRocksDb(Options());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kDependencyError);
}

TEST_F(StartTest, ANewerFormatIsRefused) {
  Make();
  std::string keyring = ReadFile(Data() + "/KEYRING");
  keyring[8] = 99;
  std::ofstream(Data() + "/KEYRING", std::ios::binary) << keyring;
  ExpectRefused(Options(), ErrorCode::kDependencyError, "format");
}

TEST_F(StartTest, NothingIsMadeWhereThatIsNotAllowed) {
  RocksDbOptions options = Options();
  options.create_if_missing = false;
  ExpectRefused(options, ErrorCode::kDependencyError, "does not exist");
  fs::create_directory(Data());
  const auto opened = OpenRocksDb(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_FALSE(fs::exists(Data() + "/KEYRING"));
}

TEST_F(StartTest, SettingsThatDurabilityRestsOnAreChecked) {
  const rocksdb::DBOptions good = EngineOptions(nullptr, 1 << 20);
  EXPECT_TRUE(CheckSettings(good, CommitWriteOptions()).ok());
  EXPECT_FALSE(CheckSettings(rocksdb::DBOptions(), CommitWriteOptions()).ok());
  EXPECT_FALSE(CheckSettings(good, rocksdb::WriteOptions()).ok());
  rocksdb::DBOptions bad = good;
  bad.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  EXPECT_FALSE(CheckSettings(bad, CommitWriteOptions()).ok());
  bad = good;
  bad.track_and_verify_wals_in_manifest = false;
  EXPECT_FALSE(CheckSettings(bad, CommitWriteOptions()).ok());
}

TEST_F(StartTest, TheEpochMovesOnWhenAKeyHasSealedEnough) {
  RocksDbOptions options = Options();
  options.seals_per_key_max = 1000;
  for (int life = 0; life < 5; ++life) {
    const auto store = OpenStore(options);
    if (life == 0) {
      ASSERT_TRUE(MakeSpace(*store, kOne).ok());
    }
    for (int i = 0; i < 7; ++i) {
      auto transaction = BeginOn(*store, {kOne});
      for (int j = 0; j < 100; ++j) {
        const std::string key = std::to_string((life * 7 + i) * 100 + j);
        ASSERT_TRUE(transaction->Put(kOne, key, "v" + key).ok());
      }
      ASSERT_TRUE(CommitAndWait(*transaction).ok());
    }
    const auto reader = store->Read().value();
    for (int key = 0; key < (life + 1) * 700; ++key)
      ASSERT_EQ(GetText(*reader, kOne, std::to_string(key)), "v" + std::to_string(key));
  }
  // Bytes 1 to 4 of a sealed value are its epoch.
  auto keyring = Keyring::Open({rocksdb::FileSystem::Default(), options.directory,
                                options.key_provider, &base::SystemRandom()});
  auto env = MakeEncryptedEnv(rocksdb::FileSystem::Default(), (*keyring)->file_key(),
                              base::SystemRandom());
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(EngineOptions(env->get(), 1 << 20), Data() + "/db", &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::map<std::string, int> sealed;
  const std::unique_ptr<rocksdb::Iterator> at(db->NewIterator(rocksdb::ReadOptions()));
  for (at->Seek(RecordKey(kOne, {})); at->Valid() && at->key()[0] == 'r'; at->Next())
    ++sealed[at->value().ToString().substr(1, 4)];
  EXPECT_GE(sealed.size(), 4U) << "3500 seals need four keys at least";
  for (const auto& [epoch, count] : sealed) EXPECT_LE(count, 1000);
}

// Another process with its own store, made of this very program.
class Child {
 public:
  explicit Child(const std::string& directory) {
    int ends[2];
    if (pipe(ends) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    setenv("STRONGROOM_TEST_DIRECTORY", directory.c_str(), 1);
    const char* arguments[] = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                               "--gtest_filter=StartTestChild.DISABLED_WritesUntilItIsKilled",
                               nullptr};
    std::error_code ignored;
    const std::string program = fs::read_symlink("/proc/self/exe", ignored);
    posix_spawn(&process_, program.c_str(), &actions, nullptr, const_cast<char**>(arguments),
                environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~Child() {
    Kill();
    if (output_ != nullptr) fclose(output_);
  }
  // The number of the next commit that the child acknowledged; 0 when it says no more.
  int Acknowledged() {
    char line[256];
    while (fgets(line, sizeof line, output_) != nullptr)
      if (std::string_view(line).starts_with("committed ")) return std::atoi(line + 10);
    return 0;
  }
  void Kill() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  pid_t process_ = 0;
  FILE* output_ = nullptr;
};

RocksDbOptions ChildOptions(const std::string& directory) {
  RocksDbOptions options;
  options.directory = directory + "/data";
  options.key_provider = TestKeys(directory + "/root.key");
  options.cache_bytes = std::size_t{8} << 20;
  return options;
}

TEST(StartTestChild, DISABLED_WritesUntilItIsKilled) {
  const char* const directory = std::getenv("STRONGROOM_TEST_DIRECTORY");
  if (directory == nullptr) GTEST_SKIP();
  const auto store = OpenStore(ChildOptions(directory));
  const std::string last = GetText(*store->Read().value(), kOne, "last");
  for (int i = last == "<none>" ? 1 : std::stoi(last) + 1; i < 100000; ++i) {
    auto transaction = BeginOn(*store, {kOne});
    ASSERT_TRUE(transaction->Put(kOne, "last", std::to_string(i)).ok());
    ASSERT_TRUE(transaction->Put(kOne, "n" + std::to_string(i), "committed").ok());
    ASSERT_TRUE(CommitAndWait(*transaction).ok());
    std::printf("committed %d\n", i);
    std::fflush(stdout);
  }
}

TEST_F(StartTest, ASecondProcessIsRefusedWhileTheFirstRuns) {
  Make();
  Child child(directory_.path());
  ASSERT_GT(child.Acknowledged(), 0);
  const auto opened = OpenRocksDb(Options());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
  child.Kill();
  EXPECT_NE(OpenStore(Options()), nullptr);
}

TEST_F(StartTest, ASecondStoreInTheSameProcessIsRefusedToo) {
  const auto store = OpenStore(Options());
  const auto second = OpenRocksDb(Options());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
}

TEST_F(StartTest, WhatAKilledProcessAcknowledgedIsThere) {
  Make();
  std::mt19937_64 random(std::random_device{}());
  const int rounds = std::getenv("STRONGROOM_LONG") != nullptr ? 100 : 5;
  for (int round = 0; round < rounds; ++round) {
    int acknowledged = 0;
    {
      Child child(directory_.path());
      for (auto commits = 1 + random() % 60; commits > 0; --commits)
        acknowledged = child.Acknowledged();
      ASSERT_GT(acknowledged, 0);
      child.Kill();
      while (const int more = child.Acknowledged()) acknowledged = more;
    }
    const auto store = OpenStore(Options());
    const auto reader = store->Read().value();
    const int last = std::stoi(GetText(*reader, kOne, "last"));
    EXPECT_GE(last, acknowledged);
    EXPECT_LE(last, acknowledged + 1);
    for (int i = 1; i <= last; ++i)
      ASSERT_EQ(GetText(*reader, kOne, "n" + std::to_string(i)), "committed");
  }
}

}  // namespace
}  // namespace strongroom::storage
