#pragma once

#include <vector>

#include <QByteArray>
#include <QToolButton>

class QLabel;
class QProcess;

namespace weft {

/// A device as `weft devices --json` tells of it.
struct OfferedDevice {
    QString id; ///< "cpu", "cuda:0"
    QString name; ///< "This CPU (2 cores)"
    QString memory; ///< "15.6 GB"; empty where it is not known
    QString reason; ///< why it cannot compute; empty where it can
};

/// Reads what `weft devices --json` printed. Empty when it is no such list.
std::vector<OfferedDevice> parseTargets(const QByteArray& json);
/// A command for a POSIX shell: words that need it are quoted.
QString shellCommand(const QStringList& words);

/// Where training runs: shows the device in use, lists this machine's devices, why there is no other,
/// and the command line that does the same. The choice is remembered.
class TargetButton : public QToolButton {
    Q_OBJECT

public:
    /// `copy` is the action that copies the command line.
    explicit TargetButton(QAction* copy, QWidget* parent = nullptr);
    ~TargetButton() override;

    /// "cpu", "cuda:0"; "auto" while the machine has not been asked.
    QString device() const;
    void setTargets(std::vector<OfferedDevice> targets);
    /// What the menu shows: the command line, and a sentence if it would do something else than Train.
    void setCommand(const QString& command, const QString& note);

Q_SIGNALS:
    void aboutToShow();
    /// The user, or the list that came in, says that training runs on this device.
    void deviceChosen(const QString& id);

private:
    void ask();
    void fill();
    void choose(const QString& id);
    void showChosen();

    QAction* m_copy;
    QProcess* m_process = nullptr;
    std::vector<OfferedDevice> m_targets;
    QString m_failure; ///< why the list could not be had
    QLabel* m_command = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace weft
