#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weft {

/// The letters to insert, take out or change to make one of the other (Levenshtein's distance).
std::size_t editDistance(const std::string& a, const std::string& b);

/// The candidate most like `word` (Levenshtein distance of at most a third of its length; two
/// edits are allowed in words of five letters or more, one in shorter ones), or an empty string: for "did you mean".
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

} // namespace weft
