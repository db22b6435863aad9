#pragma once

#include <QToolButton>

#include "widgets/training_places.h"

class QLabel;
class QProcess;

namespace weft {

/// Where training runs: shows the place in use, lists those that this machine offers, or why they cannot be used, and the
/// user's targets; and the command line that does the same. The choice is remembered.
class TargetButton : public QToolButton {
    Q_OBJECT

public:
    /// `copy` is the action that copies the command line, `name` the one that names targets; it may be missing.
    explicit TargetButton(QAction* copy, QAction* name = nullptr, QWidget* parent = nullptr);
    ~TargetButton() override;

    /// Where training runs; the machine's own choice while it has not been asked.
    TrainingPlace chosen() const;
    /// Of this machine: devices and, behind them, ranks.
    void setPlaces(TrainingPlaces places);
    /// Reads the user's targets anew.
    void refresh();
    /// What the menu shows: the command line, and a sentence if it would do something else than Train.
    void setCommand(const QString& command, const QString& note);

Q_SIGNALS:
    void aboutToShow();
    /// The user, or the list that came in, says that training runs elsewhere than before.
    void placeChosen();

private:
    void ask();
    void fill();
    const TrainingPlace* placeOf(const QString& id) const;
    void addPlace(const TrainingPlace& place);
    void choose(const QString& id);
    void showChosen();

    QAction* m_copy;
    QAction* m_name;
    QProcess* m_process = nullptr;
    TrainingPlaces m_places;
    TrainingPlaces m_targets;
    QString m_failure; ///< why the list could not be had
    QLabel* m_command = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace weft
