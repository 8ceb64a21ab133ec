// security 7.19: what a core dump of this process would hold.
#include "crypto/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "base/encoding.h"
#include "base/random.h"
#include "base/secret_memory.h"
#include "crypto/aead.h"
#include "crypto/hkdf.h"

namespace strongroom::crypto {
namespace {

// How often `needle`, whose bytes are given inverted so that it is not one itself, lies in memory
// that the kernel would put into a core dump (VmFlags without `dd`, proc(5)).
int CountDumpable(const std::string& inverted) {
  const auto lies_at = [&](const unsigned char* at) {
    for (std::size_t i = 0; i < inverted.size(); ++i)
      if (at[i] != static_cast<unsigned char>(~inverted[i])) return false;
    return true;
  };
  std::ifstream smaps("/proc/self/smaps");
  std::string line;
  const unsigned char* begin = nullptr;
  const unsigned char* end = nullptr;
  bool readable = false;
  int found = 0;
  while (std::getline(smaps, line)) {
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    char rights[8] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %7s", &from, &to, rights) == 3) {
      begin = reinterpret_cast<const unsigned char*>(from);
      end = reinterpret_cast<const unsigned char*>(to);
      readable = rights[0] == 'r' && rights[1] == 'w';
    }
    if (!line.starts_with("VmFlags:") || !readable) continue;
    if ((line + " ").find(" dd ") != std::string::npos) continue;
    for (const unsigned char* at = begin; at + inverted.size() <= end; ++at)
      if (lies_at(at)) ++found;
  }
  return found;
}

std::string Inverted(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text.push_back(static_cast<char>(~byte));
  return text;
}

int UseKeys() {
  KeepOpenSslSecret();
  base::SecretBytes root(32);
  base::SystemRandom().Fill(root.ExposeMutable());
  const std::string inverted_root = Inverted(root.Expose());
  const auto derived = HkdfSha256(root, "salt", "info", 32).value();
  const std::string inverted_derived = Inverted(derived.Expose());
  const Aead aead = Aead::New(derived).value();
  std::string sealed;
  for (int i = 0; i < 100; ++i) {
    Aead::Nonce nonce;
    base::SystemRandom().Fill(nonce);
    sealed.clear();
    if (!aead.Seal(nonce, "place", "value", sealed).ok()) return 10;
    if (!aead.Open(nonce, "place", sealed).ok()) return 11;
  }
  if (CountDumpable(inverted_root) != 0) return 1;
  if (CountDumpable(inverted_derived) != 0) return 2;
  // The search itself sees a key that is kept carelessly.
  const std::string careless(base::AsChars(root.Expose()));
  if (CountDumpable(inverted_root) == 0) return 3;
  return careless.empty() ? 4 : 0;
}

// In a process of its own, since OpenSSL takes other memory only before it has taken any.
TEST(KeepOpenSslSecret, LeavesNoKeyInUseInWhatACoreDumpHolds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(_exit(UseKeys()), testing::ExitedWithCode(0), "");
}

TEST(SecretMemory, IsLeftOutOfDumpsAndLocked) {
  void* const memory = base::AllocateSecret(100);
  std::ifstream smaps("/proc/self/smaps");
  std::string line;
  bool inside = false;
  std::string flags;
  while (std::getline(smaps, line)) {
    std::uintptr_t from = 0;
    std::uintptr_t to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &from, &to) == 2)
      inside = from <= reinterpret_cast<std::uintptr_t>(memory) &&
               reinterpret_cast<std::uintptr_t>(memory) < to;
    if (inside && line.starts_with("VmFlags:")) flags = line + " ";
  }
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
  if (!base::SecretsMaySwap()) {
    EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;
  }
  base::FreeSecret(memory);
}

TEST(SecretMemory, BlocksOfAllSizesAreAlignedApartAndWiped) {
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (std::size_t size = 0; size < 70'000; size = size * 2 + 1) {
    auto* const block = static_cast<unsigned char*>(base::AllocateSecret(size));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0U);
    EXPECT_EQ(base::SecretSize(block), size);
    std::memset(block, static_cast<int>(blocks.size() + 1), size);
    blocks.emplace_back(block, size);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (std::size_t at = 0; at < blocks[i].second; ++at)
      ASSERT_EQ(blocks[i].first[at], static_cast<unsigned char>(i + 1));
  for (const auto& [block, size] : blocks) base::FreeSecret(block);
  // The same memory comes again, and holds nothing of before but the pool's own link.
  auto* const again = static_cast<unsigned char*>(base::AllocateSecret(1023));
  EXPECT_TRUE(std::all_of(again, again + 1023, [](unsigned char byte) { return byte == 0; }));
  base::FreeSecret(again);
}

}  // namespace
}  // namespace strongroom::crypto
