// The key of one file of RocksDB, and how pieces of the file are sealed under it (security 7.1,
// 7.3-7.6; docs/reference/storage-format.md).
//
// Every file has a key of its own: HKDF of the store's file key over 32 random bytes in the header
// of the file, bound to the kind of the file and to its name. A piece is AES-256-GCM with a nonce
// from the kernel, bound to what it is and to its place in the file.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/aead.h"

namespace strongroom::storage {

enum class FileKind : char {
  kBlocks = 'b',   // written once, read anywhere: tables
  kRecords = 'r',  // appended to, read from the beginning: logs, the manifest, small files
};

enum class Piece : char {
  kBlock = 'b',      // a full block that another one follows
  kLastBlock = 'e',  // the block that ends the file
  kLength = 'l',     // how many bytes the data of a record has
  kData = 'd',       // the data of a record
};

// Immutable; thread-safe.
class FileCipher {
 public:
  static constexpr std::size_t kHeaderBytes = 74;
  // Bytes that sealing adds: nonce and tag.
  static constexpr std::size_t kOverheadBytes = crypto::Aead::kNonceBytes + crypto::Aead::kTagBytes;

  // For a new file, whose header is appended to `header`. `name` may be empty.
  static base::Result<std::unique_ptr<const FileCipher>> Make(const base::SecretBytes& file_key,
                                                              FileKind kind, std::string_view name,
                                                              base::Random& random,
                                                              std::string& header);
  // For a file that begins with `header`. Fails with kInternalServerError when it was made with
  // another key, kind or name, or was changed.
  static base::Result<std::unique_ptr<const FileCipher>> Open(const base::SecretBytes& file_key,
                                                              FileKind kind, std::string_view name,
                                                              std::string_view header);

  // Appends plaintext.size() + kOverheadBytes bytes to `out`.
  base::Status Seal(Piece piece, std::uint64_t position, std::string_view plaintext,
                    base::Random& random, std::string& out) const;
  // False, with zeros in `out`, unless `sealed` is what Seal() made of this piece at this position.
  // `out` has room for sealed.size() - kOverheadBytes bytes.
  bool Open(Piece piece, std::uint64_t position, std::string_view sealed, char* out) const;

 private:
  explicit FileCipher(crypto::Aead aead) : aead_(std::move(aead)) {}
  const crypto::Aead aead_;
};

// Where an encrypted file is and what its key is made from.
struct EncryptedPlace {
  rocksdb::FileSystem& files;
  const base::SecretBytes& file_key;
  base::Random& random;
  std::string path;
  std::string bound_name;  // what the key is bound to; empty for files that are renamed
};

}  // namespace strongroom::storage
