// Secret bytes: they can't be printed, compared or copied by accident, are not swapped or dumped,
// and are wiped when they go.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/secret_memory.h"

namespace strongroom::base {

// Overwrites memory in a way that the compiler may not leave out.
void Wipe(std::span<std::uint8_t> bytes);

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  SecretBytes(SecretBytes&&) noexcept = default;
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      Wipe(bytes_);
      bytes_ = std::move(other.bytes_);
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { Wipe(bytes_); }

  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  // The only ways in and out; grep for them to see who handles secrets.
  std::span<const std::uint8_t> Expose() const { return bytes_; }
  std::span<std::uint8_t> ExposeMutable() { return bytes_; }
  SecretBytes Clone() const {
    SecretBytes copy;
    copy.bytes_ = bytes_;
    return copy;
  }

 private:
  std::vector<std::uint8_t, SecretAllocator<std::uint8_t>> bytes_;
};

}  // namespace strongroom::base
