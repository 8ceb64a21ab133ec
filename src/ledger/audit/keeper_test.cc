#include "ledger/audit/keeper.h"

#include <thread>

#include "ledger/audit/testing.h"
#include "storage/rocksdb/simulated_disk.h"

namespace strongroom::ledger::audit {
namespace {

// Generous: the machine may be busy.
constexpr std::chrono::seconds kLong{120};

template <typename Condition>
bool Eventually(const Condition& condition) {
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class KeeperTest : public AuditTest {
 protected:
  std::unique_ptr<Keeper> Open(Keeper::Options options = {}) {
    return Must(Keeper::Open(*store_, *engine_, clock_, std::move(options)));
  }
  std::uint64_t Length() { return Must(ReadHead(*Must(store_->Read()), tenant_))->sequence; }

  base::ManualClock clock_{now_};
};

TEST_F(KeeperTest, AppendsWhatItIsOfferedInOrder) {
  const std::uint64_t before = Length();
  {
    const auto keeper = Open();
    for (std::uint64_t i = 0; i < 200; ++i) ASSERT_TRUE(keeper->Offer(tenant_, Record(i, now_)));
    ASSERT_TRUE(Eventually([&] { return keeper->GetStats().waiting == 0; }));
    EXPECT_EQ(keeper->GetStats().appended, 200U);
  }
  ASSERT_EQ(Length(), before + 200);
  const auto snapshot = Must(store_->Read());
  for (std::uint64_t i = 0; i < 200; ++i)
    EXPECT_EQ(Must(ReadRecord(*snapshot, tenant_, before + 1 + i))->text, Record(i, now_));
  EXPECT_EQ(Verify(), "whole");
}

TEST_F(KeeperTest, AStopWritesWhatWaitsAndSignsIt) {
  std::vector<std::string> told;
  Keeper::Options options;
  options.on_checkpoint = [&](const std::string& jws) { told.push_back(jws); };
  {
    const auto keeper = Open(std::move(options));
    for (std::uint64_t i = 0; i < 100; ++i) ASSERT_TRUE(keeper->Offer(tenant_, Record(i, now_)));
  }
  const auto report = Must(VerifyChain(*Must(store_->Read()), tenant_, keys_));
  EXPECT_TRUE(report.whole());
  EXPECT_EQ(report.last, 102U);
  EXPECT_EQ(report.signed_to, 102U);
  ASSERT_FALSE(told.empty());
  std::vector<Checkpoint> carried;
  for (const std::string& jws : told) carried.push_back(Must(keys_.Verify(jws)));
  EXPECT_EQ(Verify(carried), "whole");
}

TEST_F(KeeperTest, SignsWhatTransactionsAppendedAfterAWhile) {
  Keeper::Options options;
  options.checkpoint_after = std::chrono::milliseconds(1);
  const auto keeper = Open(std::move(options));
  ASSERT_TRUE(Eventually([&] { return keeper->GetStats().checkpoints >= 2; })) << "both chains";
  Grow(3);
  const std::uint64_t before = keeper->GetStats().checkpoints;
  keeper->Committed({tenant_});
  ASSERT_TRUE(Eventually([&] { return keeper->GetStats().checkpoints > before; }));
  EXPECT_EQ(Must(VerifyChain(*Must(store_->Read()), tenant_, keys_)).signed_to, Length());
}

TEST_F(KeeperTest, ATenantHasAShareOfWhatMayWait) {
  const auto keeper = Open();
  const auto held = storage::BeginOn(*store_, {tenant_});  // its turn does not come
  std::size_t taken = 0;
  while (taken <= kWaitingOfTenantMax && keeper->Offer(tenant_, Record(taken, now_))) ++taken;
  EXPECT_EQ(taken, kWaitingOfTenantMax);
  EXPECT_EQ(keeper->GetStats().refused, 1U);
  EXPECT_TRUE(keeper->Offer(storage::kInstallation, Record(1, now_)));
  EXPECT_TRUE(Eventually([&] { return keeper->GetStats().appended == 1; }))
      << "the others are served meanwhile";
  EXPECT_TRUE(keeper->Ready().ok()) << "busy is not broken";
}

TEST_F(KeeperTest, LongRecordsOfATenantLeaveRoomForOthers) {
  const auto keeper = Open();
  const auto held = storage::BeginOn(*store_, {tenant_});
  const std::string text = Record(1, now_) + std::string(std::size_t{256} << 10, ' ');
  std::size_t bytes = 0;
  while (bytes <= kWaitingBytesMax && keeper->Offer(tenant_, text)) bytes += text.size();
  EXPECT_LE(bytes, kWaitingBytesOfTenantMax);
  EXPECT_GT(bytes + text.size(), kWaitingBytesOfTenantMax);
  EXPECT_TRUE(keeper->Offer(storage::kInstallation, text));
}

TEST_F(KeeperTest, RecordsOfATenantThatIsGoneGoToo) {
  const auto keeper = Open();
  ASSERT_TRUE(keeper->Offer(storage::SpaceId{Id(9)}, Record(1)));
  EXPECT_TRUE(Eventually([&] { return keeper->GetStats().lost == 1; }));
  EXPECT_TRUE(keeper->Ready().ok());
}

TEST_F(KeeperTest, RetentionRemovesOldRecords) {
  Grow(20);
  clock_.Advance(std::chrono::hours(24 * 8));
  Keeper::Options options;
  options.retention = std::chrono::hours(24 * 7);
  const auto keeper = Open(std::move(options));
  // Everything but the last record of each chain, and what says so.
  ASSERT_TRUE(Eventually([&] { return keeper->GetStats().trimmed == 21 + 2; }));
  EXPECT_EQ(Verify(), "whole");
}

// A disk that fails while the server runs.
TEST(KeeperOnABadDisk, ClosesTheDoorAndWhatWasAnsweredIsWhole) {
  const storage::TemporaryDirectory directory;
  const auto disk = std::make_shared<storage::SimulatedDisk>();
  storage::RocksDbOptions options = storage::TestOptions(directory);
  options.directory = "/data";
  options.file_system = disk;
  const base::Timestamp now{std::chrono::seconds(1769581445)};
  const base::ManualClock clock(now);
  const std::vector<std::string> texts{R"({"kind":"write","time":"2026-01-28T06:24:05.000000Z"})"};
  storage::SpaceId tenant;
  std::uint64_t acknowledged = 0;
  {
    const auto store = storage::OpenStore(options);
    const auto engine = Must(Engine::Open(*store, base::SystemRandom(), {}));
    tenant = Must(Bootstrap(*store, *engine, now,
                            {.organization = "acme",
                             .account_id = "Root",
                             .tenant_name = "root",
                             .principal = std::string(kTestPrincipal)}))
                 .tenant;
    const auto keeper = Must(Keeper::Open(*store, *engine, clock, {}));
    const auto write = [&] {
      const auto transaction = store->Begin({tenant});
      if (!transaction.ok()) return false;
      return AppendRecords(**transaction, tenant, texts).ok() &&
             storage::CommitAndWait(**transaction).ok();
    };
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(write());
    acknowledged = Must(ReadHead(*Must(store->Read()), tenant))->sequence;
    disk->SetFull(true);
    EXPECT_FALSE(write()) << "a write whose audit record can't be kept does not happen";
    ASSERT_TRUE(keeper->Offer(tenant, texts[0]));
    EXPECT_TRUE(Eventually([&] { return !keeper->Ready().ok(); }));
    EXPECT_EQ(Outcome(keeper->Ready()), "UNAVAILABLE: the audit log can't be written");
    EXPECT_FALSE(keeper->Ready().error().hint.empty());
    EXPECT_FALSE(store->GetHealth().ready);
  }
  disk->SetFull(false);
  const auto store = storage::OpenStore(options);
  const auto engine = Must(Engine::Open(*store, base::SystemRandom(), {}));
  const auto keeper = Must(Keeper::Open(*store, *engine, clock, {}));
  EXPECT_TRUE(keeper->Ready().ok());
  const auto snapshot = Must(store->Read());
  const auto report = Must(VerifyChain(*snapshot, tenant, *Must(AuditKeys::Load(*snapshot))));
  EXPECT_TRUE(report.whole()) << report.finding->what;
  EXPECT_GE(report.last, acknowledged);
  ASSERT_TRUE(keeper->Offer(tenant, texts[0]));
  EXPECT_TRUE(Eventually([&] { return keeper->GetStats().appended == 1; }));
}

}  // namespace
}  // namespace strongroom::ledger::audit
