#include "storage/store.h"

#include <future>

namespace strongroom::storage {

KeyRange PrefixRange(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {std::string(prefix), std::move(end)};
}

base::Status CommitAndWait(Transaction& transaction) {
  std::promise<base::Status> answer;
  transaction.Commit([&answer](base::Status status) { answer.set_value(std::move(status)); });
  return answer.get_future().get();
}

}  // namespace strongroom::storage
