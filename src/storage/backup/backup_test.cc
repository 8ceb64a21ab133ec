// Backups: what comes back, and that nothing cut, moved, changed or foreign does (security 7.21).
#include "storage/backup/backup.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "storage/backup/frame.h"
#include "storage/backup/limits.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

void Ignore(const BackupReport&) {}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class BackupTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = OpenStore(TestOptions(directory_));
    ASSERT_TRUE(MakeSpace(*store_, kOne).ok());
    ASSERT_TRUE(PutNow(*store_, kOne, "a", "canary of one").ok());
  }
  std::string Data() { return directory_.path() + "/data"; }
  std::string File() { return directory_.path() + "/it.backup"; }
  std::shared_ptr<KeyProvider> Keys() { return TestKeys(directory_.path() + "/root.key"); }
  base::Result<BackupReport> Write() {
    return WriteBackup(Data(), File(), Keys(), base::SystemRandom(), Ignore);
  }
  void Make() {
    ASSERT_TRUE(MakeCheckpoint(*store_).ok());
    const auto written = Write();
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  // Where each frame begins, and the end.
  std::vector<std::size_t> Frames(const std::string& bytes) {
    const int fd = open(File().c_str(), O_RDONLY);
    auto reader = FrameReader::Open(fd, Keys());
    EXPECT_TRUE(reader.ok());
    std::vector<std::size_t> at{reader->position()};
    while (reader->position() < bytes.size() && reader->Next().ok())
      at.push_back(reader->position());
    close(fd);
    return at;
  }
  void ExpectRefused(const std::string& bytes, const std::string& what) {
    const std::string path = directory_.path() + "/bad.backup";
    const std::string target = directory_.path() + "/bad";
    WriteFile(path, bytes);
    EXPECT_FALSE(VerifyBackup(path, Keys(), Ignore).ok()) << what;
    EXPECT_FALSE(RestoreBackup(path, target, Keys(), Ignore).ok()) << what;
    EXPECT_FALSE(fs::exists(target) || fs::exists(target + ".restoring")) << what;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Store> store_;
};

TEST_F(BackupTest, RestoresTheStateOfTheCheckpoint) {
  ASSERT_TRUE(MakeCheckpoint(*store_).ok());
  ASSERT_TRUE(PutNow(*store_, kOne, "b", "later").ok());
  ASSERT_TRUE(MakeSpace(*store_, kTwo).ok());
  ASSERT_TRUE(Write().ok());
  EXPECT_FALSE(fs::exists(Data() + "/BACKUP"));
  EXPECT_FALSE(fs::exists(File() + ".part"));
  EXPECT_TRUE(VerifyBackup(File(), Keys(), Ignore).ok());
  RocksDbOptions options = TestOptions(directory_);
  options.directory = directory_.path() + "/restored/";
  options.create_if_missing = false;
  const auto restored = RestoreBackup(File(), options.directory, Keys(), Ignore);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  const auto copy = OpenStore(options);
  ASSERT_NE(copy, nullptr);
  const auto snapshot = copy->Read();
  EXPECT_EQ(ScanText(**snapshot, kOne), "a=canary of one");
  EXPECT_EQ(GetText(**snapshot, kTwo, "a"), "<NOT_FOUND>");
}

TEST_F(BackupTest, HoldsACommitThatTheLogAloneHad) {
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(PutNow(*store_, kOne, "k" + std::to_string(i), std::string(1000, 'x')).ok());
  Make();
  EXPECT_EQ(ReadFile(File()).find("canary"), std::string::npos);
  RocksDbOptions options = TestOptions(directory_);
  options.directory = directory_.path() + "/restored";
  ASSERT_TRUE(RestoreBackup(File(), options.directory, Keys(), Ignore).ok());
  const auto copy = OpenStore(options);
  const auto snapshot = copy->Read();
  EXPECT_EQ(GetText(**snapshot, kOne, "k99"), std::string(1000, 'x'));
}

TEST_F(BackupTest, RefusesWhatIsCutAtAnyFrameOrWithinOne) {
  Make();
  const std::string whole = ReadFile(File());
  const auto frames = Frames(whole);
  ASSERT_GT(frames.size(), 8U);
  for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
    ExpectRefused(whole.substr(0, frames[i]), "cut before frame " + std::to_string(i));
    ExpectRefused(whole.substr(0, frames[i] + 20), "cut in frame " + std::to_string(i));
  }
  for (const std::size_t size : {0, 5, 8, 60, 130, 200})
    ExpectRefused(whole.substr(0, size), "cut in the head");
}

TEST_F(BackupTest, RefusesFramesThatAreMovedLeftOutRepeatedOrAdded) {
  Make();
  const std::string whole = ReadFile(File());
  const auto at = Frames(whole);
  const auto frame = [&](std::size_t i) { return whole.substr(at[i], at[i + 1] - at[i]); };
  for (std::size_t i = 0; i + 2 < at.size(); ++i) {
    const std::string before = whole.substr(0, at[i]);
    ExpectRefused(before + frame(i + 1) + frame(i) + whole.substr(at[i + 2]), "moved");
    ExpectRefused(before + whole.substr(at[i + 1]), "left out");
    ExpectRefused(before + frame(i) + whole.substr(at[i]), "repeated");
  }
  ExpectRefused(whole + frame(at.size() - 2), "a second end");
  ExpectRefused(whole + "x", "a byte more");
}

TEST_F(BackupTest, RefusesAChangedByteAnywhere) {
  Make();
  const std::string whole = ReadFile(File());
  const auto frames = Frames(whole);
  for (std::size_t at = 0; at < frames[0]; at += 3) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ExpectRefused(changed, "byte " + std::to_string(at) + " of the head");
  }
  for (std::size_t i = 0; i + 1 < frames.size(); ++i)
    for (const std::size_t at : {frames[i], frames[i] + 4, frames[i] + 9, frames[i + 1] - 1}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x40);
      ExpectRefused(changed, "byte " + std::to_string(at));
    }
}

TEST_F(BackupTest, RefusesFramesOfAnotherBackupOfTheSameStore) {
  Make();
  const std::string first = ReadFile(File());
  const auto at = Frames(first);
  fs::remove(File());
  Make();
  const std::string second = ReadFile(File());
  ASSERT_EQ(Frames(second).front(), at.front());
  ExpectRefused(first.substr(0, at[0]) + second.substr(at[0]), "another head");
}

TEST_F(BackupTest, OpensOnlyWithTheRootKeyThatOwnsIt) {
  Make();
  const auto other = TestKeys(directory_.path() + "/other.key");
  const std::string target = directory_.path() + "/foreign";
  const auto restored = RestoreBackup(File(), target, other, Ignore);
  ASSERT_FALSE(restored.ok());
  EXPECT_EQ(restored.error().code, ErrorCode::kDependencyError);
  EXPECT_FALSE(fs::exists(target));
}

TEST_F(BackupTest, GoesOnWhereItWasInterrupted) {
  ASSERT_TRUE(PutNow(*store_, kOne, "big", std::string(3 << 20, 'y')).ok());
  ASSERT_TRUE(MakeCheckpoint(*store_).ok());
  fs::copy(Data() + "/BACKUP", directory_.path() + "/kept", fs::copy_options::recursive);
  ASSERT_TRUE(Write().ok());
  const std::string whole = ReadFile(File());
  const auto frames = Frames(whole);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    fs::remove(File());
    fs::copy(directory_.path() + "/kept", Data() + "/BACKUP", fs::copy_options::recursive);
    WriteFile(File() + ".part", whole.substr(0, frames[i]) + whole.substr(frames[i], 15));
    ASSERT_TRUE(CanResume(Data(), File(), Keys()));
    const auto report = Write();
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->bytes_resumed > 0, i > 1) << i;
    EXPECT_TRUE(VerifyBackup(File(), Keys(), Ignore).ok());
  }
  // The part of another state is begun anew.
  fs::remove(File());
  WriteFile(File() + ".part", whole);
  ASSERT_TRUE(MakeCheckpoint(*store_).ok());
  EXPECT_FALSE(CanResume(Data(), File(), Keys()));
  const auto report = Write();
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->bytes_resumed, 0U);
  EXPECT_TRUE(VerifyBackup(File(), Keys(), Ignore).ok());
}

TEST_F(BackupTest, NeverReplacesAFileOrAStore) {
  Make();
  ASSERT_TRUE(MakeCheckpoint(*store_).ok());
  EXPECT_EQ(Write().error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(RestoreBackup(File(), Data(), Keys(), Ignore).error().code, ErrorCode::kAlreadyExists);
}

}  // namespace
}  // namespace strongroom::storage
