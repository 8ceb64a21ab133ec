// The store against a std::map, with commits in flight at any time (DESIGN 3, security 8.24).
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <thread>

#include "storage/rocksdb/simulated_disk.h"
#include "storage/testing.h"

namespace strongroom::storage {
namespace {

const SpaceId kOne = TestSpace(1);
const SpaceId kTwo = TestSpace(2);

using Model = std::map<SpaceId, std::map<std::string, std::string>>;

class ModelTest : public testing::Test {
 protected:
  ModelTest() {
    disk_->SetDirectory("/disk");
    store_ = OpenStore(Options());
    for (const SpaceId space : {kOne, kTwo}) {
      EXPECT_TRUE(MakeSpace(*store_, space).ok());
      // Reserves the first seals, with a sync that must not be held.
      EXPECT_TRUE(PutNow(*store_, space, "first", "").ok());
      auto transaction = BeginOn(*store_, {space});
      EXPECT_TRUE(transaction->Delete(space, "first").ok());
      EXPECT_TRUE(CommitAndWait(*transaction).ok());
    }
  }
  ~ModelTest() override { disk_->HoldSyncs(false); }
  RocksDbOptions Options() {
    RocksDbOptions options = TestOptions(directory_);
    options.directory = "/disk/data";
    options.file_system = disk_;
    return options;
  }
  std::string Key() {
    std::string key(random_() % 3, '\0');
    for (char& byte : key) byte = "\x00\x01 az\xFF"[random_() % 6];
    return key;
  }
  KeyRange Range() {
    KeyRange range{Key(), Key()};
    if (random_() % 3 == 0) range.begin.clear();
    if (random_() % 3 == 0) range.end.clear();
    return range;
  }
  static std::string Expected(const std::map<std::string, std::string>& records,
                              const KeyRange& range, ScanOptions options) {
    std::deque<std::string> lines;
    for (const auto& [key, value] : records) {
      if (key < range.begin || (!range.end.empty() && key >= range.end)) continue;
      const std::string line = key + "=" + (options.keys_only ? "" : value);
      options.reverse ? lines.push_front(line) : lines.push_back(line);
    }
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : " ") + line;
    return text;
  }
  // The number of the state that the snapshot shows, from `least` on.
  static std::size_t Which(Reader& snapshot, const std::vector<Model>& states, std::size_t least) {
    std::map<SpaceId, std::string> seen;
    for (const SpaceId space : {kOne, kTwo}) seen[space] = ScanText(snapshot, space);
    for (std::size_t i = least; i < states.size(); ++i)
      if (std::ranges::all_of(states[i], [&](const auto& space) {
            return Expected(space.second, {}, {}) == seen[space.first];
          }))
        return i;
    ADD_FAILURE() << "the snapshot is none of the states since " << least;
    return least;
  }
  // A few random reads of `reader` against `model`.
  void CheckReads(Reader& reader, const Model& model) {
    for (const auto& [space, records] : model) {
      const std::string key = Key();
      const auto at = records.find(key);
      ASSERT_EQ(GetText(reader, space, key), at == records.end() ? "<none>" : at->second);
      const KeyRange range = Range();
      const ScanOptions options{random_() % 2 == 0, random_() % 4 == 0};
      ASSERT_EQ(ScanText(reader, space, range, options), Expected(records, range, options));
    }
  }

  TemporaryDirectory directory_;
  const std::shared_ptr<SimulatedDisk> disk_ = std::make_shared<SimulatedDisk>();
  const unsigned seed_ = std::random_device()();
  std::mt19937_64 random_{seed_};
  std::unique_ptr<Store> store_;
};

TEST_F(ModelTest, BehavesAsAMapWithWritesInFlight) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  Model model{{kOne, {}}, {kTwo, {}}};
  std::vector<Model> states = {model};  // after each commit
  std::atomic<std::size_t> acknowledged = 0;
  int number = 0;
  const int rounds = std::getenv("STRONGROOM_LONG") != nullptr ? 50000 : 1500;
  for (int round = 0; round < rounds; ++round) {
    disk_->HoldSyncs(random_() % 2 == 0);
    auto transaction = BeginOn(*store_, {kOne, kTwo});
    Model changed = model;
    for (auto writes = random_() % 6; writes > 0; --writes) {
      const SpaceId space = random_() % 2 == 0 ? kOne : kTwo;
      const std::string key = Key();
      if (random_() % 3 == 0) {
        ASSERT_TRUE(transaction->Delete(space, key).ok());
        changed[space].erase(key);
      } else {
        changed[space][key] = std::to_string(++number);
        ASSERT_TRUE(transaction->Put(space, key, changed[space][key]).ok());
      }
      if (random_() % 2 == 0) CheckReads(*transaction, changed);
    }
    if (random_() % 4 != 0) {
      const std::size_t order = states.size();
      transaction->Commit([&acknowledged, order](base::Status status) {
        EXPECT_TRUE(status.ok());
        acknowledged = std::max(acknowledged.load(), order);
      });
      model = std::move(changed);
      states.push_back(model);
    } else if (random_() % 2 == 0) {
      transaction->Rollback([](base::Status status) { EXPECT_TRUE(status.ok()); });
    }
    transaction.reset();
    // A snapshot is one of the states that were handed over, not older than what is acknowledged.
    const std::size_t least = acknowledged;
    const auto snapshot = store_->Read().value();
    CheckReads(*snapshot, states[Which(*snapshot, states, least)]);
    if (testing::Test::HasFailure()) return;
    if (random_() % 200 == 0) {
      disk_->HoldSyncs(false);
      ASSERT_TRUE(CommitAndWait(*BeginOn(*store_, {kOne})).ok());
    }
  }
}

TEST_F(ModelTest, NoAnswerShowsWhatIsNotDurable) {
  disk_->HoldSyncs(true);
  std::atomic<bool> committed = false;
  std::atomic<bool> rolled_back = false;
  std::atomic<bool> read = false;
  auto first = BeginOn(*store_, {kOne});
  ASSERT_TRUE(first->Put(kOne, "a", "1").ok());
  first->Commit([&](base::Status status) { committed = status.ok(); });
  auto second = BeginOn(*store_, {kOne});
  EXPECT_EQ(GetText(*second, kOne, "a"), "1") << "transactions see what is in flight";
  second->Rollback([&](base::Status status) { rolled_back = status.ok(); });
  auto third = BeginOn(*store_, {kOne});
  third->Commit([&](base::Status status) { read = status.ok(); });
  auto other = BeginOn(*store_, {kTwo});
  EXPECT_TRUE(CommitAndWait(*other).ok()) << "who saw nothing of it does not wait";
  EXPECT_EQ(GetText(*store_->Read().value(), kOne, "a"), "<none>");
  EXPECT_FALSE(committed || rolled_back || read);
  disk_->HoldSyncs(false);
  auto last = BeginOn(*store_, {kOne});
  EXPECT_TRUE(CommitAndWait(*last).ok());
  EXPECT_TRUE(committed && rolled_back && read);
  EXPECT_EQ(GetText(*store_->Read().value(), kOne, "a"), "1");
}

TEST_F(ModelTest, ASpaceThatIsBeingMadeIsSeenByTheNextTransactionOnly) {
  const SpaceId space = TestSpace(7);
  auto transaction = BeginOn(*store_, {space});
  ASSERT_TRUE(transaction->CreateSpace(space).ok());
  ASSERT_TRUE(transaction->Put(space, "a", "1").ok());
  disk_->HoldSyncs(true);
  transaction->Commit([](base::Status status) { EXPECT_TRUE(status.ok()); });
  auto next = BeginOn(*store_, {space});
  EXPECT_TRUE(next->SpaceExists(space).value());
  EXPECT_EQ(GetText(*next, space, "a"), "1");
  EXPECT_EQ(GetText(*store_->Read().value(), space, "a"), "<NOT_FOUND>");
  disk_->HoldSyncs(false);
  EXPECT_TRUE(CommitAndWait(*next).ok());
  EXPECT_EQ(GetText(*store_->Read().value(), space, "a"), "1");
}

TEST_F(ModelTest, TransfersOfManyThreadsKeepTheirSum) {
  constexpr int kAccounts = 5;
  for (int i = 0; i < kAccounts; ++i)
    ASSERT_TRUE(PutNow(*store_, i % 2 == 0 ? kOne : kTwo, std::to_string(i), "100").ok());
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937_64 random(t);
      for (int i = 0; i < 200; ++i) {
        const auto from = random() % kAccounts;
        const auto to = random() % kAccounts;
        const SpaceId a = from % 2 == 0 ? kOne : kTwo;
        const SpaceId b = to % 2 == 0 ? kOne : kTwo;
        auto transaction = BeginOn(*store_, {b, a});
        const int left = std::stoi(GetText(*transaction, a, std::to_string(from))) - 1;
        EXPECT_TRUE(transaction->Put(a, std::to_string(from), std::to_string(left)).ok());
        const int right = std::stoi(GetText(*transaction, b, std::to_string(to))) + 1;
        EXPECT_TRUE(transaction->Put(b, std::to_string(to), std::to_string(right)).ok());
        EXPECT_TRUE(CommitAndWait(*transaction).ok());
      }
    });
  std::atomic<bool> stop = false;
  std::thread auditor([&] {
    while (!stop) {
      const auto reader = store_->Read().value();
      int sum = 0;
      for (int i = 0; i < kAccounts; ++i)
        sum += std::stoi(GetText(*reader, i % 2 == 0 ? kOne : kTwo, std::to_string(i)));
      EXPECT_EQ(sum, 100 * kAccounts);
      std::this_thread::yield();
    }
  });
  for (std::thread& thread : threads) thread.join();
  stop = true;
  auditor.join();
}

}  // namespace
}  // namespace strongroom::storage
