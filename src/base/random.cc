#include "base/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace strongroom::base {
namespace {

class KernelRandom : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t got = getrandom(out.data(), out.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      STRONGROOM_CHECK(got > 0);
      out = out.subspan(static_cast<std::size_t>(got));
    }
  }
};

}  // namespace

Random& SystemRandom() {
  static KernelRandom random;
  return random;
}

}  // namespace strongroom::base
