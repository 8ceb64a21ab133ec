#include "crypto/hkdf.h"

#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "crypto/hash.h"

namespace strongroom::crypto {

base::Result<base::SecretBytes> HkdfSha256(const base::SecretBytes& key, std::string_view salt,
                                           std::string_view info, std::size_t size) {
  if (size > kHkdfBytesMax)
    return base::MakeError(base::ErrorCode::kInternalServerError, "derived key is too long");
  // rfc5869 2.2
  Sha256Digest extracted = HmacSha256(base::AsBytes(salt), base::AsChars(key.Expose()));
  base::SecretBytes out(size);
  Sha256Digest block{};
  std::string message;
  message.reserve(block.size() + info.size() + 1);
  // rfc5869 2.3
  for (std::size_t done = 0, counter = 1; done < size; ++counter) {
    base::Wipe({reinterpret_cast<std::uint8_t*>(message.data()), message.size()});
    message.clear();
    if (done > 0) message.append(base::AsChars(block));
    message.append(info);
    message.push_back(static_cast<char>(counter));
    block = HmacSha256(extracted, message);
    const std::size_t take = std::min(block.size(), size - done);
    std::copy_n(block.begin(), take,
                out.ExposeMutable().begin() + static_cast<std::ptrdiff_t>(done));
    done += take;
  }
  base::Wipe({reinterpret_cast<std::uint8_t*>(message.data()), message.size()});
  base::Wipe(block);
  base::Wipe(extracted);
  return out;
}

}  // namespace strongroom::crypto
