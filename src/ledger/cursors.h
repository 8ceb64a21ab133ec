// Cursors: the place of a document in a list, sealed, so that a cursor tells nothing and can't be
// made. Internal.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/aead.h"

namespace strongroom::ledger {

// Thread-safe. Equal places of the same list have equal cursors. They have no time limit.
class CursorSealer {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static base::Result<CursorSealer> New(const base::SecretBytes& key);

  // `list` names the list that the cursor is of; it opens for no other.
  base::Result<std::string> Seal(std::string_view list, std::string_view place) const;
  // kBadRequest for anything that Seal didn't answer for this list.
  base::Result<std::string> Open(std::string_view list, std::string_view cursor) const;

 private:
  CursorSealer(crypto::Aead aead, base::SecretBytes nonce_key)
      : aead_(std::move(aead)), nonce_key_(std::move(nonce_key)) {}
  crypto::Aead::Nonce NonceOf(std::string_view list, std::string_view place) const;

  crypto::Aead aead_;
  base::SecretBytes nonce_key_;
};

}  // namespace strongroom::ledger
