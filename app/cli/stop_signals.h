#pragma once

#include <atomic>

namespace weft::cli {

/// What signals have asked a run for.
struct StopSignals {
    std::atomic<bool> stop = false; ///< SIGINT, SIGTERM, SIGHUP: end in good order
    std::atomic<bool> save = false; ///< SIGUSR1: the same, and tell by `savedCode` that the run is to go on
    std::atomic<bool> leave = false; ///< a second one that stops, where it does not end the process
};

/// The exit code of a run that SIGUSR1 has ended: its work is saved and not done, start it again with --resume.
inline constexpr int savedCode = 75;

/// What a second signal that stops does.
enum class SecondSignal { EndsProcess, Leaves };

/// From now on signals set the flags, which live as long as the process.
StopSignals& installStopSignals(SecondSignal second = SecondSignal::EndsProcess);
/// Only that of `save`: the others still end the process.
void installSaveSignal();
/// For jobs that are started again: who sends SIGTERM or SIGHUP takes the place away, and the run is to go on in another.
void saveOnTermination();

} // namespace weft::cli
