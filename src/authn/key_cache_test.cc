// security 2.35-2.51, 2.55
#include "authn/key_cache.h"

#include <gtest/gtest.h>

#include "authn/testing.h"

namespace strongroom::authn {
namespace {

using crypto::SignatureAlgorithm;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class KeyCacheTest : public testing::Test {
 protected:
  KeyCacheTest() { Restart({}); }
  void Restart(KeyCacheOptions options) {
    cache_ = std::make_unique<KeyCache>(std::move(options), fetcher_, clock_);
  }
  // Starts a lookup; its outcome comes to `outcomes_`: "found", or why not.
  void Look(const std::string& issuer, const std::string& kid) {
    cache_->Find(issuer, kid, SignatureAlgorithm::kEs256, [this](KeyLookup lookup) {
      const Refusal* refusal = std::get_if<Refusal>(&lookup.found);
      outcomes_.push_back(refusal == nullptr ? "found" : std::string(RefusalName(*refusal)));
      retry_after_ = lookup.retry_after;
    });
  }
  // The outcome when the network answers at once; "waits" if there is none even then.
  std::string Now(const std::string& kid) {
    outcomes_.clear();
    Look(kIssuer, kid);
    fetcher_.Run();
    return outcomes_.empty() ? "waits" : outcomes_.front();
  }
  std::string Now() { return Now(issuer_.key_id()); }
  void After(std::chrono::nanoseconds time) {
    clock_.Advance(time);
    cache_->Tick();
    fetcher_.Run();
  }
  IssuerStatus Status() { return cache_->Status().at(0); }
  std::size_t Fetches() { return fetcher_.AskedFor(issuer_.jwks_url()); }

  static constexpr const char* kIssuer = "https://issuer.example";
  DevIssuer issuer_ = MakeIssuer(kIssuer);
  base::ManualClock clock_{TestTime()};
  FakeFetcher fetcher_;
  std::vector<std::string> outcomes_;
  seconds retry_after_{0};
  std::unique_ptr<KeyCache> cache_;
};

TEST_F(KeyCacheTest, FetchesOnceForAllThatWait) {
  fetcher_.Serve(issuer_);
  for (int i = 0; i < 10; ++i) Look(kIssuer, issuer_.key_id());
  EXPECT_TRUE(outcomes_.empty());
  EXPECT_EQ(fetcher_.pending(), 1U);
  fetcher_.Run();
  EXPECT_EQ(outcomes_, std::vector<std::string>(10, "found"));
  EXPECT_EQ(Fetches(), 1U);
  EXPECT_EQ(Now(), "found");
  EXPECT_EQ(Fetches(), 1U) << "it is kept";
}

// security 2.45: who registers many issuers that never answer holds up nobody else's keys.
TEST_F(KeyCacheTest, Security45_IssuersThatFailNeverTakeAllFetches) {
  for (int i = 0; i < 20; ++i) cache_->Warm("https://dead" + std::to_string(i) + ".example");
  for (int i = 0; i < 3; ++i) {
    fetcher_.Run();
    clock_.Advance(seconds(1));
    cache_->Tick();
  }
  fetcher_.Run();
  clock_.Advance(seconds(30));
  cache_->Tick();  // all of them are due again
  EXPECT_EQ(fetcher_.pending(), 2U);
  fetcher_.Serve(issuer_);
  Look(kIssuer, issuer_.key_id());
  ASSERT_EQ(fetcher_.pending(), 3U) << "though others wait for longer";
}

TEST_F(KeyCacheTest, ForgetsWhomNobodyWants) {  // SPEC 3.2
  fetcher_.Serve(issuer_);
  EXPECT_EQ(Now(), "found");
  cache_->ForgetUnless([](std::string_view) { return true; });
  EXPECT_EQ(cache_->Status().size(), 1U);
  cache_->ForgetUnless([](std::string_view issuer) { return issuer != kIssuer; });
  EXPECT_TRUE(cache_->Status().empty());
  After(hours(1));
  EXPECT_EQ(Fetches(), 1U);
}

TEST_F(KeyCacheTest, Security35_WarmFetchesAheadOfTheFirstToken) {
  fetcher_.Serve(issuer_);
  cache_->Warm(kIssuer);
  fetcher_.Run();
  Look(kIssuer, issuer_.key_id());
  EXPECT_EQ(outcomes_, std::vector<std::string>{"found"}) << "within the call";
  cache_->Warm(kIssuer);
  EXPECT_EQ(fetcher_.pending(), 0U);
}

TEST_F(KeyCacheTest, Security36_NeverAsksWhatIsNoIssuerOrNotAllowed) {
  Look("http://issuer.example", "k");
  Look("arn:aws:iam::1:role/x", "k");
  Look("https://user@issuer.example", "k");
  KeyCacheOptions options;
  options.issuer_patterns = {"https://*.good.example", "https://exact.example/a"};
  Restart(options);
  for (const std::string url : {"https://issuer.example", "https://good.example",
                                "https://x.good.example.evil", "https://exact.example/ab"})
    Look(url, "k");
  EXPECT_EQ(outcomes_, std::vector<std::string>(7, "issuer_unknown"));
  EXPECT_TRUE(fetcher_.asked().empty());
  Look("https://x.good.example", "k");
  Look("https://exact.example/a", "k");
  EXPECT_EQ(fetcher_.asked().size(), 2U);
}

TEST_F(KeyCacheTest, Security43_RefreshesBehindTheAnswerAtFourFifthsOfTheFreshTime) {
  fetcher_.Serve(issuer_, "max-age=1000");
  EXPECT_EQ(Now(), "found");
  After(seconds(799));
  EXPECT_EQ(Fetches(), 1U);
  After(seconds(1));
  EXPECT_EQ(Fetches(), 2U);
  EXPECT_EQ(Status().age, seconds(0));
}

TEST_F(KeyCacheTest, Security43_TheFreshTimeIsClampedAndHasADefault) {
  for (const auto& [header, fresh] :
       std::vector<std::pair<std::string, seconds>>{{"max-age=1", minutes(5)},
                                                    {"no-store", minutes(5)},
                                                    {"", minutes(10)},
                                                    {"max-age=999999999", hours(24)}}) {
    fetcher_.Serve(issuer_, header);
    Restart({});
    ASSERT_EQ(Now(), "found");
    const std::size_t before = Fetches();
    After(fresh * 8 / 10 - seconds(1));
    EXPECT_EQ(Fetches(), before) << header;
    After(seconds(1));
    EXPECT_EQ(Fetches(), before + 1) << header;
  }
}

TEST_F(KeyCacheTest, Security50_AKeyThatTheIssuerRemovedStopsVerifyingWithinTheFreshTime) {
  fetcher_.Serve(issuer_, "max-age=300");
  ASSERT_EQ(Now(), "found");
  const DevIssuer rotated = MakeIssuer(kIssuer);
  fetcher_.Serve(rotated, "max-age=300");
  clock_.Advance(seconds(300));  // nobody ticked, nobody asked
  EXPECT_EQ(Now(), "key_unknown");
  EXPECT_EQ(Now(rotated.key_id()), "found");
}

TEST_F(KeyCacheTest, Security44_AnUnknownKidFetchesAtMostOnceInThirtySeconds) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  EXPECT_EQ(Now("unknown"), "key_unknown");
  EXPECT_EQ(Fetches(), 1U) << "the set is younger than the cool-down";
  clock_.Advance(seconds(30));
  EXPECT_EQ(Now("unknown"), "key_unknown");
  EXPECT_EQ(Fetches(), 2U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Now("unknown " + std::to_string(i)), "key_unknown");
  EXPECT_EQ(Fetches(), 2U);
  EXPECT_EQ(Now(), "found") << "it never evicts good keys";
  EXPECT_EQ(Status().unknown_kids, 1002U);
}

TEST_F(KeyCacheTest, Security55_AFloodOfUnknownKidsForAMinuteCausesThreeFetchesAtMost) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  for (int tick = 0; tick < 600; ++tick) {
    for (int i = 0; i < 10; ++i) Now("flood " + std::to_string(tick * 10 + i));
    After(milliseconds(100));
    ASSERT_EQ(Now(), "found");
  }
  EXPECT_LE(Fetches() - 1, 3U);
}

TEST_F(KeyCacheTest, ANewKeyIsFoundOnceTheCoolDownIsOver) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  const DevIssuer rotated = MakeIssuer(kIssuer);
  fetcher_.Serve(rotated);
  clock_.Advance(seconds(31));
  EXPECT_EQ(Now(rotated.key_id()), "found");
  EXPECT_EQ(Now(), "key_unknown");
}

TEST_F(KeyCacheTest, Security45_AFloodOnOneIssuerDoesNotHideTheRotationOfAnother) {
  fetcher_.Serve(issuer_);
  const DevIssuer flooded = MakeIssuer("https://flooded.example");
  fetcher_.Serve(flooded);
  ASSERT_EQ(Now(), "found");
  clock_.Advance(seconds(31));
  const DevIssuer rotated = MakeIssuer(kIssuer);
  fetcher_.Serve(rotated);
  for (int i = 0; i < 1000; ++i) Look(flooded.issuer(), "flood " + std::to_string(i));
  EXPECT_EQ(Now(rotated.key_id()), "found");
}

TEST_F(KeyCacheTest, Security46_AnUnknownKidNeverEvictsGoodKeys) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  for (int i = 0; i < 100; ++i) {
    Now("unknown " + std::to_string(i));
    fetcher_.SetDown(i % 2 == 0);  // whether or not the fetch that it causes succeeds
    After(seconds(31));
    EXPECT_EQ(Now(), "found") << i;
  }
}

TEST_F(KeyCacheTest, Security48_AFailureNeverFallsBackToAnotherKey) {
  const DevIssuer other = MakeIssuer("https://other.example");
  fetcher_.Serve(other);
  Look(other.issuer(), other.key_id());
  fetcher_.Run();
  ASSERT_EQ(outcomes_, std::vector<std::string>{"found"});
  for (const std::string& kid : {other.key_id(), issuer_.key_id(), std::string("default")})
    EXPECT_EQ(Now(kid), "keys_unavailable") << kid;
}

TEST_F(KeyCacheTest, Security53_NothingIsKeptForARestart) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  fetcher_.SetDown(true);
  Restart({});
  EXPECT_EQ(Now(), "keys_unavailable") << "so nobody who writes the disk can plant keys";
}

TEST_F(KeyCacheTest, Security54_CountsForEachIssuer) {
  fetcher_.Serve(issuer_);
  Look("https://down.example", "k");
  fetcher_.Run();
  ASSERT_EQ(Now(), "found");
  Now("unknown");
  clock_.Advance(seconds(5));
  const std::vector<IssuerStatus> all = cache_->Status();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].issuer, "https://down.example");
  EXPECT_TRUE(all[0].failing);
  EXPECT_EQ(all[0].failures, 1U);
  EXPECT_EQ(all[0].keys, 0U);
  EXPECT_EQ(all[0].age, std::nullopt);
  EXPECT_FALSE(all[1].failing);
  EXPECT_EQ(all[1].failures, 0U);
  EXPECT_EQ(all[1].fetches, 1U);
  EXPECT_EQ(all[1].unknown_kids, 1U);
  EXPECT_EQ(all[1].keys, 1U);
  EXPECT_EQ(all[1].age, seconds(5));
}

TEST_F(KeyCacheTest, Security47_TheLastGoodSetServesThroughAnOutageForADay) {
  fetcher_.Serve(issuer_, "max-age=600");
  ASSERT_EQ(Now(), "found");
  fetcher_.SetDown(true);
  for (int hour = 0; hour < 23; ++hour) {
    After(hours(1));
    ASSERT_EQ(Now(), "found") << hour;
  }
  EXPECT_GT(Status().stale_uses, 0U);
  EXPECT_FALSE(Status().last_error.empty());
  After(hours(1));
  EXPECT_EQ(Now(), "keys_unavailable") << "then it fails closed";
  fetcher_.SetDown(false);
  After(minutes(1));
  EXPECT_EQ(Now(), "found");
  EXPECT_TRUE(Status().last_error.empty());
}

TEST_F(KeyCacheTest, Security51_AnAnswerWithoutUsableKeysKeepsTheOldSet) {
  fetcher_.Serve(issuer_, "max-age=300");
  ASSERT_EQ(Now(), "found");
  for (const std::string body : {R"({"keys":[]})", "<html>", ""}) {
    fetcher_.Serve(issuer_.jwks_url(), {200, body, "max-age=300"});
    After(minutes(10));
    EXPECT_EQ(Now(), "found") << body;
    EXPECT_GT(Status().failures, 0U);
  }
}

TEST_F(KeyCacheTest, Security49_WithoutAnySetItFailsAtOnceBetweenTries) {
  fetcher_.SetDown(true);
  EXPECT_EQ(Now(), "keys_unavailable");
  const std::size_t tries = fetcher_.asked().size();
  EXPECT_EQ(Now(), "keys_unavailable");
  EXPECT_EQ(retry_after_, seconds(10));
  EXPECT_EQ(fetcher_.asked().size(), tries);
  After(seconds(10));
  EXPECT_EQ(fetcher_.asked().size(), tries + 1) << "every 10 s";
  fetcher_.Serve(issuer_);
  fetcher_.SetDown(false);
  After(seconds(10));
  EXPECT_EQ(Now(), "found");
}

TEST_F(KeyCacheTest, Security49_AnIssuerThatIsDownDoesNotTouchAnother) {
  const DevIssuer other = MakeIssuer("https://other.example");
  fetcher_.Serve(other);  // and nothing of issuer_
  EXPECT_EQ(Now(), "keys_unavailable");
  outcomes_.clear();
  Look("https://other.example", other.key_id());
  fetcher_.Run();
  EXPECT_EQ(outcomes_, std::vector<std::string>{"found"});
}

TEST_F(KeyCacheTest, Security44_WaitersAreBoundedInNumberAndTime) {
  for (int i = 0; i < 257; ++i) Look(kIssuer, "k");
  EXPECT_EQ(outcomes_, std::vector<std::string>{"too_many_waiting"});
  outcomes_.clear();
  clock_.Advance(milliseconds(1999));
  cache_->Tick();
  EXPECT_TRUE(outcomes_.empty());
  clock_.Advance(milliseconds(1));
  cache_->Tick();
  EXPECT_EQ(outcomes_, std::vector<std::string>(256, "keys_unavailable"));
  fetcher_.Serve(issuer_);
  fetcher_.Run();  // the late answer is still of use
  EXPECT_EQ(Now(), "found");
}

TEST_F(KeyCacheTest, Security44_FetchesAreBoundedOverAllIssuers) {
  for (int i = 0; i < 30; ++i) Look("https://issuer" + std::to_string(i) + ".example", "k");
  EXPECT_EQ(fetcher_.pending(), 4U) << "at once";
  for (int i = 0; i < 100; ++i) fetcher_.Step();
  EXPECT_EQ(fetcher_.asked().size(), 10U) << "in a second";
  After(seconds(1));
  EXPECT_EQ(fetcher_.asked().size(), 20U);
}

TEST_F(KeyCacheTest, Security50_FlushedKeysAreGoneAlsoWhileTheIssuerFails) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  fetcher_.SetDown(true);
  cache_->Flush();
  EXPECT_EQ(Now(), "keys_unavailable");
  fetcher_.SetDown(false);
  After(seconds(10));
  EXPECT_EQ(Now(), "found");
}

TEST_F(KeyCacheTest, Security50_FlushMakesTheNextLookupFetch) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  const DevIssuer rotated = MakeIssuer(kIssuer);
  fetcher_.Serve(rotated);
  cache_->Flush();
  EXPECT_EQ(Now(), "key_unknown");
}

TEST_F(KeyCacheTest, AForgottenIssuerLeavesNothingBehind) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  cache_->Forget(kIssuer);
  EXPECT_TRUE(cache_->Status().empty());
  Look(kIssuer, issuer_.key_id());
  outcomes_.clear();
  Look(kIssuer, issuer_.key_id());
  cache_->Forget(kIssuer);
  EXPECT_EQ(outcomes_.size(), 2U) << "who waited is answered";
  fetcher_.Run();  // a late answer finds nobody
  EXPECT_TRUE(cache_->Status().empty());
}

TEST_F(KeyCacheTest, ClosingAnswersWhoeverWaits) {
  Look(kIssuer, "k");
  cache_->Close();
  EXPECT_EQ(outcomes_, std::vector<std::string>{"keys_unavailable"});
  fetcher_.Run();
  Look(kIssuer, "k");
  EXPECT_EQ(outcomes_.back(), "keys_unavailable");
  Look(kIssuer, "k");
  cache_.reset();
}

TEST_F(KeyCacheTest, Security08_AKeyMayVerifyItsAlgorithmOnly) {
  fetcher_.Serve(issuer_);
  ASSERT_EQ(Now(), "found");
  std::string outcome;
  cache_->Find(kIssuer, issuer_.key_id(), SignatureAlgorithm::kRs256, [&](KeyLookup lookup) {
    outcome = std::string(RefusalName(std::get<Refusal>(lookup.found)));
  });
  EXPECT_EQ(outcome, "key_mismatch");
}

}  // namespace
}  // namespace strongroom::authn
