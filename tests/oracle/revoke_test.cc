// A policy change is in force for every request that starts after the mutation's reply (security
// 6.25, 6.28): pairs of a revoking mutation and requests that race with it, through the GraphQL
// that is served, over a real store.
#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

#include "cases.h"
#include "database.h"

namespace strongroom::oracle {
namespace {

constexpr int kAskers = 2;
// Between questions during a change, so that the change has a core to run on.
constexpr auto kPause = std::chrono::microseconds(100);
constexpr const char* kQuestion =
    "{ account(id: \"a0000000-0000-0000-0000-000000000001\") { name } }";
constexpr const char* kReads =
    R"([{effect: ALLOW, actions: [SELECT], resources: ["financial.Account"]}])";

// Asks on and on. What was answered has to hold for what starts later; what is on its way may be
// seen or not.
class Race {
 public:
  Race() : database_(base::SystemClock().Now()) {
    Operate(
        "createAccount(input: {accountId: \"a0000000-0000-0000-0000-000000000001\", "
        "name: \"Ann\", code: \"A\"}) { name }");
    for (int i = 0; i < kAskers; ++i) askers_.emplace_back([this] { Ask(); });
  }
  ~Race() {
    Enter(-1);
    for (std::thread& asker : askers_) asker.join();
  }

  void Grant() {
    Change("auth { createClient(input: {principal: \"" + kPrincipal +
           "\", name: \"p\", policies: " + kReads + "}) { name } }");
  }
  void Restore() { Update(kReads); }
  // In one of three ways.
  void Revoke(int way) {
    if (way == 0) {
      Change("auth { deleteClient(principal: \"" + kPrincipal + "\") { name } }");
    } else if (way == 1) {
      Update("[]");
    } else {
      Update(R"([{effect: ALLOW, actions: [SELECT], resources: ["financial.Account"]},
                 {effect: DENY, actions: [SELECT], resources: ["financial.Account"],
                  assertions: {late: "context.auth.claims.absent"}}])");
    }
  }

  // From here on everything that starts has to be answered so.
  void Expect(bool allowed) {
    const int before = asked_;
    Enter((phase_ / 4 + 1) * 4 + (allowed ? kAllowed : kDenied));
    while (asked_ < before + kAskers) std::this_thread::yield();
  }

  int asked() const { return asked_; }
  int racing() const { return racing_; }
  int allowed_after_revoke() const { return allowed_after_revoke_; }
  int denied_after_grant() const { return denied_after_grant_; }

 private:
  enum : int { kChanging, kAllowed, kDenied };

  void Operate(const std::string& mutation) {
    const std::string answer = database_.Ask(operator_, "Root", "mutation { " + mutation + " }");
    ASSERT_EQ(answer.find("\"errors\""), std::string::npos) << answer;
  }
  void Change(const std::string& mutation) {
    // Each change has a request beside it.
    const int before = racing_;
    Enter(phase_ / 4 * 4 + kChanging);
    while (racing_ == before) std::this_thread::yield();
    Operate(mutation);
  }
  void Update(const std::string& policies) {
    Change("auth { updateClient(principal: \"" + kPrincipal + "\", input: {policies: " + policies +
           "}) { name } }");
  }

  void Ask() {
    const Claims claims = ClaimsOf(kPrincipal);
    while (true) {
      const int before = phase_;
      if (before < 0) return;
      if (before % 4 == kChanging) ++racing_;
      const bool allowed =
          database_.Ask(claims, "Root", kQuestion).find("\"Ann\"") != std::string::npos;
      if (phase_ != before) continue;  // whatever it met on its way may be
      if (before % 4 == kChanging) {
        std::this_thread::sleep_for(kPause);
        continue;
      }
      if (before % 4 == kDenied && allowed) ++allowed_after_revoke_;
      if (before % 4 == kAllowed && !allowed) ++denied_after_grant_;
      ++asked_;
      phase_.wait(before);
    }
  }
  void Enter(int phase) {
    phase_ = phase;
    phase_.notify_all();
  }

  Database database_;
  const Claims operator_ = ClaimsOf(kOperator);
  std::atomic<int> phase_ = 0;
  std::atomic<int> asked_ = 0;
  std::atomic<int> racing_ = 0;  // began while a change was made
  std::atomic<int> allowed_after_revoke_ = 0;
  std::atomic<int> denied_after_grant_ = 0;
  std::vector<std::thread> askers_;
};

TEST(Security6, Line25NoRequestThatStartsAfterTheAnswerToARevokePasses) {
  const int pairs = Cases(1'000, 1'000);
  Race race;
  race.Grant();
  race.Expect(true);
  for (int pair = 0; pair < pairs; ++pair) {
    const int way = pair % 3;
    race.Revoke(way);
    race.Expect(false);
    way == 0 ? race.Grant() : race.Restore();
    race.Expect(true);
  }
  std::cout << pairs << " revokes, " << race.asked() << " requests after an answer, "
            << race.racing() << " beside a change, " << race.allowed_after_revoke() << " violations"
            << std::endl;
  EXPECT_EQ(race.allowed_after_revoke(), 0);
  EXPECT_EQ(race.denied_after_grant(), 0);
  EXPECT_GE(race.racing(), 2 * pairs);
}

}  // namespace
}  // namespace strongroom::oracle
