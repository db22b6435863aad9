#pragma once

#include <string>
#include <vector>

namespace weft {

/// The candidate most like `word` (Levenshtein distance of at most a third of its length; two
/// edits are allowed in words of five letters or more, one in shorter ones), or an empty string: for "did you mean".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

} // namespace weft
