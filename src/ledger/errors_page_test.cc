#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/error.h"

namespace strongroom::ledger {
namespace {

TEST(ErrorsPage, NamesEveryCode) {
  std::ifstream file(std::string(STRONGROOM_DOCS_DIR) + "/reference/errors.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  ASSERT_FALSE(page.empty());
  for (int code = 0; code <= static_cast<int>(base::ErrorCode::kUuidParseError); ++code) {
    const auto name = base::ErrorCodeName(static_cast<base::ErrorCode>(code));
    EXPECT_NE(page.find("\n| `" + std::string(name) + "` | "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace strongroom::ledger
