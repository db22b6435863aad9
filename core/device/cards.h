#pragma once

namespace weft {

/// How many graphics cards of this machine can be used: cuda:0, cuda:1, …
int availableCards();

} // namespace weft
