// md5, sha1, sha256, sha512 and system.hash.*.
#include <bit>

#include "base/encoding.h"
#include "crypto/hash.h"
#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

template <typename Digest>
Value Sum(const Call& call, Digest (*hash)(std::string_view)) {
  const std::string_view bytes = call[0].AsBytes();
  if (!call.budget.ChargeBytes(bytes.size())) return Value::Null();
  return call.MakeBytes(base::AsChars(hash(bytes)));
}

// XXH64 with seed 0 (xxHash specification 0.1.1, "XXH64 Algorithm Description").
class Xxh64 {
 public:
  static std::uint64_t Of(std::string_view bytes) {
    const std::uint64_t size = bytes.size();
    std::uint64_t hash = kPrime5;
    if (size >= 32) hash = Stripes(bytes);
    hash += size;
    for (; bytes.size() >= 8; bytes.remove_prefix(8))
      hash = std::rotl(hash ^ Round(0, Read(bytes, 8)), 27) * kPrime1 + kPrime4;
    for (; bytes.size() >= 4; bytes.remove_prefix(4))
      hash = std::rotl(hash ^ Read(bytes, 4) * kPrime1, 23) * kPrime2 + kPrime3;
    for (; !bytes.empty(); bytes.remove_prefix(1))
      hash = std::rotl(hash ^ Read(bytes, 1) * kPrime5, 11) * kPrime1;
    hash = (hash ^ hash >> 33) * kPrime2;
    hash = (hash ^ hash >> 29) * kPrime3;
    return hash ^ hash >> 32;
  }

 private:
  static constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87;
  static constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
  static constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9;
  static constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
  static constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5;

  // Little endian.
  static std::uint64_t Read(std::string_view bytes, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  static std::uint64_t Round(std::uint64_t lane, std::uint64_t input) {
    return std::rotl(lane + input * kPrime2, 31) * kPrime1;
  }
  // Takes whole stripes of 32 bytes off the front.
  static std::uint64_t Stripes(std::string_view& bytes) {
    std::uint64_t lanes[] = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
    for (; bytes.size() >= 32; bytes.remove_prefix(32))
      for (std::size_t i = 0; i < 4; ++i) lanes[i] = Round(lanes[i], Read(bytes.substr(8 * i), 8));
    std::uint64_t hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) +
                         std::rotl(lanes[3], 18);
    for (const std::uint64_t lane : lanes) hash = (hash ^ Round(0, lane)) * kPrime1 + kPrime4;
    return hash;
  }
};

Value HashXx(const Call& call) {
  if (!call.budget.ChargeBytes(call[0].AsBytes().size())) return Value::Null();
  return Value::Uint(Xxh64::Of(call[0].AsBytes()));
}

// "A Fast, Minimal Memory, Consistent Hash Algorithm", Lamping and Veach, figure 1.
Value HashJump(const Call& call) {
  const std::int64_t buckets = call[1].AsInt();
  if (buckets < 1 || buckets > 1 << 30)
    return call.Fail(cel::EvaluationErrorCode::kOutOfRange, "the number of buckets is 1 to 2^30");
  std::uint64_t key = call[0].AsUint();
  std::int64_t bucket = -1;
  std::int64_t next = 0;
  while (next < buckets) {
    bucket = next;
    key = key * 2862933555777941757 + 1;
    next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) *
                                     (2147483648.0 / static_cast<double>((key >> 33) + 1)));
  }
  return Value::Int(bucket);
}

}  // namespace

void AddHashFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder, {{"md5.Sum(bytes): bytes", [](const Call& c) { return Sum(c, crypto::Md5); },
                 "the MD5 hash; nothing secure rests on it",
                 "hex.EncodeToString(md5.Sum(b'')) == 'd41d8cd98f00b204e9800998ecf8427e'"},
                {"sha1.Sum(bytes): bytes", [](const Call& c) { return Sum(c, crypto::Sha1); },
                 "the SHA-1 hash; nothing secure rests on it",
                 "hex.EncodeToString(sha1.Sum(b'')) == 'da39a3ee5e6b4b0d3255bfef95601890afd80709'"},
                {"sha256.Sum256(bytes): bytes",
                 [](const Call& c) { return Sum(c, crypto::Sha256); }, "the SHA-256 hash",
                 "hex.EncodeToString(sha256.Sum256(b'abc')).startsWith('ba7816bf8f01cfea')"},
                {"sha512.Sum512(bytes): bytes",
                 [](const Call& c) { return Sum(c, crypto::Sha512); }, "the SHA-512 hash",
                 "hex.EncodeToString(sha512.Sum512(b'abc')).startsWith('ddaf35a193617aba')"},
                {"system.hash.xx(bytes): uint", HashXx, "the 64-bit xxHash",
                 "system.hash.xx(b'') == 17241709254077376921u"},
                {"system.hash.jump(uint, int): int", HashJump,
                 "which of so many buckets a hash belongs to; few move when the number grows",
                 "system.hash.jump(1u, 1) == 0 && system.hash.jump(256u, 1024) == 520"}});
}

}  // namespace strongroom::scalars
