#pragma once

namespace weft::cli {

/// Lets threads that wait for each other sleep after some microseconds instead of spinning for
/// milliseconds. Where another program holds a core, a spinning thread keeps its partner from the other:
/// a training step then takes ten times as long. OpenMP reads the setting when it is loaded, so the
/// program starts itself anew with it, once; nothing happens where the user has chosen
/// (OMP_WAIT_POLICY, GOMP_SPINCOUNT), or where that start fails.
void sleepWhileWaiting(char** argv);

} // namespace weft::cli
