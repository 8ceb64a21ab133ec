#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/encoding.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "storage/key_provider.h"

namespace strongroom::storage {
namespace {

using base::ErrorCode;
using base::MakeError;
using crypto::Aead;

constexpr std::size_t kRootKeyBytes = 32;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kCommitmentBytes = 32;
constexpr char kWrapFormat = '\x01';
// format, salt, commitment, nonce
constexpr std::size_t kWrapHeaderBytes = 1 + kSaltBytes + kCommitmentBytes + Aead::kNonceBytes;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

base::Error WrongKey() {
  return MakeError(ErrorCode::kDependencyError,
                   "a stored key can't be unwrapped with this root key",
                   "give the root key that the store was made with");
}

std::string Associated(const KeyContext& context) {
  std::string bytes = "strongroom wrapped key";
  bytes.append(base::AsChars(context.store.bytes));
  bytes.append(base::AsChars(context.space.bytes));
  bytes.append(context.purpose);
  return bytes;
}

// AES-256-GCM under a key that is derived for this one wrapping, with a commitment to it.
class FileKeyProvider : public KeyProvider {
 public:
  FileKeyProvider(base::SecretBytes root, base::Random& random)
      : root_(std::move(root)), random_(random) {}

  // Not derived from anything that helps to guess the key: its bytes are random.
  std::string Id() const override {
    const auto digest = crypto::HmacSha256(root_, "strongroom root key id");
    return "file:" + base::EncodeHex(base::AsChars(digest).substr(0, 8));
  }

  base::Result<std::string> Wrap(const base::SecretBytes& key, const KeyContext& context) override {
    std::string out(kWrapHeaderBytes, '\0');
    out[0] = kWrapFormat;
    Aead::Nonce nonce;
    std::array<std::uint8_t, kSaltBytes> salt;
    random_.Fill(salt);
    random_.Fill(nonce);
    STRONGROOM_ASSIGN(const auto commitment, Derive(base::AsChars(salt), "commitment"));
    STRONGROOM_ASSIGN(const auto wrapping, Derive(base::AsChars(salt), "wrapping key"));
    out.replace(1, kSaltBytes, base::AsChars(salt));
    out.replace(1 + kSaltBytes, kCommitmentBytes, base::AsChars(commitment.Expose()));
    out.replace(kWrapHeaderBytes - nonce.size(), nonce.size(), base::AsChars(nonce));
    STRONGROOM_ASSIGN(const Aead aead, Aead::New(wrapping));
    STRONGROOM_TRY(aead.Seal(nonce, Associated(context), base::AsChars(key.Expose()), out));
    return out;
  }

  base::Result<base::SecretBytes> Unwrap(std::string_view wrapped,
                                         const KeyContext& context) override {
    if (wrapped.size() < kWrapHeaderBytes || wrapped[0] != kWrapFormat) return WrongKey();
    const std::string_view salt = wrapped.substr(1, kSaltBytes);
    STRONGROOM_ASSIGN(const auto commitment, Derive(salt, "commitment"));
    if (!crypto::ConstantTimeEqual(base::AsChars(commitment.Expose()),
                                   wrapped.substr(1 + kSaltBytes, kCommitmentBytes)))
      return WrongKey();
    STRONGROOM_ASSIGN(const auto wrapping, Derive(salt, "wrapping key"));
    STRONGROOM_ASSIGN(const Aead aead, Aead::New(wrapping));
    const auto nonce =
        crypto::NonceFrom(wrapped.substr(kWrapHeaderBytes - Aead::kNonceBytes, Aead::kNonceBytes));
    auto opened = aead.Open(nonce, Associated(context), wrapped.substr(kWrapHeaderBytes));
    if (!opened.ok()) return WrongKey();
    base::SecretBytes key(*opened);
    base::Wipe({reinterpret_cast<std::uint8_t*>(opened->data()), opened->size()});
    return key;
  }

 private:
  base::Result<base::SecretBytes> Derive(std::string_view salt, std::string_view what) const {
    return crypto::HkdfSha256(root_, salt, "strongroom root " + std::string(what), 32);
  }

  base::SecretBytes root_;
  base::Random& random_;
};

base::Error Unusable(std::string_view why) {
  return MakeError(ErrorCode::kDependencyError, "the root key file " + std::string(why),
                   "it must be a regular file of 32 random bytes, owned by the user of this "
                   "process, with mode 0600");
}

base::Status WriteAll(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return Unusable("can't be written");
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

base::Result<base::SecretBytes> ReadKey(int file) {
  base::SecretBytes key(kRootKeyBytes);
  std::span<std::uint8_t> rest = key.ExposeMutable();
  while (!rest.empty()) {
    const ssize_t got = read(file, rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Unusable("can't be read");
    rest = rest.subspan(static_cast<std::size_t>(got));
  }
  return key;
}

}  // namespace

base::Result<std::unique_ptr<KeyProvider>> OpenFileKeyProvider(const std::string& path,
                                                               base::Random& random) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return Unusable(errno == ENOENT ? "is missing" : "can't be opened");
  struct stat about {};
  if (fstat(file.get(), &about) != 0) return Unusable("can't be examined");
  if (!S_ISREG(about.st_mode)) return Unusable("is not a regular file");
  if (about.st_uid != geteuid()) return Unusable("belongs to another user");
  if ((about.st_mode & 077) != 0) return Unusable("is accessible to others than its owner");
  if (about.st_size != static_cast<off_t>(kRootKeyBytes)) return Unusable("has not 32 bytes");
  STRONGROOM_ASSIGN(base::SecretBytes root, ReadKey(file.get()));
  if (std::ranges::all_of(root.Expose(), [](std::uint8_t byte) { return byte == 0; }))
    return Unusable("holds nothing but zeros");
  return std::unique_ptr<KeyProvider>(std::make_unique<FileKeyProvider>(std::move(root), random));
}

base::Status CreateRootKeyFile(const std::string& path, base::Random& random) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0 && errno == EEXIST)
    return MakeError(ErrorCode::kAlreadyExists, "the root key file exists already",
                     "a root key is never overwritten: everything under it would be lost");
  if (file.get() < 0) return Unusable("can't be made");
  base::SecretBytes root(kRootKeyBytes);
  random.Fill(root.ExposeMutable());
  STRONGROOM_TRY(WriteAll(file.get(), root.Expose()));
  if (fchmod(file.get(), 0600) != 0 || fsync(file.get()) != 0) return Unusable("can't be synced");
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || fsync(parent.get()) != 0) return Unusable("can't be synced");
  return {};
}

}  // namespace strongroom::storage
