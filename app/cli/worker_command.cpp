#include <csignal>

#include <QCoreApplication>

#include "app/cli/arguments.h"
#include "app/cli/device_option.h"
#include "app/cli/output.h"
#include "app/cli/worker/worker_server.h"

namespace weft::cli {

namespace {

constexpr int longestIdle = 24 * 3600;

int runWorker(const Arguments& arguments)
{
    if (!arguments.has("socket"))
        throw UsageError(Cli::tr("worker needs --socket NAME, the socket to listen on.").toStdString());
    // A client that left while an answer is written is seen as its disconnection.
    std::signal(SIGPIPE, SIG_IGN);
    WorkerServer server(QString::fromStdString(arguments.value("device", "auto")),
                        static_cast<int>(arguments.integer("idle-seconds", 1, longestIdle).value_or(60)));
    QObject::connect(&server, &WorkerServer::ended, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    server.listen(QString::fromStdString(arguments.value("socket")));
    return QCoreApplication::exec();
}

} // namespace

Command workerCommand()
{
    return {"worker",
            "",
            0,
            0,
            WEFT_TEXT("cli", "Computes for the Studio: samples of data, evaluations, predictions. Started by it."),
            {{"socket", "NAME", WEFT_TEXT("cli", "The local socket to listen on, a path in the user's runtime folder.")},
             {"idle-seconds", "N", WEFT_TEXT("cli", "Ends after so long without a client; 60 is the default.")},
             deviceOption()},
            runWorker,
            Threads::Team};
}

} // namespace weft::cli
