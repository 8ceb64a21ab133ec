#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace strongroom::base {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "internal error: `%s` does not hold (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace strongroom::base
