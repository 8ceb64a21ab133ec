// How many cases the properties of this folder run, and how.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <iostream>
#include <sstream>

namespace strongroom::oracle {

// Sanitizers and debug builds are an order of magnitude slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
constexpr bool kSlowBuild = true;
#else
constexpr bool kSlowBuild = false;
#endif

// `cases` in ./test, `long_cases` with STRONGROOM_LONG.
inline int Cases(int cases, int long_cases) {
  if (kSlowBuild) return cases / 10 + 1;
  return std::getenv("STRONGROOM_LONG") != nullptr ? long_cases : cases;
}

// Runs the property so many times; a failure is shrunk and shown with its seed.
template <typename Property>
void CheckMany(int cases, Property&& property) {
  const auto& defaults = rc::detail::configuration().testParams;
  rc::detail::TestParams params = defaults;
  params.maxSuccess = cases;
  rc::detail::TestMetadata metadata;
  metadata.id = metadata.description =
      testing::UnitTest::GetInstance()->current_test_info()->name();
  const auto result = rc::detail::checkTestable(std::forward<Property>(property), metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  std::cout << text.str() << " (seed " << params.seed << ")" << std::endl;
  if (!result.template is<rc::detail::SuccessResult>()) ADD_FAILURE() << text.str();
}

}  // namespace strongroom::oracle
