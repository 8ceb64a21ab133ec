#include "graphql/source.h"

#include <algorithm>

namespace strongroom::graphql {

Location LocationAt(std::string_view text, std::size_t offset) {
  Location location;
  const std::size_t end = std::min(offset, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n' || (byte == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      ++location.line;
      location.column = 1;
    } else if (byte == '\r') {
      continue;  // the \n after it ends the line
    } else if ((byte & 0xC0) != 0x80) {
      location.column += byte >= 0xF0 ? 2 : 1;  // beyond U+FFFF: two UTF-16 code units
    }
  }
  return location;
}

}  // namespace strongroom::graphql
