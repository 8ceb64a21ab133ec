#include <gtest/gtest.h>

#include "cel/examples_testing.h"

namespace strongroom::cel {
namespace {

TEST(Functions, HaveAnExampleThatIsTrue) {
  for (const std::string& wrong : WrongExamples(StandardEnv())) ADD_FAILURE() << wrong;
}

}  // namespace
}  // namespace strongroom::cel
