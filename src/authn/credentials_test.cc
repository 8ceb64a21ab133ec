// security 1.28, 1.33; rfc6750 2.1
#include "authn/credentials.h"

#include <gtest/gtest.h>

namespace strongroom::authn {
namespace {

std::string TokenOf(const std::vector<net::HeaderView>& headers) {
  const auto token = BearerToken(std::span(headers));
  const Refusal* refusal = std::get_if<Refusal>(&token);
  if (refusal != nullptr) return "<" + std::string(RefusalName(*refusal)) + ">";
  return std::string(std::get<std::string_view>(token));
}

TEST(Credentials, ReadsTheOneBearerToken) {
  EXPECT_EQ(TokenOf({{"authorization", "Bearer abc.def-_~+/=="}}), "abc.def-_~+/==");
  EXPECT_EQ(TokenOf({{"authorization", "bEARER   abc"}}), "abc");
  EXPECT_EQ(TokenOf({{"cookie", "authorization=Bearer x"}, {"authorization", "Bearer abc"}}),
            "abc");
}

TEST(Credentials, Security28_RefusesEverythingElse) {
  EXPECT_EQ(TokenOf({}), "<token_missing>");
  EXPECT_EQ(TokenOf({{"x-authorization", "Bearer abc"}}), "<token_missing>");
  EXPECT_EQ(TokenOf({{"authorization", "Bearer a"}, {"authorization", "Bearer a"}}),
            "<authorization_repeated>");
  for (const std::string bad : {"", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "Bearer\tabc",
                                " Bearer abc", "Bearer abc ", "Bearer abc def",
                                "Bearer abc,Bearer d", "Bearer abc\r\n", "Bearer \"abc\"", "abc"})
    EXPECT_EQ(TokenOf({{"authorization", bad}}), "<authorization_malformed>") << bad;
}

TEST(Credentials, OnlyTwoFieldsAreABadRequest) {
  EXPECT_EQ(AnswerFor(Refusal::kAuthorizationRepeated), Answer::kBadRequest);
  EXPECT_EQ(AnswerFor(Refusal::kAuthorizationMalformed), Answer::kInvalid);
  EXPECT_EQ(AnswerFor(Refusal::kKeysUnavailable), Answer::kUnavailable);
  EXPECT_EQ(AnswerFor(Refusal::kTooManyWaiting), Answer::kUnavailable);
  EXPECT_EQ(AnswerFor(Refusal::kTooManyFailures), Answer::kRateLimited);
}

TEST(Credentials, TheAccountIsNamedExactlyOnce) {
  const auto account = [](const std::vector<net::HeaderView>& headers) {
    const AccountId id = AddressedAccount(std::span(headers));
    return id.present ? std::string(id.value) : "<none>";
  };
  EXPECT_EQ(account({{"x-twisp-account-id", "TwispProd"}}), "TwispProd");
  EXPECT_EQ(account({}), "<none>");
  EXPECT_EQ(account({{"x-twisp-account-id", ""}}), "<none>");
  EXPECT_EQ(account({{"x-twisp-account-id", "a"}, {"x-twisp-account-id", "a"}}), "<none>");
}

}  // namespace
}  // namespace strongroom::authn
