// Our own mistakes abort, in release too. Bad input never does: it returns an Error.
#pragma once

namespace strongroom::base {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}

#define STRONGROOM_CHECK(condition)   \
  ((condition) ? static_cast<void>(0) \
               : ::strongroom::base::CheckFailed(#condition, __FILE__, __LINE__))
