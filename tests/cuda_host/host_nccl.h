#pragma once

namespace weft {

class Collectives;

/// Who `ncclCommInitRankConfig` joins in this thread: NCCL would find them by its own ways.
void setHostRanks(Collectives& ranks);

} // namespace weft
