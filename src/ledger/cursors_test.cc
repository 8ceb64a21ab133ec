#include "ledger/cursors.h"

#include <gtest/gtest.h>

namespace strongroom::ledger {
namespace {

CursorSealer Sealer(char fill = 'k') {
  return CursorSealer::New(base::SecretBytes(std::string(CursorSealer::kKeyBytes, fill))).value();
}

TEST(CursorsTest, OpenForTheListTheyAreOf) {
  const CursorSealer sealer = Sealer();
  const std::string cursor = sealer.Seal("list", "a place").value();
  EXPECT_EQ(sealer.Open("list", cursor).value(), "a place");
  EXPECT_EQ(sealer.Open("other", cursor).error().code, base::ErrorCode::kBadRequest);
  EXPECT_FALSE(Sealer('x').Open("list", cursor).ok());
}

TEST(CursorsTest, AreTheSameForTheSamePlaceAndShowNothingOfIt) {
  const CursorSealer sealer = Sealer();
  const std::string cursor = sealer.Seal("list", "canary").value();
  EXPECT_EQ(cursor, sealer.Seal("list", "canary").value());
  EXPECT_NE(cursor, sealer.Seal("list", "canarz").value());
  EXPECT_NE(cursor.substr(0, 16), sealer.Seal("lis", "tcanary").value().substr(0, 16));
  EXPECT_EQ(cursor.find("canary"), std::string::npos);
}

TEST(CursorsTest, RefuseWhatWasChanged) {
  const CursorSealer sealer = Sealer();
  const std::string cursor = sealer.Seal("list", "a place").value();
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer.Open("list", changed).ok()) << i;
  }
  for (const std::string_view text :
       {"", "x", "not base64 !", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_EQ(sealer.Open("list", text).error().code, base::ErrorCode::kBadRequest) << text;
}

}  // namespace
}  // namespace strongroom::ledger
