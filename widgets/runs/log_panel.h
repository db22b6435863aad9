#pragma once

#include <QJsonObject>
#include <QWidget>

class QPlainTextEdit;

namespace weft {

class RunController;

/// The run's events as lines that one reads, and what its process printed when it ended badly.
class LogPanel : public QWidget {
    Q_OBJECT

public:
    explicit LogPanel(RunController* runs, QWidget* parent = nullptr);

    QString text() const;

private:
    void start(const QString& runDir);
    void take(const QJsonObject& event);
    void append(const QString& line);

    RunController* m_runs;
    QPlainTextEdit* m_text;
    bool m_hasPrinted = false;
};

/// One event as a line; empty for those that the curves show (batches).
QString logLine(const QJsonObject& event);

} // namespace weft
