#include "widgets/targets/weft_call.h"

#include "widgets/runs/program.h"

namespace weft {

WeftCall::WeftCall(QObject* parent) : QObject(parent) {}

WeftCall::~WeftCall()
{
    cancel();
}

void WeftCall::start(const QStringList& arguments)
{
    cancel();
    m_process = std::make_unique<QProcess>();
    connect(m_process.get(), &QProcess::finished, this,
            [this](int code, QProcess::ExitStatus status) { finish(status == QProcess::NormalExit ? code : -1); });
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(-1);
    });
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->start(weftProgram(), arguments);
}

void WeftCall::cancel()
{
    if (!m_process)
        return;
    m_process->disconnect(this);
    // It asks others and keeps nothing: ssh and kubectl end when nobody reads them.
    m_process->kill();
    m_process->waitForFinished(500);
    m_process.reset();
}

void WeftCall::finish(int code)
{
    // The signal comes from the process itself, which goes later.
    QProcess* process = m_process.release();
    process->deleteLater();
    WeftAnswer answer{code, process->readAllStandardOutput(), QString::fromUtf8(process->readAllStandardError()).trimmed()};
    if (process->error() == QProcess::FailedToStart)
        answer.errors = tr("The program %1 could not be started: %2").arg(process->program(), process->errorString());
    Q_EMIT ended(answer);
}

} // namespace weft
