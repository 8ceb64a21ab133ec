#include "net/admission.h"

#include <gtest/gtest.h>

#include "net/body_budget.h"

namespace strongroom::net {
namespace {

IpAddress Ip(std::string_view text) { return IpAddress::Parse(text).value(); }

TEST(Admission, CountsIpv6SourcesByTheirNetwork) {
  const auto admission = std::make_shared<Admission>(100, 2);
  const auto one = admission->Enter(Ip("2001:db8:0:1::1"));
  auto two = admission->Enter(Ip("2001:db8:0:1:ffff::2"));
  EXPECT_TRUE(one && two);
  EXPECT_FALSE(admission->Enter(Ip("2001:db8:0:1::3")));
  EXPECT_TRUE(admission->Enter(Ip("2001:db8:0:2::1")));
  EXPECT_EQ(admission->open(), 2u);
  two.reset();
  EXPECT_TRUE(admission->Enter(Ip("2001:db8:0:1::3")));
}

TEST(Admission, CountsIpv4SourcesByTheirAddress) {
  const auto admission = std::make_shared<Admission>(100, 1);
  const auto one = admission->Enter(Ip("192.0.2.1"));
  EXPECT_TRUE(one);
  EXPECT_FALSE(admission->Enter(Ip("192.0.2.1")));
  EXPECT_TRUE(admission->Enter(Ip("192.0.2.2")));
}

TEST(Admission, TellsWhenTheLastHasLeft) {
  const auto admission = std::make_shared<Admission>(100, 100);
  EXPECT_TRUE(admission->WaitUntilEmpty(std::chrono::milliseconds(0)));
  auto ticket = admission->Enter(Ip("192.0.2.1"));
  EXPECT_FALSE(admission->WaitUntilEmpty(std::chrono::milliseconds(1)));
  auto moved = std::make_unique<Admission::Ticket>(*std::move(ticket));
  ticket.reset();
  EXPECT_EQ(admission->open(), 1u);
  moved.reset();
  EXPECT_TRUE(admission->WaitUntilEmpty(std::chrono::milliseconds(0)));
}

TEST(BodyBudget, RefusesWhatGoesBeyondIt) {
  BodyBudget budget;
  BodyCharge large(budget);
  BodyCharge small(budget);
  EXPECT_TRUE(large.Set(base::limits::kHttpBufferedBytesMax + BodyCharge::kFreeBytes));
  EXPECT_TRUE(small.Set(BodyCharge::kFreeBytes)) << "the first bytes are free";
  EXPECT_FALSE(small.Set(BodyCharge::kFreeBytes + 1));
  EXPECT_TRUE(large.Set(BodyCharge::kFreeBytes));
  EXPECT_TRUE(small.Set(BodyCharge::kFreeBytes + 1));
  EXPECT_TRUE(large.Set(base::limits::kHttpBufferedBytesMax + BodyCharge::kFreeBytes - 1));
  EXPECT_FALSE(large.Set(base::limits::kHttpBufferedBytesMax + BodyCharge::kFreeBytes));
}

TEST(BodyBudget, GetsBackWhatARequestHeld) {
  BodyBudget budget;
  const std::size_t all = base::limits::kHttpBufferedBytesMax + BodyCharge::kFreeBytes;
  { EXPECT_TRUE(BodyCharge(budget).Set(all)); }
  EXPECT_TRUE(BodyCharge(budget).Set(all));
}

}  // namespace
}  // namespace strongroom::net
