#pragma once

#include <QToolButton>

#include "widgets/training_places.h"

class QLabel;
class QProcess;

namespace weft {

/// Where training runs: shows the place in use, lists those that this machine offers, or why they cannot be used, and
/// the command line that does the same. The choice is remembered.
class TargetButton : public QToolButton {
    Q_OBJECT

public:
    /// `copy` is the action that copies the command line.
    explicit TargetButton(QAction* copy, QWidget* parent = nullptr);
    ~TargetButton() override;

    /// Where training runs; the machine's own choice while it has not been asked.
    TrainingPlace chosen() const;
    /// Of this machine: devices and, behind them, ranks.
    void setPlaces(TrainingPlaces places);
    /// What the menu shows: the command line, and a sentence if it would do something else than Train.
    void setCommand(const QString& command, const QString& note);

Q_SIGNALS:
    void aboutToShow();
    /// The user, or the list that came in, says that training runs elsewhere than before.
    void placeChosen();

private:
    void ask();
    void fill();
    void addPlace(const TrainingPlace& place);
    void choose(const QString& id);
    void showChosen();

    QAction* m_copy;
    QProcess* m_process = nullptr;
    TrainingPlaces m_places;
    QString m_failure; ///< why the list could not be had
    QLabel* m_command = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace weft
