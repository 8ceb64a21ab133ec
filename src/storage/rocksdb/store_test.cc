#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "storage/testing.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

class StoreTest : public testing::Test {
 protected:
  StoreTest() : store_(OpenStore(TestOptions(directory_))) {
    EXPECT_TRUE(MakeSpace(*store_, kOne).ok());
    EXPECT_TRUE(MakeSpace(*store_, kTwo).ok());
  }
  void Reopen() {
    store_.reset();
    store_ = OpenStore(TestOptions(directory_));
  }
  std::string Durable(SpaceId space, const std::string& key) {
    return GetText(*store_->Read().value(), space, key);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, KeepsWhatWasCommittedAcrossARestart) {
  ASSERT_TRUE(PutNow(*store_, kOne, "a", "1").ok());
  ASSERT_TRUE(PutNow(*store_, kInstallation, "b", "2").ok());
  ASSERT_TRUE(PutNow(*store_, kOne, "", "the empty key").ok());
  Reopen();
  EXPECT_EQ(Durable(kOne, "a"), "1");
  EXPECT_EQ(Durable(kInstallation, "b"), "2");
  EXPECT_EQ(Durable(kOne, ""), "the empty key");
  EXPECT_EQ(Durable(kTwo, "a"), "<none>");
}

TEST_F(StoreTest, ASnapshotOfMemoryGivesUpAtWhatIsOnDisk) {
  auto transaction = BeginOn(*store_, {kOne});
  for (int i = 100; i < 200; ++i)  // so that the last is in no block that opening reads
    ASSERT_TRUE(transaction->Put(kOne, "k" + std::to_string(i), std::string(1024, 'v')).ok());
  ASSERT_TRUE(transaction->Put(kOne, "last", "1").ok());
  ASSERT_TRUE(CommitAndWait(*transaction).ok());
  EXPECT_EQ(GetText(*store_->Read(Reach::kMemory).value(), kOne, "last"), "1");
  Reopen();  // the log's records go to a file,
  Reopen();  // which nobody has read yet
  const auto cold = store_->Read(Reach::kMemory).value();
  EXPECT_EQ(GetText(*cold, kOne, "last"), "<UNAVAILABLE>");
  EXPECT_TRUE(cold->has_given_up());
  const auto listed = store_->Read(Reach::kMemory).value();
  const auto cursor = listed->Scan(kOne, {"last", ""}).value();
  const auto first = cursor->Next();
  ASSERT_FALSE(first.ok());
  EXPECT_EQ(first.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(listed->has_given_up());

  EXPECT_EQ(Durable(kOne, "last"), "1");
  EXPECT_EQ(GetText(*cold, kOne, "last"), "<UNAVAILABLE>") << "what has given up stays so";
  const auto warm = store_->Read(Reach::kMemory).value();
  EXPECT_EQ(GetText(*warm, kOne, "last"), "1");
  EXPECT_FALSE(warm->has_given_up());
}

TEST_F(StoreTest, ASnapshotOfMemoryReadsSoManyRecords) {
  auto transaction = BeginOn(*store_, {kOne});
  for (std::size_t i = 0; i <= kMemoryReadsMax; ++i)
    ASSERT_TRUE(transaction->Put(kOne, "k" + std::to_string(i), "v").ok());
  ASSERT_TRUE(CommitAndWait(*transaction).ok());
  const auto snapshot = store_->Read(Reach::kMemory).value();
  const auto cursor = snapshot->Scan(kOne, {}).value();
  std::size_t read = 0;
  auto next = cursor->Next();
  for (; next.ok() && next.value(); next = cursor->Next()) ++read;
  EXPECT_LE(read, kMemoryReadsMax);
  EXPECT_GE(read, kMemoryReadsMax - 1);  // the cursor looks one ahead
  ASSERT_FALSE(next.ok()) << "a list is never shortened";
  EXPECT_EQ(next.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(snapshot->has_given_up());
  const auto whole = store_->Read().value();
  const auto rest = whole->Scan(kOne, {}).value();
  for (std::size_t i = 0; i <= kMemoryReadsMax; ++i) ASSERT_TRUE(rest->Next().value());
  EXPECT_FALSE(rest->Next().value());
}

TEST_F(StoreTest, ATransactionSeesItsOwnWritesAndSnapshotsDoNot) {
  ASSERT_TRUE(PutNow(*store_, kOne, "a", "old").ok());
  auto transaction = BeginOn(*store_, {kOne});
  ASSERT_TRUE(transaction->Put(kOne, "a", "new").ok());
  ASSERT_TRUE(transaction->Put(kOne, "b", "2").ok());
  ASSERT_TRUE(transaction->Delete(kOne, "b").ok());
  EXPECT_EQ(GetText(*transaction, kOne, "a"), "new");
  EXPECT_EQ(GetText(*transaction, kOne, "b"), "<none>");
  EXPECT_EQ(Durable(kOne, "a"), "old");
  const auto before = store_->Read().value();
  ASSERT_TRUE(CommitAndWait(*transaction).ok());
  EXPECT_EQ(GetText(*before, kOne, "a"), "old");
  EXPECT_EQ(Durable(kOne, "a"), "new");
}

TEST_F(StoreTest, ADroppedTransactionLeavesNothing) {
  {
    auto transaction = BeginOn(*store_, {kOne});
    ASSERT_TRUE(transaction->Put(kOne, "a", "1").ok());
  }
  std::promise<bool> answered;
  auto transaction = BeginOn(*store_, {kOne});
  ASSERT_TRUE(transaction->Put(kOne, "a", "2").ok());
  transaction->Rollback([&](base::Status status) { answered.set_value(status.ok()); });
  EXPECT_TRUE(answered.get_future().get());
  EXPECT_EQ(Durable(kOne, "a"), "<none>");
}

TEST_F(StoreTest, SpacesDoNotSeeEachOther) {
  ASSERT_TRUE(PutNow(*store_, kOne, "a", "1").ok());
  ASSERT_TRUE(PutNow(*store_, kTwo, "a", "2").ok());
  const auto reader = store_->Read().value();
  EXPECT_EQ(ScanText(*reader, kOne), "a=1");
  EXPECT_EQ(ScanText(*reader, kTwo), "a=2");
  EXPECT_EQ(ScanText(*reader, TestSpace(9)), "<NOT_FOUND>");
}

TEST_F(StoreTest, RefusesWritesToSpacesThatAreNotHeldOrDoNotExist) {
  auto transaction = BeginOn(*store_, {kOne, TestSpace(9)});
  EXPECT_EQ(transaction->Put(kTwo, "a", "1").error().code, ErrorCode::kInternalServerError);
  EXPECT_EQ(transaction->Put(TestSpace(9), "a", "1").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(GetText(*transaction, kTwo, "a"), "<none>") << "other spaces can be read";
}

TEST_F(StoreTest, RefusesKeysAndValuesOverTheLimit) {
  using namespace base::limits;
  auto transaction = BeginOn(*store_, {kOne});
  EXPECT_TRUE(transaction->Put(kOne, std::string(kStorageKeyBytesMax, 'k'), "").ok());
  EXPECT_EQ(transaction->Put(kOne, std::string(kStorageKeyBytesMax + 1, 'k'), "").error().code,
            ErrorCode::kLimitExceeded);
  EXPECT_TRUE(transaction->Put(kOne, "v", std::string(kStorageValueBytesMax, 'v')).ok());
  EXPECT_EQ(transaction->Put(kOne, "v", std::string(kStorageValueBytesMax + 1, 'v')).error().code,
            ErrorCode::kLimitExceeded);
}

TEST_F(StoreTest, TakesTurnsPerSpaceAndGivesUpAfterTheDeadline) {
  auto first = BeginOn(*store_, {kOne});
  const auto refused = store_->Begin({kTwo, kOne}, milliseconds(20));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(refused.error().retriable);
  EXPECT_TRUE(store_->Begin({kTwo}, milliseconds(20)).ok()) << "the turn of kTwo was kept";
  first.reset();
  EXPECT_TRUE(store_->Begin({kTwo, kOne}, milliseconds(20)).ok());
}

TEST_F(StoreTest, ATransactionMayBeginBeforeTheLastOneIsDurableAndSeesIt) {
  // Many more hand-overs than syncs can happen meanwhile: each reads what the one before wrote.
  std::atomic<int> answers = 0;
  constexpr int kCount = 500;
  for (int i = 0; i < kCount; ++i) {
    auto transaction = BeginOn(*store_, {kOne});
    const std::string value = GetText(*transaction, kOne, "counter");
    ASSERT_EQ(value, i == 0 ? "<none>" : std::to_string(i));
    ASSERT_TRUE(transaction->Put(kOne, "counter", std::to_string(i + 1)).ok());
    transaction->Commit([&](base::Status status) { answers += status.ok() ? 1 : 1000000; });
  }
  auto last = BeginOn(*store_, {kOne});
  ASSERT_TRUE(CommitAndWait(*last).ok()) << "an empty commit waits for what it saw";
  EXPECT_EQ(answers, kCount);
  EXPECT_EQ(Durable(kOne, "counter"), std::to_string(kCount));
  EXPECT_LT(store_->GetStats().groups, std::uint64_t{kCount});
}

TEST_F(StoreTest, SerializesIncrementsOfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        auto transaction =
            BeginOn(*store_, t % 2 == 0 ? std::vector{kOne, kTwo} : std::vector{kOne});
        const std::string seen = GetText(*transaction, kOne, "n");
        const int n = seen == "<none>" ? 0 : std::stoi(seen);
        EXPECT_TRUE(transaction->Put(kOne, "n", std::to_string(n + 1)).ok());
        EXPECT_TRUE(CommitAndWait(*transaction).ok());
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Durable(kOne, "n"), std::to_string(kThreads * kEach));
}

TEST_F(StoreTest, SixtyFourWaitersShareFewSyncs) {
  constexpr int kWaiters = 64;
  const std::uint64_t groups = store_->GetStats().groups;
  std::vector<std::promise<void>> answers(kWaiters);
  for (int i = 0; i < kWaiters; ++i) {
    auto transaction = BeginOn(*store_, {kOne});
    ASSERT_TRUE(transaction->Put(kOne, "k" + std::to_string(i), "v").ok());
    transaction->Commit([&answers, i](base::Status status) {
      EXPECT_TRUE(status.ok());
      answers[static_cast<std::size_t>(i)].set_value();
    });
  }
  for (auto& answer : answers) answer.get_future().wait();
  EXPECT_LE(store_->GetStats().groups - groups, 32U);
}

TEST_F(StoreTest, ASpaceIsMadeOnceAndDestroyedForGood) {
  EXPECT_EQ(MakeSpace(*store_, kOne).error().code, ErrorCode::kAlreadyExists);
  ASSERT_TRUE(PutNow(*store_, kOne, "a", "1").ok());
  auto transaction = BeginOn(*store_, {kOne});
  ASSERT_TRUE(transaction->DestroySpace(kOne).ok());
  EXPECT_EQ(GetText(*transaction, kOne, "a"), "<NOT_FOUND>");
  EXPECT_EQ(Durable(kOne, "a"), "1");
  ASSERT_TRUE(CommitAndWait(*transaction).ok());
  EXPECT_EQ(Durable(kOne, "a"), "<NOT_FOUND>");
  for (int restarts = 0; restarts < 2; ++restarts, Reopen()) {
    EXPECT_EQ(MakeSpace(*store_, kOne).error().code, ErrorCode::kAlreadyExists);
    EXPECT_EQ(PutNow(*store_, kOne, "a", "1").error().code, ErrorCode::kNotFound);
  }
  EXPECT_EQ(Durable(kTwo, "a"), "<none>");
}

TEST_F(StoreTest, ARolledBackSpaceCanBeMadeAgain) {
  {
    auto transaction = BeginOn(*store_, {TestSpace(7)});
    ASSERT_TRUE(transaction->CreateSpace(TestSpace(7)).ok());
    ASSERT_TRUE(transaction->Put(TestSpace(7), "a", "1").ok());
    EXPECT_EQ(GetText(*transaction, TestSpace(7), "a"), "1");
  }
  EXPECT_FALSE(BeginOn(*store_, {TestSpace(7)})->SpaceExists(TestSpace(7)).value());
  EXPECT_TRUE(MakeSpace(*store_, TestSpace(7)).ok());
  EXPECT_EQ(Durable(TestSpace(7), "a"), "<none>");
}

TEST_F(StoreTest, ACursorOfAnEndedTransactionFails) {
  auto transaction = BeginOn(*store_, {kOne});
  ASSERT_TRUE(transaction->Put(kOne, "a", "1").ok());
  auto cursor = transaction->Scan(kOne, {}).value();
  EXPECT_TRUE(cursor->Next().value());
  ASSERT_TRUE(CommitAndWait(*transaction).ok());
  EXPECT_FALSE(cursor->Next().ok());
}

}  // namespace
}  // namespace strongroom::storage
