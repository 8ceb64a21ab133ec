// uuid.*: new UUIDs, and those that follow from a name (rfc9562 5.3, 5.5).
#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "cel/activation.h"
#include "crypto/hash.h"
#include "scalars/cel_call.h"
#include "scalars/cel_host.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Value;

Value New(const Call& call) {
  const auto* host = static_cast<const CelHost*>(call.activation.host());
  if (host == nullptr || host->random == nullptr)
    return call.Invalid("there is no randomness where this expression runs");
  return Give(call, base::NewUuid(*host->random));
}

template <typename Digest>
Value Named(const Call& call, Digest (*hash)(std::string_view), int version) {
  const std::string_view name = call[1].AsBytes();
  if (!call.budget.ChargeBytes(name.size())) return Value::Null();
  std::string input(base::AsChars(UuidOf(call[0]).bytes));
  const Digest digest = hash(input.append(name));
  base::Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | version << 4);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return Give(call, id);
}

}  // namespace

void AddUuidFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(
      builder,
      {{"uuid.New(): uuid", New, "a random UUID (version 4)", "uuid.New() != uuid.New()", false},
       {"uuid.NewMD5(uuid, bytes): uuid", [](const Call& c) { return Named(c, crypto::Md5, 3); },
        "the UUID of a name in a namespace (version 3)",
        "string(uuid.NewMD5(uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), b'www.example.com')) == "
        "'5df41881-3aed-3515-88a7-2f4a814cf09e'"},
       {"uuid.NewSHA1(uuid, bytes): uuid", [](const Call& c) { return Named(c, crypto::Sha1, 5); },
        "the UUID of a name in a namespace (version 5)",
        "string(uuid.NewSHA1(uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), b'www.example.com')) == "
        "'2ed6657d-e927-568b-95e1-2665a8aea6a2'"}});
}

}  // namespace strongroom::scalars
