#pragma once

#include <QJsonArray>
#include <QTimer>
#include <QWidget>

#include "widgets/training/target_forecast.h"

class QLabel;
class QToolButton;

namespace weft {

class ProjectDocument;
class RunController;
class WorkerClient;

/// Beside Train: what an epoch of the project as it is on the canvas takes on the chosen device, and behind a click on
/// each of this machine; measured by the worker some time after each edit. While a run is going nothing is measured, and
/// what is under way is given up. GUI thread only.
class ForecastCard : public QWidget {
    Q_OBJECT

public:
    ForecastCard(ProjectDocument* document, RunController* runs, WorkerClient* worker, QWidget* parent = nullptr);

    /// The device that the card itself tells of, as for --device.
    void setDevice(const QString& device);
    /// It trains on a target: the card then tells what that would take, from what this machine does.
    void setElsewhere(const Elsewhere& place);
    QString text() const;
    bool isMeasuring() const { return m_request != 0; }

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void edited();
    void watchRun();
    void measure();
    void giveUp();
    void take(const QJsonObject& known);
    void forget();
    void showDevice();
    void tell(const ForecastText& text);
    void openTable();

    ProjectDocument* m_document;
    RunController* m_runs;
    WorkerClient* m_worker;
    QString m_device = QStringLiteral("auto");
    Elsewhere m_elsewhere;
    QLabel* m_value;
    QToolButton* m_more; ///< opens the table
    ForecastTable* m_table;
    QJsonArray m_devices; ///< what is known of the project as it is
    QTimer m_delay{this}; ///< several edits are one
    qint64 m_request = 0;
    QByteArray m_shown; ///< the project that the card tells of
};

} // namespace weft
