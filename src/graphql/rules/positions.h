// Locates many places of one text in one pass.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "graphql/source.h"

namespace strongroom::graphql::rules {

// Say what is wanted, Locate once, then ask. The same answers as LocationAt.
class Positions {
 public:
  explicit Positions(std::string_view text) : text_(text) {}
  void Want(std::span<const std::uint32_t> offsets);
  void Locate();
  const Location& At(std::uint32_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> offsets_;  // after Locate: ascending, each once
  std::vector<Location> locations_;
};

}  // namespace strongroom::graphql::rules
