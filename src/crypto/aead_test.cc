#include "crypto/aead.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <thread>
#include <vector>

namespace strongroom::crypto {
namespace {

const Aead::Nonce kNonce = NonceFrom("twelve bytes");

Aead Key(char fill) {
  return Aead::New(base::SecretBytes(std::string(Aead::kKeyBytes, fill))).value();
}

std::string Sealed(const Aead& key, std::string_view associated, std::string_view plaintext) {
  std::string out;
  EXPECT_TRUE(key.Seal(kNonce, associated, plaintext, out).ok());
  return out;
}

TEST(Aead, RefusesKeysOfAnotherLength) {
  for (const std::size_t size : {0, 16, 31, 33})
    EXPECT_FALSE(Aead::New(base::SecretBytes(size)).ok()) << size;
}

TEST(Aead, AppendsToWhatIsThere) {
  std::string out = "head";
  ASSERT_TRUE(Key('k').Seal(kNonce, "a", "body", out).ok());
  EXPECT_EQ(out.size(), 4 + 4 + Aead::kTagBytes);
  EXPECT_EQ(Key('k').Open(kNonce, "a", std::string_view(out).substr(4)).value(), "body");
}

TEST(Aead, BindsKeyNonceAndAssociatedData) {
  const std::string sealed = Sealed(Key('k'), "place", "body");
  EXPECT_FALSE(Key('l').Open(kNonce, "place", sealed).ok());
  EXPECT_FALSE(Key('k').Open(kNonce, "plac", sealed).ok());
  EXPECT_FALSE(Key('k').Open(NonceFrom("other nonce."), "place", sealed).ok());
  EXPECT_FALSE(Key('k').Open(kNonce, "place", "short").ok());
}

TEST(Aead, AKeyServesManyThreadsAtOnce) {
  const Aead key = Key('k');
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&key, i] {
      for (int round = 0; round < 2000; ++round) {
        const std::string text = std::to_string(i) + "/" + std::to_string(round);
        ASSERT_EQ(key.Open(kNonce, text, Sealed(key, text, text)).value(), text);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

RC_GTEST_PROP(Aead, OpensWhatItSealedAndNothingElse,
              (const std::string& associated, const std::string& plaintext)) {
  const Aead key = Key('k');
  std::string sealed = Sealed(key, associated, plaintext);
  RC_ASSERT(key.Open(kNonce, associated, sealed).value() == plaintext);
  const auto at = *rc::gen::inRange<std::size_t>(0, sealed.size());
  const auto bit = *rc::gen::inRange(0, 8);
  sealed[at] = static_cast<char>(sealed[at] ^ (1 << bit));
  RC_ASSERT(!key.Open(kNonce, associated, sealed).ok());
}

}  // namespace
}  // namespace strongroom::crypto
