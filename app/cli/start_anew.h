#pragma once

namespace weft::cli {

/// Starts the program anew, once, where it needs variables of the environment that are read when it is loaded. Returns where it has
/// them, or that start fails.
/// Threads that wait for each other are to sleep after some microseconds instead of spinning for milliseconds: where another
/// program holds a core, a spinning thread keeps its partner from the other, and a training step takes ten times as long.
/// Nothing changes where the user has chosen (OMP_WAIT_POLICY, GOMP_SPINCOUNT).
/// A rank that srun or the user's own mpirun has told which networks to use is to listen on these alone
/// (core/launch/listening.h).
void startAnewWhereNeeded(char** argv);

} // namespace weft::cli
