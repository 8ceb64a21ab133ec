#include "ledger/cursors.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

base::Error NotACursor() {
  return base::MakeError(base::ErrorCode::kBadRequest, "the cursor is not one of this list",
                         "pass an `endCursor` or `startCursor` that the same list answered");
}

}  // namespace

base::Result<CursorSealer> CursorSealer::New(const base::SecretBytes& key) {
  STRONGROOM_ASSIGN(const auto sealing,
                    crypto::HkdfSha256(key, {}, "cursor sealing", crypto::Aead::kKeyBytes));
  STRONGROOM_ASSIGN(auto nonces, crypto::HkdfSha256(key, {}, "cursor nonces", kKeyBytes));
  STRONGROOM_ASSIGN(auto aead, crypto::Aead::New(sealing));
  return CursorSealer(std::move(aead), std::move(nonces));
}

// A nonce that is a keyed hash of the message occurs twice for equal messages only.
crypto::Aead::Nonce CursorSealer::NonceOf(std::string_view list, std::string_view place) const {
  const auto digest =
      crypto::HmacSha256(nonce_key_, storage::KeyWriter().Text(list).Raw(place).key());
  crypto::Aead::Nonce nonce{};
  std::copy_n(digest.begin(), nonce.size(), nonce.begin());
  return nonce;
}

base::Result<std::string> CursorSealer::Seal(std::string_view list, std::string_view place) const {
  const auto nonce = NonceOf(list, place);
  std::string sealed(base::AsChars(nonce));
  STRONGROOM_TRY(aead_.Seal(nonce, list, place, sealed));
  return base::EncodeBase64Url(sealed);
}

base::Result<std::string> CursorSealer::Open(std::string_view list, std::string_view cursor) const {
  const auto sealed = base::DecodeBase64Url(cursor);
  if (!sealed.ok() || sealed->size() < crypto::Aead::kNonceBytes + crypto::Aead::kTagBytes)
    return NotACursor();
  const std::string_view bytes = *sealed;
  auto place = aead_.Open(crypto::NonceFrom(bytes.substr(0, crypto::Aead::kNonceBytes)), list,
                          bytes.substr(crypto::Aead::kNonceBytes));
  if (!place.ok()) return NotACursor();
  return place;
}

}  // namespace strongroom::ledger
