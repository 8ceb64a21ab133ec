#include "storage/store.h"

#include <future>
#include <memory>

namespace strongroom::storage {

KeyRange PrefixRange(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {std::string(prefix), std::move(end)};
}

base::Status CommitAndWait(Transaction& transaction) {
  // Shared, since the committing thread may still be inside set_value when this one goes on.
  auto answer = std::make_shared<std::promise<base::Status>>();
  auto answered = answer->get_future();
  transaction.Commit([answer](base::Status status) { answer->set_value(std::move(status)); });
  return answered.get();
}

}  // namespace strongroom::storage
