#pragma once

#include <functional>
#include <vector>

namespace weft {

/// Work for the stream of the kernels: done at once or, while this thread records, kept for the replays. As a CUDA graph has it,
/// what such work reads by a pointer is what lies there when it is replayed.
void submitOnHost(std::function<void()> work);

/// What `enqueue` submits, undone.
std::vector<std::function<void()>> recordedOnHost(const std::function<void()>& enqueue);

} // namespace weft
