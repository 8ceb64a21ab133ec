// What the tests of this folder share: a bootstrapped store whose tenant's chain has grown.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "ledger/audit/append.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/verify.h"
#include "ledger/testing.h"
#include "storage/key.h"

namespace strongroom::ledger::audit {

class AuditTest : public BootstrappedTest {
 protected:
  AuditTest() : keys_(*Must(AuditKeys::Load(*Must(store_->Read())))) {}

  // Appends a record for each text.
  void Append(storage::SpaceId space, const std::vector<std::string>& texts) {
    const auto transaction = storage::BeginOn(*store_, {space});
    ASSERT_EQ(Outcome(AppendRecords(*transaction, space, texts)), "ok");
    ASSERT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
  }
  static std::string Record(std::uint64_t number, base::Timestamp time = {}) {
    return fmt::format(R"({{"kind":"write","time":"{}","number":{}}})", base::FormatTimestamp(time),
                       number);
  }
  void Grow(std::uint64_t records) {
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < records; ++i) texts.push_back(Record(i, now_));
    Append(tenant_, texts);
  }
  // Signs what there is, as the keeper does.
  Checkpoint Sign() {
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    ChainHead head = *Must(ReadHead(*transaction, tenant_));
    const Checkpoint checkpoint{tenant_, head.sequence, head.hash, head.checkpoint};
    head.checkpoint = head.sequence;
    EXPECT_TRUE(
        transaction->Put(tenant_, CheckpointKey(head.sequence), Must(keys_.Sign(checkpoint, now_)))
            .ok());
    EXPECT_TRUE(WriteHead(*transaction, tenant_, head).ok());
    EXPECT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
    return checkpoint;
  }
  // "whole", or "<sequence>: <what>".
  std::string Verify(storage::Reader& reader, const std::vector<Checkpoint>& carried = {}) {
    const auto report = Must(VerifyChain(reader, tenant_, keys_, carried));
    if (report.whole()) return "whole";
    return fmt::format("{}: {}", report.finding->sequence, report.finding->what);
  }
  std::string Verify(const std::vector<Checkpoint>& carried = {}) {
    return Verify(*Must(store_->Read()), carried);
  }

  AuditKeys keys_;
};

}  // namespace strongroom::ledger::audit
