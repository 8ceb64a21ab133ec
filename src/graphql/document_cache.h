// The documents seen last, by text. Bounded by number and by the bytes that they hold in all; the
// one not used for longest goes first. Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace strongroom::graphql {

struct PreparedDocument;

class DocumentCache {
 public:
  void SetBounds(std::size_t entries_max, std::size_t bytes_max);
  std::shared_ptr<const PreparedDocument> Find(std::string_view text);
  // `bytes` is what the document holds; more than an eighth of the whole is not kept.
  void Add(std::string_view text, std::shared_ptr<const PreparedDocument> document,
           std::size_t bytes);
  std::size_t size() const;

 private:
  struct Entry {
    std::string text;
    std::shared_ptr<const PreparedDocument> document;
    std::size_t bytes;
  };

  std::size_t entries_max_ = 0;
  std::size_t bytes_max_ = 0;
  mutable std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // used last first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_text_;
};

}  // namespace strongroom::graphql
