#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "ledger/cursors.h"
#include "ledger/engine.h"
#include "ledger/walk.h"

namespace strongroom::ledger {
namespace {

// Documents between two looks at the clock.
constexpr std::uint64_t kDeadlineEvery = 64;

struct Window {
  std::size_t count = 0;
  Start start;
};

base::Error Bad(std::string message) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message));
}

base::Result<Window> ReadWindow(const ReadScope& scope, const PageRequest& request,
                                const std::string& list) {
  if (request.first.has_value() == request.last.has_value())
    return Bad("give `first` or `last`, one of them");
  Window window;
  window.start.backward = request.last.has_value();
  const std::string_view name = window.start.backward ? "last" : "first";
  const std::int64_t count = window.start.backward ? *request.last : *request.first;
  if (count < 0 || count > static_cast<std::int64_t>(base::limits::kPageSizeMax))
    return Bad(fmt::format("`{}` has to be from 0 to {}, got {}", name, base::limits::kPageSizeMax,
                           count));
  window.count = static_cast<std::size_t>(count);
  const auto& cursor = window.start.backward ? request.before : request.after;
  const auto& other = window.start.backward ? request.after : request.before;
  if (other && !other->empty()) return Bad("`first` goes with `after`, and `last` with `before`");
  if (cursor && !cursor->empty()) {
    STRONGROOM_ASSIGN(window.start.place, scope.engine.cursors().Open(list, *cursor));
  }
  return window;
}

struct Admitted {
  std::string place;
  VisibleDocument document;
};

// The next document that is not left out. A list ends early by an error only (security 6.19).
base::Result<std::optional<Admitted>> NextAdmitted(ReadScope& scope, Walk& walk,
                                                   const ListSource& source) {
  while (true) {
    STRONGROOM_ASSIGN(auto found, walk.Next());
    if (!found) return std::optional<Admitted>();
    if (scope.scan_left == 0)
      return base::MakeError(
          base::ErrorCode::kLimitExceeded,
          fmt::format("the lists of this request look at more than {} documents",
                      limits::kScanDocumentsMax),
          "narrow the list by a filter or another index, or ask for fewer lists at once");
    if (--scope.scan_left % kDeadlineEvery == 0 && scope.deadline) STRONGROOM_TRY(scope.deadline());
    STRONGROOM_ASSIGN(auto admitted, source.admit(found->document));
    if (admitted) return std::optional<Admitted>({std::move(found->place), *std::move(admitted)});
  }
}

}  // namespace

base::Result<Page> ReadPage(ReadScope& scope, const PageRequest& request,
                            const ListSource& source) {
  STRONGROOM_ASSIGN(const Window window, ReadWindow(scope, request, source.name));
  Page page;
  bool more = false;
  STRONGROOM_ASSIGN(const auto walk, source.walk(window.start));
  while (true) {
    STRONGROOM_ASSIGN(auto next, NextAdmitted(scope, *walk, source));
    if (!next) break;
    if (page.edges.size() == window.count) {
      more = true;
      break;
    }
    STRONGROOM_ASSIGN(std::string cursor, scope.engine.cursors().Seal(source.name, next->place));
    page.edges.push_back({std::move(next->document), std::move(cursor)});
  }
  // What lies on the other side of the cursor counts by the same rule.
  bool behind = false;
  if (window.start.place) {
    STRONGROOM_ASSIGN(const auto back, source.walk({.place = window.start.place,
                                                    .inclusive = true,
                                                    .backward = !window.start.backward}));
    STRONGROOM_ASSIGN(const auto any, NextAdmitted(scope, *back, source));
    behind = any.has_value();
  }
  if (window.start.backward) std::ranges::reverse(page.edges);
  page.has_next_page = window.start.backward ? behind : more;
  page.has_previous_page = window.start.backward ? more : behind;
  return page;
}

}  // namespace strongroom::ledger
