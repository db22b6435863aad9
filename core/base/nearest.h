#pragma once

#include <string>
#include <vector>

namespace weft {

/// The candidate most like `word` (Levenshtein distance of at most a third of its length, at least
/// two edits allowed), or an empty string: for "did you mean".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

} // namespace weft
