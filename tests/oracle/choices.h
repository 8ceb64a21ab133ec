// Where generated things come from: a row of numbers, each read as one choice. Zero is the simplest
// choice of each, and so is the end of the row: a shorter row with smaller numbers is a simpler
// case, which is how RapidCheck shrinks.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace strongroom::oracle {

using Tape = std::vector<std::uint32_t>;

class Choices {
 public:
  explicit Choices(Tape tape) : tape_(std::move(tape)) {}
  // Endless, from a seed.
  explicit Choices(std::uint64_t seed) : endless_(true), random_(seed) {}

  std::size_t Below(std::size_t count) {
    if (endless_) return random_() % count;
    return next_ < tape_.size() ? tape_[next_++] % count : 0;
  }
  bool Chance(std::size_t percent) { return Below(100) >= 100 - percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  Tape tape_;
  std::size_t next_ = 0;
  bool endless_ = false;
  std::minstd_rand random_;
};

inline std::uint64_t AnySeed() {
  return *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
}

// Rows of this length, which shrink. Made from one number each: RapidCheck is slow in making many.
inline rc::Gen<Tape> AnyTape(std::size_t length) {
  const auto seed = rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  const auto tape = rc::gen::map(rc::gen::noShrink(seed), [length](std::uint64_t first) {
    std::mt19937_64 random(first);
    Tape made(length);
    for (std::uint32_t& number : made) number = static_cast<std::uint32_t>(random());
    return made;
  });
  return rc::gen::shrink(tape, [](const Tape& made) {
    return rc::seq::concat(rc::shrink::removeChunks(made),
                           rc::shrink::eachElement(made, [](std::uint32_t number) {
                             return rc::shrink::towards(number, 0U);
                           }));
  });
}

}  // namespace strongroom::oracle
