#pragma once

#include <functional>

struct HostStream;

namespace weft {

/// What a card has to do, as the host does it in its place. It is given nothing but places on its card, and values.
using HostWork = std::function<void()>;

/// A kernel of ours, in the order of a stream; what is wrong with it cudaGetLastError says.
void launchOnHost(HostStream* stream, HostWork kernel);

/// Work of a library. A cudaError_t says why it cannot be.
int enqueueOnHost(HostStream* stream, HostWork work);

/// Thrown by work that does not end, as a sum that waits for a rank that is gone: it is still to be done, and so is all behind it.
struct HostStall {};

} // namespace weft
