#include "storage/rocksdb/encrypted_file_system.h"

#include <gtest/gtest.h>

#include "storage/rocksdb/simulated_disk.h"

namespace strongroom::storage {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

base::SecretBytes FileKey(char fill) { return base::SecretBytes(std::string(32, fill)); }

class EncryptedFileSystemTest : public testing::Test {
 protected:
  EncryptedFileSystemTest() { Use(FileKey('k')); }

  void Use(const base::SecretBytes& key) {
    auto env = MakeEncryptedEnv(disk_, key, base::SystemRandom());
    ASSERT_TRUE(env.ok());
    env_ = *std::move(env);
    files_ = env_->GetFileSystem().get();
  }
  std::string RandomText(std::size_t size) {
    std::string text(size, '\0');
    for (char& byte : text) byte = static_cast<char>(random_());
    return text;
  }
  void Write(const std::string& path, const std::vector<std::string>& parts) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    ASSERT_TRUE(files_->NewWritableFile(path, FileOptions(), &file, nullptr).ok());
    for (const std::string& part : parts)
      ASSERT_TRUE(file->Append(part, IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
  }
  // Reads from the beginning in pieces of `step`; what was read before a failure is kept.
  IOStatus ReadAll(const std::string& path, std::string* content, std::size_t step = 32768) {
    content->clear();
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    IOStatus status = files_->NewSequentialFile(path, FileOptions(), &file, nullptr);
    std::string scratch(step, '\0');
    while (status.ok()) {
      Slice read;
      status = file->Read(step, IOOptions(), &read, scratch.data(), nullptr);
      if (!status.ok() || read.empty()) break;
      content->append(read.data(), read.size());
    }
    return status;
  }
  std::string Content(const std::string& path) {
    std::string content;
    const IOStatus status = ReadAll(path, &content);
    return status.ok() ? content : "<" + status.ToString() + ">";
  }
  std::uint64_t Size(const std::string& path) {
    std::uint64_t size = 0;
    EXPECT_TRUE(files_->GetFileSize(path, IOOptions(), &size, nullptr).ok());
    return size;
  }
  bool IsCorrupt(const std::string& path) {
    std::string content;
    return ReadAll(path, &content).IsCorruption();
  }

  const std::shared_ptr<SimulatedDisk> disk_ = std::make_shared<SimulatedDisk>();
  std::unique_ptr<rocksdb::Env> env_;
  rocksdb::FileSystem* files_ = nullptr;
  std::mt19937_64 random_{testing::UnitTest::GetInstance()->random_seed() + 1u};
};

TEST_F(EncryptedFileSystemTest, ReadsBackTablesOfAnySizeAtAnyPlace) {
  for (const std::size_t size : {0, 1, 4067, 4068, 4069, 8136, 8137, 300000}) {
    const std::string text = RandomText(size);
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < size; at += parts.back().size())
      parts.push_back(text.substr(at, 1 + random_() % 9000));
    Write("/d/1.sst", parts);
    EXPECT_EQ(Size("/d/1.sst"), size);
    EXPECT_EQ(Content("/d/1.sst"), text);
    std::unique_ptr<rocksdb::FSRandomAccessFile> file;
    ASSERT_TRUE(files_->NewRandomAccessFile("/d/1.sst", FileOptions(), &file, nullptr).ok());
    for (int i = 0; i < 100; ++i) {
      const std::size_t at = random_() % (size + 10);
      const std::size_t count = random_() % 20000;
      std::string scratch(count, '\0');
      Slice read;
      ASSERT_TRUE(file->Read(at, count, IOOptions(), &read, scratch.data(), nullptr).ok());
      ASSERT_EQ(read.ToString(), at < size ? text.substr(at, count) : "");
    }
  }
}

TEST_F(EncryptedFileSystemTest, ReadsBackLogsInWholePieces) {
  const std::vector<std::string> parts = {RandomText(1), "", RandomText(200000), RandomText(65536)};
  std::string text;
  for (const std::string& part : parts) text += part;
  Write("/d/1.log", parts);
  EXPECT_EQ(Size("/d/1.log"), text.size());
  for (const std::size_t step : {7u, 32768u, 1000000u}) {
    std::string content;
    ASSERT_TRUE(ReadAll("/d/1.log", &content, step).ok());
    EXPECT_EQ(content, text);
  }
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  ASSERT_TRUE(files_->NewSequentialFile("/d/1.log", FileOptions(), &file, nullptr).ok());
  ASSERT_TRUE(file->Skip(100000).ok());
  std::string scratch(100, '\0');
  Slice read;
  ASSERT_TRUE(file->Read(100, IOOptions(), &read, scratch.data(), nullptr).ok());
  EXPECT_EQ(read.ToString(), text.substr(100000, 100));
}

TEST_F(EncryptedFileSystemTest, NothingStandsInPlaintextAndNothingRepeats) {
  const std::string text(20000, 'A');
  Write("/d/1.sst", {text});
  Write("/d/2.log", {text});
  for (const auto& [path, data] : disk_->Files()) {
    EXPECT_EQ(data.find("AAAA"), std::string::npos) << path;
    std::set<std::string> seen;
    for (std::size_t at = 4096; at + 16 <= data.size(); at += 16)
      EXPECT_TRUE(seen.insert(data.substr(at, 16)).second) << path;
  }
}

TEST_F(EncryptedFileSystemTest, ALogThatIsCutAnywhereEndsBetweenTwoOfItsWrites) {
  Write("/d/1.log", {"one ", "two ", "three"});
  const std::string whole = disk_->Files()["/d/1.log"];
  std::set<std::string> seen;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    disk_->SetFile("/d/1.log", whole.substr(0, size));
    seen.insert(Content("/d/1.log"));
    EXPECT_EQ(Size("/d/1.log"), Content("/d/1.log").size());
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "one ", "one two ", "one two three"}));
}

TEST_F(EncryptedFileSystemTest, ALogWhoseEndNeverReachedTheDiskEndsBeforeIt) {
  Write("/d/1.log", {"one ", "two "});
  const std::size_t synced = disk_->Files()["/d/1.log"].size();
  Write("/d/1.log", {"one ", "two ", "three"});
  std::string torn = disk_->Files()["/d/1.log"];
  std::fill(torn.begin() + static_cast<std::ptrdiff_t>(synced), torn.end(), '\0');
  disk_->SetFile("/d/1.log", torn);
  EXPECT_EQ(Content("/d/1.log"), "one two ");
  disk_->SetFile("/d/1.log", std::string(500, '\0'));
  EXPECT_EQ(Content("/d/1.log"), "");
}

TEST_F(EncryptedFileSystemTest, EveryFlippedBitIsFound) {
  for (const std::string path : {"/d/1.log", "/d/MANIFEST-000001", "/d/CURRENT", "/d/2.sst"}) {
    Write(path, {RandomText(40), RandomText(60)});
    const std::string whole = disk_->Files()[path];
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (random_() % 8)));
      disk_->SetFile(path, changed);
      ASSERT_TRUE(IsCorrupt(path)) << path << " at " << at;
    }
  }
}

TEST_F(EncryptedFileSystemTest, PiecesAndFilesCanNotBeExchanged) {
  Write("/d/1.sst", {RandomText(4068 * 4)});
  std::string table = disk_->Files()["/d/1.sst"];
  std::swap_ranges(table.begin() + 4096, table.begin() + 8192, table.begin() + 8192);
  disk_->SetFile("/d/3.sst", disk_->Files()["/d/1.sst"]);
  disk_->SetFile("/d/1.sst", table);
  EXPECT_TRUE(IsCorrupt("/d/1.sst")) << "two blocks changed places";
  EXPECT_TRUE(IsCorrupt("/d/3.sst")) << "a table under another name";

  Write("/d/1.log", {"one ", "two "});
  const std::string log = disk_->Files()["/d/1.log"];
  const std::size_t record = (log.size() - 74) / 2;
  disk_->SetFile("/d/2.log", log);
  disk_->SetFile("/d/1.log", log.substr(0, 74) + log.substr(74 + record));
  EXPECT_TRUE(IsCorrupt("/d/1.log")) << "a record was taken out";
  EXPECT_TRUE(IsCorrupt("/d/2.log")) << "a log under another name";
}

TEST_F(EncryptedFileSystemTest, ATableThatWasShortenedOrAddedToIsFound) {
  const std::string text = RandomText(4068 * 3);
  Write("/d/1.sst", {text});
  const std::string whole = disk_->Files()["/d/1.sst"];
  for (const std::size_t size : {0, 100, 4096, 8192, 12288, 12300, 16383}) {
    disk_->SetFile("/d/1.sst", whole.substr(0, size));
    EXPECT_TRUE(IsCorrupt("/d/1.sst")) << size;
  }
  disk_->SetFile("/d/1.sst", whole + whole.substr(4096, 4096));
  EXPECT_TRUE(IsCorrupt("/d/1.sst"));
}

TEST_F(EncryptedFileSystemTest, AnotherKeyOpensNothing) {
  Write("/d/1.log", {"text"});
  Write("/d/1.sst", {"text"});
  Use(FileKey('x'));
  EXPECT_TRUE(IsCorrupt("/d/1.log"));
  EXPECT_TRUE(IsCorrupt("/d/1.sst"));
}

TEST_F(EncryptedFileSystemTest, PlaintextIsNeverTakenForAFile) {
  disk_->SetFile("/d/CURRENT", "MANIFEST-000001\n");
  disk_->SetFile("/d/OPTIONS-000001", std::string(200, 'x'));
  EXPECT_TRUE(IsCorrupt("/d/OPTIONS-000001"));
  EXPECT_EQ(Content("/d/CURRENT"), "") << "shorter than a header: as if never written";
}

TEST_F(EncryptedFileSystemTest, AReopenedLogGoesOnBehindItsLastWholeRecord) {
  Write("/d/1.log", {"one ", "two "});
  const std::string whole = disk_->Files()["/d/1.log"];
  for (const std::size_t lost : {std::size_t{0}, std::size_t{3}, whole.size()}) {
    disk_->SetFile("/d/1.log", whole.substr(0, whole.size() - lost));
    std::unique_ptr<rocksdb::FSWritableFile> file;
    ASSERT_TRUE(files_->ReopenWritableFile("/d/1.log", FileOptions(), &file, nullptr).ok());
    ASSERT_TRUE(file->Append("three", IOOptions(), nullptr).ok());
    const std::string expected = lost == 0 ? "one two three" : lost == 3 ? "one three" : "three";
    EXPECT_EQ(file->GetFileSize(IOOptions(), nullptr), expected.size());
    EXPECT_EQ(Content("/d/1.log"), expected);
  }
}

TEST_F(EncryptedFileSystemTest, SmallFilesCanBeRenamedAndBoundOnesOnlyLinkedUnderTheirName) {
  const IOOptions none;
  Write("/d/1.dbtmp", {"MANIFEST-000001\n"});
  ASSERT_TRUE(files_->RenameFile("/d/1.dbtmp", "/d/CURRENT", none, nullptr).ok());
  EXPECT_EQ(Content("/d/CURRENT"), "MANIFEST-000001\n");
  Write("/d/7.sst", {"table"});
  ASSERT_TRUE(files_->LinkFile("/d/7.sst", "/copy/7.sst", none, nullptr).ok());
  EXPECT_EQ(Content("/copy/7.sst"), "table");
  EXPECT_TRUE(files_->RenameFile("/d/7.sst", "/d/8.sst", none, nullptr).IsNotSupported());
  EXPECT_TRUE(files_->LinkFile("/d/7.sst", "/copy/8.sst", none, nullptr).IsNotSupported());
}

TEST_F(EncryptedFileSystemTest, AFileThatFailedToBeSyncedNeverSucceedsLater) {
  for (const std::string path : {"/d/1.log", "/d/1.sst"}) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    ASSERT_TRUE(files_->NewWritableFile(path, FileOptions(), &file, nullptr).ok());
    ASSERT_TRUE(file->Append("text", IOOptions(), nullptr).ok());
    disk_->FailSyncs(1);
    EXPECT_FALSE(file->Sync(IOOptions(), nullptr).ok());
    EXPECT_FALSE(file->Sync(IOOptions(), nullptr).ok());
    EXPECT_FALSE(file->Append("more", IOOptions(), nullptr).ok());
  }
}

TEST_F(EncryptedFileSystemTest, WhatWouldBypassTheEncryptionIsRefused) {
  std::shared_ptr<rocksdb::Logger> logger;
  std::unique_ptr<rocksdb::FSRandomRWFile> in_place;
  EXPECT_TRUE(files_->NewLogger("/d/LOG", IOOptions(), &logger, nullptr).IsNotSupported());
  EXPECT_TRUE(files_->NewRandomRWFile("/d/x", FileOptions(), &in_place, nullptr).IsNotSupported());
  EXPECT_TRUE(disk_->Files().empty());
}

}  // namespace
}  // namespace strongroom::storage
