#pragma once

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace weft {

class ProjectDocument;
class RunController;
class WorkerClient;

/// What a forecast of the worker says in a few words, and in sentences.
struct ForecastText {
    QString brief; ///< "11 s an epoch · 25.4 MB"
    QString details;
    bool isProblem = false; ///< the memory does not suffice
};
ForecastText forecastText(const QJsonObject& forecast);

/// Beside Train: what an epoch of the project as it is on the canvas takes, measured by the worker some time after each
/// edit. While a run is going nothing is measured, and what is under way is given up. GUI thread only.
class ForecastCard : public QWidget {
    Q_OBJECT

public:
    ForecastCard(ProjectDocument* document, RunController* runs, WorkerClient* worker, QWidget* parent = nullptr);

    /// As for --device.
    void setDevice(const QString& device);
    QString text() const;
    bool isMeasuring() const { return m_request != 0; }

private:
    void edited();
    void watchRun();
    void measure();
    void giveUp();
    void show(const ForecastText& text);

    ProjectDocument* m_document;
    RunController* m_runs;
    WorkerClient* m_worker;
    QString m_device = QStringLiteral("auto");
    QLabel* m_value;
    QTimer m_delay{this}; ///< several edits are one
    qint64 m_request = 0;
    QByteArray m_shown; ///< what the card tells of: project and device
};

} // namespace weft
