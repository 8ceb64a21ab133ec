// Random assertions, each with what it comes to by the specification of CEL, written down once
// more; random claims and documents for them.
#pragma once

#include <string>
#include <vector>

#include "choices.h"
#include "values.h"

namespace strongroom::oracle {

// A word that claims, documents and expressions share, so that comparisons often hold.
std::string AnyWord(Choices& choices);
// A boolean expression with at most `depth` operators above its leaves. Those that look at the
// document are of these, or of the fields of AnyDocument.
Expression AnyAssertion(Choices& choices, int depth,
                        const std::vector<Expression>& of_documents = {});
// Some claims are missing, and some of another type than expressions expect.
Values AnyClaims(Choices& choices);
// A document of the fields that the built-in leaves name: s, n, b, o, l, m.
Values AnyDocument(Choices& choices);

}  // namespace strongroom::oracle
