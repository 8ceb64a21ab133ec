#include "crypto/scrypt.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace strongroom::crypto {
namespace {

std::string Derive(std::string_view passphrase, std::string_view salt, const ScryptCost& cost) {
  const auto derived = Scrypt(base::SecretBytes(passphrase), salt, cost, 64);
  return derived.ok() ? base::EncodeHex(base::AsChars(derived->Expose())) : derived.error().message;
}

// rfc7914 12
TEST(Scrypt, DerivesWhatTheStandardSays) {
  EXPECT_EQ(Derive("password", "NaCl", {10, 8, 16}),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
  EXPECT_EQ(Derive("pleaseletmein", "SodiumChloride", {14, 8, 1}),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887");
}

TEST(Scrypt, RefusesCostsThatAreNoneOrTakeTooMuch) {
  for (const ScryptCost cost : {ScryptCost{0, 8, 1}, ScryptCost{10, 0, 1}, ScryptCost{10, 8, 0},
                                ScryptCost{24, 8, 1}, ScryptCost{20, 16, 1}, ScryptCost{60, 8, 1}, ScryptCost{10, 8, 17}})
    EXPECT_EQ(Derive("password", "NaCl", cost), "the cost of a passphrase is unusable");
}

}  // namespace
}  // namespace strongroom::crypto
