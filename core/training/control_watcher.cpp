#include "core/training/control_watcher.h"

#include <chrono>
#include <cmath>

#include "core/training/localized.h"

namespace weft {

namespace {

/// Well below the 200 ms that an answer may take; one stat() each.
constexpr std::chrono::milliseconds pollInterval(30);

} // namespace

ControlWatcher::ControlWatcher(ControlReader reader, RunLog& log) : m_reader(std::move(reader)), m_log(log), m_thread([this] { loop(); }) {}

ControlWatcher::~ControlWatcher()
{
    finish();
}

void ControlWatcher::finish()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

ControlWishes ControlWatcher::take()
{
    const std::scoped_lock lock(m_mutex);
    if (m_failure)
        std::rethrow_exception(m_failure);
    ControlWishes wishes = m_wishes;
    m_wishes.learningRate.reset();
    m_wishes.epochs.reset();
    m_wishes.checkpoint = false;
    return wishes;
}

bool ControlWatcher::hasWishes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_failure || m_wishes.isAny();
}

void ControlWatcher::wait()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, pollInterval);
}

void ControlWatcher::loop()
{
    try {
        std::unique_lock lock(m_mutex);
        while (!m_isEnding) {
            lock.unlock();
            answerNew();
            lock.lock();
            m_changed.wait_for(lock, pollInterval, [this] { return m_isEnding; });
        }
        lock.unlock();
        answerNew();
    } catch (...) {
        const std::scoped_lock lock(m_mutex);
        m_failure = std::current_exception();
    }
}

void ControlWatcher::answerNew()
{
    for (const ControlCommand& command : m_reader.poll())
        answer(command);
}

void ControlWatcher::answer(const ControlCommand& command)
{
    ControlWishes wishes;
    {
        const std::scoped_lock lock(m_mutex);
        wishes = m_wishes;
    }
    const QString reason = accept(command, wishes);
    // The answer stands in the file before its effect can.
    m_log.write(QStringLiteral("control"),
                {{QStringLiteral("id"), QString::fromStdString(command.id)},
                 {QStringLiteral("command"), command.command},
                 {QStringLiteral("accepted"), reason.isEmpty()},
                 {QStringLiteral("reason"), reason}});
    if (!reason.isEmpty())
        return;
    {
        const std::scoped_lock lock(m_mutex);
        m_wishes.pause = wishes.pause;
        m_wishes.stop = m_wishes.stop || wishes.stop;
        m_wishes.checkpoint = m_wishes.checkpoint || wishes.checkpoint;
        if (wishes.learningRate)
            m_wishes.learningRate = wishes.learningRate;
        if (wishes.epochs)
            m_wishes.epochs = wishes.epochs;
    }
    m_changed.notify_all();
}

QString ControlWatcher::accept(const ControlCommand& command, ControlWishes& wishes) const
{
    wishes.checkpoint = false;
    wishes.learningRate.reset();
    wishes.epochs.reset();
    if (command.command == QStringLiteral("pause")) {
        if (wishes.pause)
            return localized(WEFT_TEXT("Training", "The run is paused already."));
        wishes.pause = true;
    } else if (command.command == QStringLiteral("resume")) {
        if (!wishes.pause)
            return localized(WEFT_TEXT("Training", "The run is not paused."));
        wishes.pause = false;
    } else if (command.command == QStringLiteral("stop")) {
        wishes.stop = true;
    } else if (command.command == QStringLiteral("checkpoint")) {
        wishes.checkpoint = true;
    } else if (command.command == QStringLiteral("set")) {
        return acceptSetting(command, wishes);
    } else {
        return localized(WEFT_TEXT("Training", "\"%1\" is no command. There are pause, resume, stop, checkpoint and set."),
                         command.command.toStdString());
    }
    return {};
}

QString ControlWatcher::acceptSetting(const ControlCommand& command, ControlWishes& wishes) const
{
    bool isNumber = false;
    if (command.key == QStringLiteral("training.optimizer.learningRate")) {
        const double rate = command.value.toDouble(&isNumber);
        if (!isNumber || !std::isfinite(rate) || rate <= 0.0)
            return localized(WEFT_TEXT("Training", "The learning rate must be a number greater than 0, not \"%1\"."), command.value.toStdString());
        wishes.learningRate = rate;
        return {};
    }
    if (command.key == QStringLiteral("training.epochs")) {
        const qlonglong epochs = command.value.toLongLong(&isNumber);
        if (!isNumber || epochs < m_epoch)
            return localized(WEFT_TEXT("Training", "The number of epochs must be an integer of at least %1, the epoch being trained."),
                             m_epoch.load());
        wishes.epochs = epochs;
        return {};
    }
    return localized(
        WEFT_TEXT("Training", "\"%1\" cannot be changed while the run goes on. training.optimizer.learningRate and training.epochs can."),
        command.key.toStdString());
}

} // namespace weft
