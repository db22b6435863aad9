#pragma once

#include <optional>

#include <QDialog>
#include <QTemporaryDir>

#include "core/training/distributed/scaling_forecast.h"
#include "widgets/targets/weft_call.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace weft {

class LinePlot;
class ProjectDocument;

/// What more workers would give before anyone has them: throughput and efficiency over their number for each update rule,
/// from one worker's measured step, the parameters' bytes and the link that is typed in or measured; with what it takes for granted,
/// and published runs to check it by.
class ScalingDialog : public QDialog {
    Q_OBJECT

public:
    explicit ScalingDialog(const ProjectDocument& document, QWidget* parent = nullptr);

    bool isMeasuring() const { return m_call.isRunning(); }
    const LinePlot& throughput() const { return *m_throughput; }
    const LinePlot& efficiency() const { return *m_efficiency; }

private:
    QWidget* makeFields();
    void measure(const ProjectDocument& document);
    void takeMeasurement(const WeftAnswer& answer);
    void measureLink();
    void takeLink(const WeftAnswer& answer);
    std::optional<ScalingLink> link();
    void draw();
    void tell(const ScalingLink& link);

    ScalingSubject m_subject; ///< its step is 0 until known
    std::string m_update; ///< the project's own rule
    QTemporaryDir m_folder; ///< of the project's snapshot
    WeftCall m_call;
    WeftCall m_linkCall;
    ScalingLink m_measured; ///< counts as long as the field holds what it was found to be
    QString m_measuredText;
    QLineEdit* m_link;
    QPushButton* m_measureLink;
    QSpinBox* m_perHost;
    QSpinBox* m_workers;
    QLineEdit* m_step;
    QLabel* m_note;
    QLabel* m_assumptions;
    QLabel* m_checks;
    LinePlot* m_throughput;
    LinePlot* m_efficiency;
};

/// "All-reduce", …, as the training form calls the rules of `training.distributed.update`.
QString updateRuleText(const std::string& update);

} // namespace weft
