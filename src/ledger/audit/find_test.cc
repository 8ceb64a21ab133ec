#include "ledger/audit/find.h"

#include <gmock/gmock.h>

#include "ledger/audit/testing.h"

namespace strongroom::ledger::audit {
namespace {

class FindTest : public AuditTest {
 protected:
  static std::string Write(const base::Uuid& id, base::Timestamp time) {
    return fmt::format(R"({{"kind":"write","time":"{}","principal":"p","decisions":[)"
                       R"({{"id":"{}","effect":"ALLOW","action":"db:Insert",)"
                       R"("resource":"financial.Account","key":"k","reasons":[3]}}]}})",
                       base::FormatTimestamp(time), id.ToString());
  }
  std::optional<authz::Decision> Find(const base::Uuid& id) {
    return Must(FindDecision(*Must(store_->Read()), tenant_, id));
  }
};

TEST_F(FindTest, FindsADecisionByTheTimeInItsId) {
  std::vector<base::Uuid> ids;
  std::vector<std::string> texts;
  for (int i = 0; i < 500; ++i) {
    // Nearly in order, as requests that wait for their turns are.
    const base::Timestamp time = now_ + std::chrono::seconds(10 * i + (i % 3 == 0 ? 9 : 0));
    ids.push_back(base::NewTimeOrderedUuid(base::SystemRandom(), time));
    texts.push_back(Write(ids.back(), time));
  }
  Append(tenant_, texts);
  for (const std::size_t i : {0U, 1U, 250U, 333U, 499U}) {
    const auto found = Find(ids[i]);
    ASSERT_TRUE(found.has_value()) << i;
    EXPECT_EQ(found->id, ids[i].ToString());
    EXPECT_TRUE(found->allowed());
    EXPECT_FALSE(found->complete);
    EXPECT_EQ(found->resource, "financial.Account");
    EXPECT_THAT(found->reasons, testing::ElementsAre(3));
    EXPECT_EQ(authz::Summary(*found), "allowed by policy 3");
  }
  EXPECT_FALSE(Find(base::NewTimeOrderedUuid(base::SystemRandom(), now_)).has_value());
  EXPECT_FALSE(Find(base::NewUuid(base::SystemRandom())).has_value());
}

TEST_F(FindTest, AnIdOfNoTimeIsNotFound) {
  base::Uuid id = base::NewTimeOrderedUuid(base::SystemRandom(), now_);
  Append(tenant_, {Write(id, now_)});
  id.bytes.fill(0xFF);
  EXPECT_FALSE(Find(id).has_value());
}

TEST_F(FindTest, OfAnotherTenantIsNotFound) {
  const base::Uuid id = base::NewTimeOrderedUuid(base::SystemRandom(), now_);
  Append(storage::kInstallation, {Write(id, now_)});
  EXPECT_FALSE(Find(id).has_value());
}

}  // namespace
}  // namespace strongroom::ledger::audit
