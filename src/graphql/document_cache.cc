#include "graphql/document_cache.h"

namespace strongroom::graphql {

void DocumentCache::SetBounds(std::size_t entries_max, std::size_t bytes_max) {
  entries_max_ = entries_max;
  bytes_max_ = bytes_max;
}

std::shared_ptr<const PreparedDocument> DocumentCache::Find(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = by_text_.find(text);
  if (found == by_text_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->document;
}

void DocumentCache::Add(std::string_view text, std::shared_ptr<const PreparedDocument> document,
                        std::size_t bytes) {
  if (bytes > bytes_max_ / 8 || entries_max_ == 0) return;
  const std::lock_guard lock(mutex_);
  if (by_text_.contains(text)) return;  // another thread was faster
  entries_.push_front({std::string(text), std::move(document), bytes});
  by_text_.emplace(entries_.front().text, entries_.begin());
  bytes_ += bytes;
  while (entries_.size() > entries_max_ || bytes_ > bytes_max_) {
    by_text_.erase(entries_.back().text);
    bytes_ -= entries_.back().bytes;
    entries_.pop_back();
  }
}

std::size_t DocumentCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace strongroom::graphql
