#include "crypto/hash.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/hkdf.h"

namespace strongroom::crypto {
namespace {

template <typename Digest>
std::string Hex(const Digest& digest) {
  return base::EncodeHex(base::AsChars(digest));
}

TEST(Hash, GivesThePublishedDigestsOfAbc) {  // rfc1321 A.5, FIPS 180 examples
  EXPECT_EQ(Hex(Md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(Hex(Sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha384("abc")).substr(0, 32), "cb00753f45a35e8bb5a03d699ac65007");
  EXPECT_EQ(Hex(Sha512("abc")).substr(0, 32), "ddaf35a193617abacc417349ae204131");
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, ComparesInConstantTimeByContent) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
}

TEST(Hkdf, RefusesMoreThan255Blocks) {  // rfc5869 2.3
  const base::SecretBytes key(std::string_view("key"));
  EXPECT_TRUE(HkdfSha256(key, "", "", kHkdfBytesMax).ok());
  EXPECT_FALSE(HkdfSha256(key, "", "", kHkdfBytesMax + 1).ok());
}

}  // namespace
}  // namespace strongroom::crypto
