// The frames of a backup (security 7.21; docs/reference/storage-format.md): a stream in which each
// frame is sealed together with its number, what it is and the head of the stream, under a key that
// this backup has alone. So no frame can be left out, repeated, moved or taken from another backup,
// and only a frame of the kind `kEnd` ends one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/aead.h"
#include "storage/key_provider.h"

namespace strongroom::storage {

enum class FrameKind : char {
  kFile = 'f',  // begins a file: its name and size
  kData = 'd',  // the next bytes of it
  kEnd = 'e',   // how many files and bytes there were
};

struct Frame {
  FrameKind kind = FrameKind::kEnd;
  std::string content;
};

// What stands before the first frame.
struct BackupHead {
  std::string checkpoint;  // 32 bytes that only one state of one store has
  std::string keyring;     // the file KEYRING of that state
  std::string bytes;       // all of the head as it stands in the stream
};

// Immutable.
class FrameCipher {
 public:
  static constexpr std::size_t kLeadBytes = 17;  // kind, length, nonce

  // A new key, for which `head.bytes` is made from its other members.
  static base::Result<FrameCipher> Make(const base::SecretBytes& file_key, base::Random& random,
                                        BackupHead& head);
  // kDependencyError when the head was not made with this key.
  static base::Result<FrameCipher> Open(const base::SecretBytes& file_key, const BackupHead& head);

  base::Result<std::string> Seal(std::uint64_t number, const Frame& frame,
                                 base::Random& random) const;
  // `lead` has kLeadBytes. kDependencyError when this is no frame `number` of this stream.
  base::Result<Frame> Open(std::uint64_t number, std::string_view lead,
                           std::string_view sealed) const;

 private:
  FrameCipher(crypto::Aead aead, std::string head_hash)
      : aead_(std::move(aead)), head_hash_(std::move(head_hash)) {}
  std::string Associated(std::uint64_t number, std::string_view lead) const;
  crypto::Aead aead_;
  std::string head_hash_;
};

// Reads a stream from an open file from its beginning. One thread.
class FrameReader {
 public:
  // Reads the head and unwraps the file key with `provider`. Errors: kBadRequest when it is no
  // backup; kDependencyError when it was changed, or belongs to an installation with another key.
  static base::Result<FrameReader> Open(int file, std::shared_ptr<KeyProvider> provider);

  const BackupHead& head() const { return head_; }
  FrameCipher TakeCipher() { return std::move(cipher_); }  // at the end
  // The next one; nothing at the end of the file. kDependencyError when it was cut or changed.
  base::Result<std::optional<Frame>> Next();
  // Where the next frame is, and its number.
  std::uint64_t position() const { return position_; }
  std::uint64_t number() const { return number_; }

 private:
  FrameReader(int file, BackupHead head, FrameCipher cipher)
      : file_(file),
        head_(std::move(head)),
        cipher_(std::move(cipher)),
        position_(head_.bytes.size()) {}
  int file_;
  BackupHead head_;
  FrameCipher cipher_;
  std::uint64_t position_;
  std::uint64_t number_ = 0;
};

// The key that files of the store are sealed under, by its KEYRING.
base::Result<base::SecretBytes> FileKeyOf(std::string_view keyring,
                                          std::shared_ptr<KeyProvider> provider);

// False on an error of the machine; `bytes` may come out shorter at the end of the file.
bool ReadUpTo(int file, std::size_t size, std::string& bytes);
bool WriteAll(int file, std::string_view bytes);

}  // namespace strongroom::storage
