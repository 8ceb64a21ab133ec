#include "storage/rocksdb/file_cipher.h"

#include <array>

#include "base/encoding.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"

namespace strongroom::storage {
namespace {

using crypto::Aead;

constexpr std::string_view kMagic = "STRGFILE";
constexpr char kFormat = '\x01';
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kCommitmentBytes = 32;
constexpr std::size_t kSaltAt = kMagic.size() + 2;  // behind the format and the kind
static_assert(kSaltAt + kSaltBytes + kCommitmentBytes == FileCipher::kHeaderBytes);

base::Error NotAuthentic() {
  return base::MakeError(base::ErrorCode::kInternalServerError, "a file is not authentic");
}

// A key and the commitment to it (security 7.6).
struct Derived {
  base::SecretBytes key;
  std::string commitment;
};

base::Result<Derived> Derive(const base::SecretBytes& file_key, FileKind kind,
                             std::string_view name, std::string_view salt) {
  std::string info = "strongroom file";
  info.push_back(kFormat);
  info.push_back(static_cast<char>(kind));
  info.append(name);
  STRONGROOM_ASSIGN(const auto bytes,
                    crypto::HkdfSha256(file_key, salt, info, Aead::kKeyBytes + kCommitmentBytes));
  const std::string_view text = base::AsChars(bytes.Expose());
  return Derived{base::SecretBytes(text.substr(0, Aead::kKeyBytes)),
                 std::string(text.substr(Aead::kKeyBytes))};
}

std::array<char, 9> Associated(Piece piece, std::uint64_t position) {
  std::array<char, 9> bytes;
  bytes[0] = static_cast<char>(piece);
  for (std::size_t i = 0; i < 8; ++i) bytes[1 + i] = static_cast<char>(position >> (56 - 8 * i));
  return bytes;
}

}  // namespace

base::Result<std::unique_ptr<const FileCipher>> FileCipher::Make(const base::SecretBytes& file_key,
                                                                 FileKind kind,
                                                                 std::string_view name,
                                                                 base::Random& random,
                                                                 std::string& header) {
  std::array<std::uint8_t, kSaltBytes> salt;
  random.Fill(salt);
  STRONGROOM_ASSIGN(const Derived derived, Derive(file_key, kind, name, base::AsChars(salt)));
  STRONGROOM_ASSIGN(Aead aead, Aead::New(derived.key));
  header.append(kMagic);
  header.push_back(kFormat);
  header.push_back(static_cast<char>(kind));
  header.append(base::AsChars(salt));
  header.append(derived.commitment);
  return std::unique_ptr<const FileCipher>(new FileCipher(std::move(aead)));
}

base::Result<std::unique_ptr<const FileCipher>> FileCipher::Open(const base::SecretBytes& file_key,
                                                                 FileKind kind,
                                                                 std::string_view name,
                                                                 std::string_view header) {
  // There is no other format, and above all none without encryption (security 7.17).
  if (header.size() < kHeaderBytes || !header.starts_with(kMagic) ||
      header[kMagic.size()] != kFormat || header[kMagic.size() + 1] != static_cast<char>(kind))
    return NotAuthentic();
  STRONGROOM_ASSIGN(const Derived derived,
                    Derive(file_key, kind, name, header.substr(kSaltAt, kSaltBytes)));
  if (!crypto::ConstantTimeEqual(derived.commitment,
                                 header.substr(kSaltAt + kSaltBytes, kCommitmentBytes)))
    return NotAuthentic();
  STRONGROOM_ASSIGN(Aead aead, Aead::New(derived.key));
  return std::unique_ptr<const FileCipher>(new FileCipher(std::move(aead)));
}

base::Status FileCipher::Seal(Piece piece, std::uint64_t position, std::string_view plaintext,
                              base::Random& random, std::string& out) const {
  Aead::Nonce nonce;
  random.Fill(nonce);
  const std::size_t start = out.size();
  out.resize(start + plaintext.size() + kOverheadBytes);
  std::copy(nonce.begin(), nonce.end(), out.begin() + static_cast<std::ptrdiff_t>(start));
  const auto associated = Associated(piece, position);
  return aead_.SealTo(nonce, {associated.data(), associated.size()}, plaintext,
                      out.data() + start + nonce.size());
}

bool FileCipher::Open(Piece piece, std::uint64_t position, std::string_view sealed,
                      char* out) const {
  if (sealed.size() < kOverheadBytes) return false;
  const auto nonce = crypto::NonceFrom(sealed.substr(0, Aead::kNonceBytes));
  const auto associated = Associated(piece, position);
  return aead_
      .OpenTo(nonce, {associated.data(), associated.size()}, sealed.substr(Aead::kNonceBytes), out)
      .ok();
}

}  // namespace strongroom::storage
