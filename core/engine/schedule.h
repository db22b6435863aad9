#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/device/kernel.h"
#include "core/engine/memory_plan.h"
#include "core/graph/op.h"

namespace weft {

/// Where a buffer lies.
enum class Place {
    Arena, ///< the session's shared arena; contents last from the first to the last step that uses it
    Kept, ///< the plan's own memory: constants, and packed weights of inference plans
    Variable, ///< a variable's memory
    Feed, ///< what the caller feeds, in place where it is aligned
};

/// Memory that one or more arrays of a plan lie in (views and in-place results share one).
struct Buffer {
    Place place = Place::Arena;
    ArenaBlock block; ///< Arena: steps of use and offset; Kept: offset
    void* data = nullptr; ///< Variable: its memory
    int variable = -1; ///< Variable: id of its value
    int feed = -1; ///< Feed: index in the graph's inputs
};

/// A value in one layout. `array.data` is set when the plan learns its addresses.
struct Instance {
    Array array;
    int buffer = -1;
};

/// One kernel call. `op` is null for a reorder between layouts.
struct Step {
    const Op* op = nullptr;
    std::unique_ptr<Kernel> kernel;
    std::vector<int> inputs; ///< instances; −1 never occurs
    std::vector<int> outputs;
    int scratch = -1; ///< buffer of the kernel's workspace; −1: the arena's begin (kept steps), or it needs none
    std::string name; ///< of the kernel
    std::string node; ///< layer that it works for
    double multiplyAdds = 0;
};

/// What a plan executes: `keptSteps` when variables have changed (or once), `steps` at each run.
struct Schedule {
    std::vector<Buffer> buffers;
    std::vector<Instance> instances;
    std::vector<Step> keptSteps;
    std::vector<Step> steps;
    std::vector<int> fetches; ///< instances, row-major
    std::size_t arenaBytes = 0; ///< values and workspaces
    std::size_t keptBytes = 0;
};

} // namespace weft
