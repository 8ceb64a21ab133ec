#include "graphql/rules/positions.h"

#include <algorithm>

#include "base/check.h"

namespace strongroom::graphql::rules {

void Positions::Want(std::span<const std::uint32_t> offsets) {
  offsets_.insert(offsets_.end(), offsets.begin(), offsets.end());
}

void Positions::Locate() {
  std::sort(offsets_.begin(), offsets_.end());
  offsets_.erase(std::unique(offsets_.begin(), offsets_.end()), offsets_.end());
  locations_.reserve(offsets_.size());
  Location here;
  std::size_t at = 0;
  for (const std::uint32_t offset : offsets_) {
    for (; at < offset && at < text_.size(); ++at) {
      const unsigned char byte = static_cast<unsigned char>(text_[at]);
      const bool carriage_return_line_feed = byte == '\r' && text_.substr(at + 1, 1) == "\n";
      if (byte == '\n' || (byte == '\r' && !carriage_return_line_feed)) {
        here = {here.line + 1, 1};
      } else if ((byte & 0xC0) != 0x80) {
        here.column += byte >= 0xF0 ? 2 : 1;  // beyond the basic plane: a surrogate pair
      }
    }
    locations_.push_back(here);
  }
}

const Location& Positions::At(std::uint32_t offset) const {
  const auto found = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
  STRONGROOM_CHECK(found != offsets_.end() && *found == offset);
  return locations_[static_cast<std::size_t>(found - offsets_.begin())];
}

}  // namespace strongroom::graphql::rules
