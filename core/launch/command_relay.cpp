#include "core/launch/command_relay.h"

#include <QJsonDocument>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::chrono::milliseconds pauseAfterTrouble(2000);

} // namespace

void CommandRelay::read()
{
    for (const QJsonObject& line : m_lines.poll()) {
        const QString command = line.value(QStringLiteral("command")).toString();
        m_isStopAsked = m_isStopAsked || command == QStringLiteral("stop");
        // This one is for the job, whatever its run would say.
        m_isKillAsked = m_isKillAsked || command == QStringLiteral("kill");
        if (command != QStringLiteral("kill"))
            m_unsent.push_back(line);
    }
}

void CommandRelay::send()
{
    if (!m_events.hasStarted() || isWaiting())
        return;
    while (!m_unsent.empty()) {
        const QJsonObject& line = m_unsent.front();
        try {
            if (!m_events.hasAnswered(line.value(QStringLiteral("id")).toString().toStdString()))
                m_launcher.control(m_id, QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString());
        } catch (const Error& error) {
            return wait(error.message());
        }
        m_unsent.erase(m_unsent.begin());
    }
}

void CommandRelay::stop()
{
    m_isStopAsked = true;
    sendControl(m_run, QStringLiteral("stop"));
}

void CommandRelay::kill()
{
    if (m_isKilled || isWaiting())
        return;
    try {
        m_launcher.kill(m_id);
        m_isKilled = true;
    } catch (const Error& error) {
        wait(error.message());
    }
}

void CommandRelay::wait(const Message& trouble)
{
    m_onTrouble(trouble);
    m_nextTry = std::chrono::steady_clock::now() + pauseAfterTrouble;
}

} // namespace weft
