#include "storage/key_provider.h"

#include "base/encoding.h"

namespace strongroom::storage {

std::string AssociatedOf(const KeyContext& context) {
  std::string bytes = "strongroom wrapped key";
  bytes.append(base::AsChars(context.store.bytes));
  bytes.append(base::AsChars(context.space.bytes));
  bytes.append(context.purpose);
  return bytes;
}

base::Result<WrappedKey> KeyProvider::Generate(const KeyContext& context, base::Random& random) {
  WrappedKey made{base::SecretBytes(kKeyBytes), {}};
  random.Fill(made.key.ExposeMutable());
  STRONGROOM_ASSIGN(made.wrapped, Wrap(made.key, context));
  return made;
}

}  // namespace strongroom::storage
