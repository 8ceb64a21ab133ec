// What goes with what: the rules of gradual types, and the type variables of one expression.
// Internal.
#pragma once

#include <vector>

#include "base/limits.h"
#include "cel/arena.h"
#include "cel/term.h"

namespace strongroom::cel {

class Unifier {
 public:
  explicit Unifier(Arena& arena) : arena_(arena) {}

  // A type of its own, known by how it will be used: the element of `[]`.
  const Term* Fresh();
  // `term` with the parameters of an overload replaced by `count` fresh ones, `first` being 0's.
  std::uint32_t FreshFor(std::uint32_t count);
  const Term* Instantiate(const Term* term, std::uint32_t first);

  // Whether a value of type `from` may stand where `to` is wanted; binds variables on the way, and
  // may have bound some when the answer is no (then Undo).
  bool Assignable(const Term* from, const Term* to);
  // The type of either; dyn when they have nothing in common.
  const Term* Join(const Term* a, const Term* b);

  // What a variable stands for, as far as known; everything else is itself.
  const Term* Resolve(const Term* term) const;
  // All variables replaced; those still open become dyn.
  const Term* Substitute(const Term* term);

  // Types may share their parts, so that comparing them takes for ever: after kCelTypeStepsMax
  // everything is dyn and fits, and this is true.
  bool exhausted() const { return steps_left_ == 0; }
  bool Step() {
    if (steps_left_ > 0) --steps_left_;
    return steps_left_ > 0;
  }

  std::size_t Mark() const { return trail_.size(); }
  void Undo(std::size_t mark);

 private:
  bool Bind(const Term* variable, const Term* term);
  bool AssignableToVariable(const Term* from, const Term* variable);
  bool Occurs(const Term* variable, const Term* term);
  const Term* Merge(const Term* a, const Term* b);

  struct Change {
    std::uint32_t variable;
    const Term* before;
  };
  Arena& arena_;
  std::size_t steps_left_ = base::limits::kCelTypeStepsMax;
  std::vector<const Term*> bound_;  // by variable; null while open
  std::vector<Change> trail_;
};

bool IsNullable(const Term& term);

}  // namespace strongroom::cel
