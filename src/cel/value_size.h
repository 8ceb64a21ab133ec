// How large a value is when it is written out. Internal.
#pragma once

#include <cstddef>

#include "cel/value.h"

namespace strongroom::cel {

struct SizeLimit {
  std::size_t elements = 0;  // of lists and maps, at all depths
  std::size_t bytes = 0;     // of texts in them
};

// Whether lists, maps and optionals stay within the limit. Lists may share their parts, so that a
// few bytes of them are gigabytes of text: this looks no further than the limit.
bool IsWithin(const Value& value, SizeLimit limit);

}  // namespace strongroom::cel
