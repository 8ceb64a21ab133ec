// What is acknowledged survives a power cut; what isn't is whole or absent (security 8.3, 8.4).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <thread>

#include "storage/rocksdb/simulated_disk.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

bool Long() { return std::getenv("STRONGROOM_LONG") != nullptr; }

class PowerLossTest : public testing::Test {
 protected:
  RocksDbOptions Options() {
    RocksDbOptions options = TestOptions(directory_);
    options.directory = "/disk/data";
    options.file_system = disk_;
    options.seals_per_key_max = 1000;
    return options;
  }
  void SetUp() override { Format(); }
  void Format() {
    disk_ = std::make_shared<SimulatedDisk>();
    disk_->SetDirectory("/disk");
  }

  TemporaryDirectory directory_;  // of the root key
  std::shared_ptr<SimulatedDisk> disk_;
};

// Transaction `i` writes `i` to five keys of two spaces, of which one is its own.
base::Status WriteNumber(Store& store, int i, Transaction::Done done) {
  const std::string text = std::to_string(i);
  STRONGROOM_ASSIGN(auto transaction, store.Begin({kOne, kTwo}));
  for (const std::string key : {"a", "b", "c"})
    STRONGROOM_TRY(transaction->Put(kOne, key, text + std::string(100, '.')));
  STRONGROOM_TRY(transaction->Put(kTwo, "last", text));
  STRONGROOM_TRY(transaction->Put(kTwo, "own/" + text, text));
  transaction->Commit(std::move(done));
  return {};
}

// The last transaction that is there, after checking that it and the 1000 before it are whole.
int LastWhole(Store& store) {
  const auto reader = store.Read().value();
  const std::string last = GetText(*reader, kTwo, "last");
  for (const std::string key : {"a", "b", "c"})
    EXPECT_EQ(GetText(*reader, kOne, key), last == "<none>" ? last : last + std::string(100, '.'));
  if (last == "<none>") return 0;
  for (int i = std::max(1, std::stoi(last) - 1000); i <= std::stoi(last); ++i)
    EXPECT_EQ(GetText(*reader, kTwo, "own/" + std::to_string(i)), std::to_string(i));
  EXPECT_EQ(GetText(*reader, kTwo, "own/" + std::to_string(std::stoi(last) + 1)), "<none>");
  return std::stoi(last);
}

TEST_F(PowerLossTest, AcknowledgedCommitsSurviveAndOthersAreWholeOrAbsent) {
  std::random_device seeds;
  const unsigned seed = seeds();
  std::mt19937_64 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));
  {
    const auto store = OpenStore(Options());
    ASSERT_TRUE(MakeSpace(*store, kOne).ok());
    ASSERT_TRUE(MakeSpace(*store, kTwo).ok());
  }
  int last = 0;
  const int cuts = Long() ? 1000 : 60;
  for (int cut = 0; cut < cuts; ++cut) {
    std::atomic<int> acknowledged = last;
    // Sometimes already while the store recovers.
    disk_->StopAfter(static_cast<std::int64_t>(random() % 200));
    {
      auto opened = OpenRocksDb(Options());
      if (opened.ok()) {
        ASSERT_EQ(LastWhole(**opened), last);
        for (int i = last + 1; !disk_->stopped() && i < last + 200; ++i)
          if (!WriteNumber(**opened, i, [&, i](base::Status status) {
                 if (status.ok()) acknowledged = std::max(acknowledged.load(), i);
               }).ok())
            break;
      } else {
        ASSERT_TRUE(disk_->stopped()) << opened.error().message;
      }
    }
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "cut " << cut;
    last = LastWhole(*store);
    ASSERT_GE(last, acknowledged) << "cut " << cut;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(last, cuts) << "hardly anything was ever committed";
}

TEST_F(PowerLossTest, AStoreWhoseMakingWasInterruptedIsMadeAnew) {
  std::mt19937_64 random(7);
  for (int after = 0; after < 60; ++after) {
    Format();
    disk_->StopAfter(after);
    const bool made = OpenRocksDb(Options()).ok();
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "stopped after " << after << " operations, made: " << made;
    EXPECT_TRUE(PutNow(*store, kInstallation, "a", "1").ok());
  }
}

TEST_F(PowerLossTest, SpacesAreMadeAndDestroyedAcrossPowerCuts) {
  std::mt19937_64 random(11);
  const int rounds = Long() ? 500 : 60;
  std::map<int, char> expected;  // by space: 'm'ade, 'x' destroyed
  { ASSERT_NE(OpenStore(Options()), nullptr); }
  for (int round = 0; round < rounds; ++round) {
    const int number = 10 + round % 200;
    std::map<int, char> uncertain;
    {
      const auto store = OpenStore(Options());
      ASSERT_NE(store, nullptr);
      disk_->StopAfter(static_cast<std::int64_t>(random() % 40));
      const SpaceId space = TestSpace(static_cast<std::uint8_t>(number));
      const bool fresh = !expected.contains(number);
      if (fresh && MakeSpace(*store, space).ok()) {
        expected[number] = 'm';
      } else if (fresh) {
        uncertain[number] = 'm';
      }
      if (expected[number] == 'm' && round % 3 == 0) {
        auto transaction = store->Begin({space});
        if (transaction.ok() && (*transaction)->DestroySpace(space).ok()) {
          const bool done = CommitAndWait(**transaction).ok();
          (done ? expected : uncertain)[number] = 'x';
        }
      }
      if (expected[number] == '\0') expected.erase(number);
    }
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "round " << round;
    for (const auto& [which, change] : uncertain) {
      auto transaction = BeginOn(*store, {TestSpace(static_cast<std::uint8_t>(which))});
      const bool there =
          transaction->SpaceExists(TestSpace(static_cast<std::uint8_t>(which))).value();
      if (change == 'm' && there) expected[which] = 'm';
      if (change == 'x' && !there) expected[which] = 'x';
    }
    for (const auto& [which, state] : expected) {
      auto transaction = BeginOn(*store, {TestSpace(static_cast<std::uint8_t>(which))});
      ASSERT_EQ(transaction->SpaceExists(TestSpace(static_cast<std::uint8_t>(which))).value(),
                state == 'm')
          << which;
    }
  }
}

TEST_F(PowerLossTest, AfterAFailedSyncNothingIsAcknowledgedAndReadsGoOn) {
  auto store = OpenStore(Options());
  ASSERT_TRUE(MakeSpace(*store, kOne).ok());
  ASSERT_TRUE(PutNow(*store, kOne, "before", "1").ok());
  disk_->FailSyncs(1);
  const auto failed = PutNow(*store, kOne, "lost", "2");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(failed.error().retriable);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(PutNow(*store, kOne, "after", "3").error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(store->GetHealth().ready);
  EXPECT_EQ(store->GetHealth().reason.find('/'), std::string::npos);
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "before"), "1");
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "lost"), "<none>");
  store.reset();
  std::mt19937_64 random(3);
  disk_->PowerCut(random);
  store = OpenStore(Options());
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "before"), "1");
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "after"), "<none>");
  EXPECT_TRUE(PutNow(*store, kOne, "after", "4").ok());
}

TEST_F(PowerLossTest, ThoseWhoWaitTogetherFailTogether) {
  const auto store = OpenStore(Options());
  ASSERT_TRUE(MakeSpace(*store, kOne).ok());
  disk_->FailSyncs(1);
  std::atomic<int> refused = 0;
  std::atomic<int> acknowledged = 0;
  int begun = 0;
  for (int i = 0; i < 100; ++i) {
    auto transaction = store->Begin({kOne});
    if (!transaction.ok()) break;
    ASSERT_TRUE((*transaction)->Put(kOne, std::to_string(i), "x").ok());
    (*transaction)->Commit([&](base::Status status) { ++(status.ok() ? acknowledged : refused); });
    ++begun;
  }
  while (refused < begun) std::this_thread::yield();
  EXPECT_EQ(acknowledged, 0);
}

// security 8.8, at RocksDB's own rates.
TEST_F(PowerLossTest, ReadsAndWritesThatFailAtRandomNeverGiveAWrongAnswer) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  {
    const auto store = OpenStore(Options());
    ASSERT_TRUE(MakeSpace(*store, kOne).ok());
    ASSERT_TRUE(MakeSpace(*store, kTwo).ok());
  }
  int last = 0;
  for (int run = 0; run < (Long() ? 1000 : 40); ++run) {
    int acknowledged = last;
    disk_->FailOneIn(static_cast<std::uint32_t>(32 + random() % 1000),
                     static_cast<std::uint32_t>(128 + random() % 1000));
    if (auto opened = OpenRocksDb(Options()); opened.ok()) {
      for (int i = last + 1; i < last + 50; ++i) {
        std::promise<bool> done;
        const auto begun =
            WriteNumber(**opened, i, [&](base::Status status) { done.set_value(status.ok()); });
        if (!begun.ok() || !done.get_future().get()) break;
        acknowledged = i;
      }
      const auto reader = (*opened)->Read().value();
      for (int i = 1; i <= acknowledged; i += 7) {
        const auto value = reader->Get(kTwo, "own/" + std::to_string(i));
        if (value.ok()) {
          ASSERT_EQ(value->value_or("<none>"), std::to_string(i));
        }
      }
    }
    disk_->PowerCut(random);
    const auto store = OpenStore(Options());
    ASSERT_NE(store, nullptr) << "run " << run;
    last = LastWhole(*store);
    ASSERT_GE(last, acknowledged) << "run " << run;
  }
}

TEST_F(PowerLossTest, AFullDiskRefusesWritesWithAClearErrorAndLosesNothing) {
  auto store = OpenStore(Options());
  ASSERT_TRUE(MakeSpace(*store, kOne).ok());
  ASSERT_TRUE(PutNow(*store, kOne, "before", "1").ok());
  disk_->SetFull(true);
  const auto refused = PutNow(*store, kOne, "more", "2");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "the disk of the store is full");
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "before"), "1");
  store.reset();
  disk_->SetFull(false);
  store = OpenStore(Options());
  EXPECT_EQ(GetText(*store->Read().value(), kOne, "before"), "1");
  EXPECT_TRUE(PutNow(*store, kOne, "more", "2").ok());
}

}  // namespace
}  // namespace strongroom::storage
