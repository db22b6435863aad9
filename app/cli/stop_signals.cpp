#include "app/cli/stop_signals.h"

#include <csignal>
#include <initializer_list>

#include <unistd.h>

namespace weft::cli {

namespace {

StopSignals asked;
std::atomic<bool> isEndedBySecond = true;

/// The first signal ends the run in good order; the second does not wait for that.
extern "C" void onStopSignal(int)
{
    if (!asked.stop.exchange(true))
        return;
    if (isEndedBySecond)
        ::_exit(130);
    asked.leave = true;
}

/// A scheduler sends it before the time is up, and SIGTERM after it: that one alone does not cut the saving short.
extern "C" void onSaveSignal(int)
{
    asked.save = true;
}

void saveOn(std::initializer_list<int> signals)
{
    struct sigaction action {};
    action.sa_handler = onSaveSignal;
    action.sa_flags = SA_RESTART;
    for (const int signal : signals)
        ::sigaction(signal, &action, nullptr);
}

} // namespace

StopSignals& installStopSignals(SecondSignal second)
{
    isEndedBySecond = second == SecondSignal::EndsProcess;
    struct sigaction action {};
    action.sa_handler = onStopSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    // A terminal that is closed ends the run in good order as well, unless nohup shields it.
    struct sigaction before {};
    if (::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
        ::sigaction(SIGHUP, &action, nullptr);
    installSaveSignal();
    // A reader that went away and a file that may not grow are reported by the call that meets them.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    return asked;
}

void installSaveSignal()
{
    saveOn({SIGUSR1});
}

void saveOnTermination()
{
    saveOn({SIGTERM, SIGHUP});
}

} // namespace weft::cli
