// Whatever is changed, removed, moved or cut off is found, and where it begins.
#include "ledger/audit/verify.h"

#include <gmock/gmock.h>

#include <random>

#include "base/encoding.h"
#include "ledger/audit/testing.h"

namespace strongroom::ledger::audit {
namespace {

using Random = std::mt19937_64;

// Manglings are made in a transaction that is dropped again. Whoever makes them has the keys of
// the seals, so only the chain and the signatures stand in the way.
class Mangler {
 public:
  Mangler(storage::Store& store, storage::SpaceId space, Random& random)
      : transaction_(storage::BeginOn(store, {space})),
        space_(space),
        random_(random),
        head_(*Must(ReadHead(*transaction_, space))) {}

  storage::Transaction& transaction() { return *transaction_; }
  const ChainHead& head() const { return head_; }
  std::uint64_t Any(std::uint64_t from, std::uint64_t to) {
    return std::uniform_int_distribution<std::uint64_t>(from, to)(random_);
  }
  std::uint64_t AnyRecord() { return Any(head_.floor + 1, head_.sequence); }

  std::string Value(const std::string& key) {
    return Must(transaction_->Get(space_, key)).value_or("");
  }
  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(transaction_->Put(space_, key, value).ok());
  }
  void Delete(const std::string& key) { ASSERT_TRUE(transaction_->Delete(space_, key).ok()); }

  // Another bit, another length, or other bytes.
  std::string Changed(std::string value) {
    const std::size_t at = Any(0, value.size() - 1);
    switch (Any(0, 3)) {
      case 0: value[at] = static_cast<char>(value[at] ^ (1 << Any(0, 7))); break;
      case 1: value.erase(at, 1); break;
      case 2: value.insert(at, 1, static_cast<char>(Any(0, 255))); break;
      default: value.resize(at); break;
    }
    return value;
  }

  void PutHead(const ChainHead& head) { ASSERT_TRUE(WriteHead(*transaction_, space_, head).ok()); }
  // Another text at `from`, and hashes that fit from there on.
  void Rewrite(std::uint64_t from, const std::string& text) {
    const std::uint64_t last = head_.sequence;
    crypto::Sha256Digest previous = from == head_.floor + 1 ? head_.floor_hash : HashAt(from - 1);
    for (std::uint64_t sequence = from; sequence <= last; ++sequence) {
      const std::string now = sequence == from ? text : Value(RecordKey(sequence)).substr(32);
      previous = HashOf(space_, sequence, previous, now);
      Put(RecordKey(sequence), std::string(base::AsChars(previous)) + now);
    }
    ChainHead head = head_;
    head.sequence = last;
    head.hash = previous;
    PutHead(head);
  }
  crypto::Sha256Digest HashAt(std::uint64_t sequence) {
    return Must(ReadRecord(*transaction_, space_, sequence))->hash;
  }

 private:
  std::unique_ptr<storage::Transaction> transaction_;
  storage::SpaceId space_;
  Random& random_;
  ChainHead head_;
};

// Mangles, and answers where that shows.
using Attack = std::uint64_t (*)(Mangler&);
struct NamedAttack {
  const char* name;
  Attack attack;
};

// The first checkpoint from a record on; 0 when there is none.
std::uint64_t SignedFrom(Mangler& m, std::uint64_t sequence) {
  for (; sequence <= m.head().sequence; ++sequence)
    if (!m.Value(CheckpointKey(sequence)).empty()) return sequence;
  return 0;
}
std::uint64_t AnySigned(Mangler& m) {
  return SignedFrom(m, m.Any(m.head().floor + 1, m.head().checkpoint));
}

constexpr NamedAttack kOnRecords[] = {
    {"a record is changed",
     [](Mangler& m) {
       const std::uint64_t at = m.AnyRecord();
       m.Put(RecordKey(at), m.Changed(m.Value(RecordKey(at))));
       return at;
     }},
    {"a record is removed",
     [](Mangler& m) {
       const std::uint64_t at = m.AnyRecord();
       m.Delete(RecordKey(at));
       return at;
     }},
    {"two records change places",
     [](Mangler& m) {
       const std::uint64_t one = m.Any(m.head().floor + 1, m.head().sequence - 1);
       const std::uint64_t other = m.Any(one + 1, m.head().sequence);
       const std::string value = m.Value(RecordKey(one));
       m.Put(RecordKey(one), m.Value(RecordKey(other)));
       m.Put(RecordKey(other), value);
       return one;
     }},
    {"a record stands in the place of another",
     [](Mangler& m) {
       const std::uint64_t at = m.Any(m.head().floor + 2, m.head().sequence);
       m.Put(RecordKey(at), m.Value(RecordKey(m.Any(m.head().floor + 1, at - 1))));
       return at;
     }},
    {"a record is taken out and the others move up",
     [](Mangler& m) {
       const std::uint64_t at = m.AnyRecord();
       for (std::uint64_t i = at; i < m.head().sequence; ++i)
         m.Put(RecordKey(i), m.Value(RecordKey(i + 1)));
       m.Delete(RecordKey(m.head().sequence));
       return at;
     }},
    {"the end is cut off",
     [](Mangler& m) {
       const std::uint64_t at = m.AnyRecord();
       for (std::uint64_t i = at; i <= m.head().sequence; ++i) m.Delete(RecordKey(i));
       return at;
     }},
    {"the begin is cut off",
     [](Mangler& m) {
       const std::uint64_t to = m.AnyRecord();
       for (std::uint64_t i = m.head().floor + 1; i <= to; ++i) m.Delete(RecordKey(i));
       return m.head().floor + 1;
     }},
    {"a record is added behind the end",
     [](Mangler& m) {
       const std::uint64_t at = m.head().sequence + m.Any(1, 3);
       m.Put(RecordKey(at), m.Value(RecordKey(m.AnyRecord())));
       return at;
     }},
};

// By one who has the keys of the seals, and hashes anew; the signing key is not his.
constexpr NamedAttack kWithFittingHashes[] = {
    {"a signed record gets another text",
     [](Mangler& m) {
       const std::uint64_t at = m.Any(m.head().floor + 1, m.head().checkpoint);
       m.Rewrite(at, R"({"kind":"write","time":"2026-01-28T06:24:05.000000Z","other":1})");
       return SignedFrom(m, at);
     }},
    {"the begin is cut off as retention does it",
     [](Mangler& m) {
       ChainHead head = m.head();
       head.floor = m.Any(head.floor + 1, head.checkpoint - 1);
       head.floor_hash = m.HashAt(head.floor);
       for (std::uint64_t i = m.head().floor + 1; i <= head.floor; ++i) {
         m.Delete(RecordKey(i));
         m.Delete(CheckpointKey(i));
       }
       m.PutHead(head);
       return head.floor + 1;
     }},
    {"signed records are cut off with the head",
     [](Mangler& m) {
       ChainHead head = m.head();
       head.sequence = m.Any(head.floor + 1, head.checkpoint - 1);
       head.hash = m.HashAt(head.sequence);
       for (std::uint64_t i = head.sequence + 1; i <= m.head().sequence; ++i)
         m.Delete(RecordKey(i));
       m.PutHead(head);
       return head.sequence + 1;
     }},
    {"a checkpoint is changed",
     [](Mangler& m) {
       const std::uint64_t at = AnySigned(m);
       m.Put(CheckpointKey(at), m.Changed(m.Value(CheckpointKey(at))));
       return at;
     }},
    {"a checkpoint stands in the place of another",
     [](Mangler& m) {
       const std::uint64_t last = m.head().checkpoint;
       const std::uint64_t first = SignedFrom(m, m.head().floor + 1);
       m.Put(CheckpointKey(first), m.Value(CheckpointKey(last)));
       return first;
     }},
    {"the last checkpoint is removed",
     [](Mangler& m) {
       const std::uint64_t last = m.head().checkpoint;
       m.Delete(CheckpointKey(last));
       std::uint64_t before = last - 1;
       while (m.Value(CheckpointKey(before)).empty()) --before;
       return before + 1;
     }},
    {"a checkpoint between others is removed",
     [](Mangler& m) {
       const std::uint64_t first = SignedFrom(m, m.head().floor + 1);
       const std::uint64_t second = SignedFrom(m, first + 1);
       m.Delete(CheckpointKey(second));
       return SignedFrom(m, second + 1);
     }},
};

class Verify1000 : public AuditTest {
 protected:
  void SetUp() override {
    Grow(6);
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    ASSERT_EQ(Must(TrimChain(*transaction, tenant_, now_ + std::chrono::seconds(1), now_)), 7U);
    ASSERT_EQ(Outcome(storage::CommitAndWait(*transaction)), "ok");
    Sign();
    for (const std::uint64_t records : {7U, 5U, 9U}) {
      Grow(records);
      carried_.push_back(Sign());
    }
    Grow(4);  // not signed yet
  }
  void RunAttack(const NamedAttack& attack) {
    SCOPED_TRACE(attack.name);
    SCOPED_TRACE(fmt::format("seed {}, number {}", kSeed, manglings_));
    Mangler mangler(*store_, tenant_, random_);
    const std::uint64_t at = attack.attack(mangler);
    const auto report = Must(VerifyChain(mangler.transaction(), tenant_, keys_));
    ASSERT_FALSE(report.whole());
    EXPECT_EQ(report.finding->sequence, at) << report.finding->what;
    ++manglings_;
  }

  static constexpr std::uint64_t kSeed = 20260128;
  Random random_{kSeed};
  std::uint64_t manglings_ = 0;
  std::vector<Checkpoint> carried_;
};

TEST_F(Verify1000, FindsEveryOneOf1000ManglingsWhereItBegins) {
  EXPECT_EQ(Verify(), "whole");
  EXPECT_EQ(Verify(carried_), "whole");
  while (manglings_ < 1000 && !HasFailure()) {
    for (const NamedAttack& attack : kOnRecords) RunAttack(attack);
    for (const NamedAttack& attack : kWithFittingHashes) RunAttack(attack);
  }
  EXPECT_GE(manglings_, 1000U);
  EXPECT_EQ(Verify(), "whole") << "the manglings were dropped";
}

TEST_F(Verify1000, FindsEveryChangeOfTheHead) {
  for (int i = 0; i < 200; ++i) {
    Mangler mangler(*store_, tenant_, random_);
    mangler.Put(HeadKey(), mangler.Changed(mangler.Value(HeadKey())));
    EXPECT_NE(Verify(mangler.transaction()), "whole") << "seed " << kSeed << ", number " << i;
  }
}

// The limit of what a chain can show by itself, and what carries further.
TEST_F(Verify1000, ACheckpointThatWasKeptElsewhereShowsAStateThatWasPutBack) {
  Mangler mangler(*store_, tenant_, random_);
  const Checkpoint& kept = carried_.at(1);
  ChainHead head = mangler.head();
  for (std::uint64_t i = kept.sequence + 1; i <= head.sequence; ++i) {
    mangler.Delete(RecordKey(i));
    mangler.Delete(CheckpointKey(i));
  }
  head.sequence = head.checkpoint = kept.sequence;
  head.hash = kept.hash;
  mangler.PutHead(head);
  EXPECT_EQ(Verify(mangler.transaction()), "whole") << "nothing in the store tells";
  EXPECT_EQ(Verify(mangler.transaction(), carried_),
            fmt::format("{}: records from here to {} are missing, as a checkpoint that was kept "
                        "elsewhere says",
                        kept.sequence + 1, carried_.back().sequence));
}

TEST_F(Verify1000, AChainThatWasMadeAnewIsNotTheOneOfItsCheckpoints) {
  Mangler mangler(*store_, tenant_, random_);
  for (std::uint64_t i = 1; i <= mangler.head().sequence; ++i) {
    mangler.Delete(RecordKey(i));
    mangler.Delete(CheckpointKey(i));
  }
  mangler.Delete(HeadKey());
  EXPECT_EQ(Verify(mangler.transaction()), "0: the chain is missing");
  ASSERT_EQ(Outcome(OpenChain(mangler.transaction(), tenant_, base::SystemRandom(), now_)), "ok");
  const std::vector<std::string> texts(40, Record(1, now_));
  ASSERT_EQ(Outcome(AppendRecords(mangler.transaction(), tenant_, texts)), "ok");
  EXPECT_EQ(Verify(mangler.transaction()), "whole");
  EXPECT_THAT(Verify(mangler.transaction(), carried_),
              testing::HasSubstr("is not the one of a checkpoint that was kept elsewhere"));
}

TEST_F(Verify1000, AForeignKeySignsNothing) {
  const auto transaction = storage::BeginOn(*store_, {storage::kInstallation});
  const auto others = Must(AuditKeys::Create(*transaction));  // dropped with the transaction
  const std::string theirs = Must(others.Sign(carried_.back(), now_));
  EXPECT_EQ(Outcome(keys_.Verify(theirs)),
            "BAD_REQUEST: the checkpoint was not signed by a key of this installation");
  const std::string ours = Must(keys_.Sign(carried_.back(), now_));
  EXPECT_EQ(Must(keys_.Verify(ours)).sequence, carried_.back().sequence);
}

}  // namespace
}  // namespace strongroom::ledger::audit
