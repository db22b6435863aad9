#include "widgets/cluster/log_tail.h"

#include <algorithm>

#include <QFile>
#include <QFontDatabase>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>

#include "widgets/runs/log_panel.h"

namespace weft {
namespace {

constexpr int readEveryMs = 300;
constexpr qint64 mostAtOnce = 256 * 1024;
constexpr int mostLines = 20000;

/// Events that the leading process prints among other lines, as the run's own log tells them; those of batches are left
/// to the plots.
QString readable(const QByteArray& lines)
{
    QStringList told;
    for (const QByteArray& line : lines.split('\n')) {
        const QJsonObject event = line.contains("{\"") ? QJsonDocument::fromJson(line.mid(line.indexOf('{'))).object() : QJsonObject();
        if (!event.contains(QStringLiteral("event")))
            told << QString::fromUtf8(line);
        else if (const QString text = logLine(event); !text.isEmpty())
            told << text;
    }
    return told.join(QLatin1Char('\n'));
}

} // namespace

LogTail::LogTail(QWidget* parent) : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("jobLog"));
    setAccessibleName(tr("Log of the job"));
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setMaximumBlockCount(mostLines);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setPlaceholderText(tr("What the chosen job, pod or process prints stands here."));
    m_timer.setInterval(readEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &LogTail::read);
}

void LogTail::setFile(const QString& path)
{
    if (path == m_path)
        return;
    m_path = path;
    m_known = 0;
    clear();
    if (isVisible())
        read();
}

void LogTail::showEvent(QShowEvent* event)
{
    QPlainTextEdit::showEvent(event);
    m_timer.start();
    read();
}

void LogTail::hideEvent(QHideEvent* event)
{
    QPlainTextEdit::hideEvent(event);
    m_timer.stop();
}

void LogTail::read()
{
    QFile file(m_path);
    if (m_path.isEmpty() || !file.open(QFile::ReadOnly) || file.size() == m_known)
        return;
    if (file.size() < m_known) { // written anew
        m_known = 0;
        clear();
    }
    const bool isCut = file.size() - m_known > mostAtOnce;
    file.seek(isCut ? file.size() - mostAtOnce : m_known);
    QByteArray fresh = file.readAll();
    m_known = file.pos();
    if (isCut)
        fresh.remove(0, fresh.indexOf('\n') + 1);
    // A line that is still being written is read when it is whole.
    const qsizetype end = fresh.lastIndexOf('\n') + 1;
    m_known -= fresh.size() - end;
    fresh.truncate(std::max<qsizetype>(0, end - 1));
    if (end == 0)
        return;
    QScrollBar* bar = verticalScrollBar();
    const bool isAtEnd = bar->value() == bar->maximum();
    if (const QString text = readable(fresh); !text.isEmpty())
        appendPlainText(text);
    if (isAtEnd)
        bar->setValue(bar->maximum());
}

} // namespace weft
