#include "api/fold_cache.h"

#include <boost/json.hpp>

#include "authn/testing.h"
#include "authn/verifier.h"
#include "ledger/access_testing.h"

namespace strongroom::api {
namespace {

using ledger::Must;

class FoldCacheTest : public ledger::AccessTest {
 protected:
  // A verified token of its own, with the claim `padding`.
  std::shared_ptr<const authn::VerifiedClaims> Claims(std::size_t padding = 1) {
    std::shared_ptr<const authn::VerifiedClaims> claims;
    const std::string token = issuer_
                                  .Sign({{"padding", std::string(padding, 'x')}},
                                        base::SystemClock(), base::SystemRandom())
                                  .value();
    verifier_.Verify(token, "test",
                     [&](authn::Verification verified) { claims = std::move(verified.claims); });
    return claims;
  }
  authn::VerifierOptions Options() {
    authn::VerifierOptions options;
    options.local_issuers.push_back({issuer_.issuer(), issuer_.Keys(), false});
    options.is_registered = [](std::string_view) { return true; };
    return options;
  }
  std::shared_ptr<const ledger::Access> Root() {
    return Must(Resolve("Root", ledger::kTestPrincipal));
  }

  const authn::DevIssuer issuer_ = authn::MakeIssuer(std::string(ledger::kOther));
  authn::FakeFetcher fetcher_;
  authn::TokenVerifier verifier_{Options(), fetcher_, base::SystemClock()};
};

TEST_F(FoldCacheTest, GivesWhatItMadeForTheSameTokenAndPoliciesAlone) {
  FoldCache cache(100);
  const auto access = Root();
  const auto claims = Claims();
  const auto first = Must(cache.Fold(*claims, *access));
  EXPECT_EQ(Must(cache.Fold(*claims, *access)), first);
  EXPECT_NE(Must(cache.Fold(*Claims(), *access)), first);
  ASSERT_EQ(AddClient(tenant_, ledger::kOther), "ok");
  ledger::Access other = *Must(Resolve("Root", ledger::kOther));
  EXPECT_NE(Must(cache.Fold(*claims, other)), first) << "other policies";
}

TEST_F(FoldCacheTest, IsBoundedInEntriesAndInBytes) {
  const auto access = Root();
  FoldCache few(3);
  for (int i = 0; i < 10; ++i) Must(few.Fold(*Claims(), *access));
  EXPECT_EQ(few.size(), 3U);
  const std::size_t one = few.bytes() / 3;
  FoldCache small(1000, 5 * one);
  for (int i = 0; i < 10; ++i) Must(small.Fold(*Claims(), *access));
  EXPECT_GE(small.size(), 4U);
  EXPECT_LE(small.bytes(), 5 * one);
  Must(small.Fold(*Claims(10000), *access));
  EXPECT_LE(small.bytes(), 5 * one) << "large claims count";
}

TEST_F(FoldCacheTest, DoesNotKeepWhatIsTooLarge) {
  FoldCache none(1000, 100);
  Must(none.Fold(*Claims(), *Root()));
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.bytes(), 0U);
}

}  // namespace
}  // namespace strongroom::api
