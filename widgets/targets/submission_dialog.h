#pragma once

#include <QDialog>
#include <QTemporaryDir>

#include "widgets/targets/weft_call.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace weft {

class ProjectDocument;

/// What Train would give to a target, before it does: YAML, a script, command lines, as `weft train --dry-run` prints them.
/// The project is the one on the canvas, as it is now. A script may be changed, and trained with.
class SubmissionDialog : public QDialog {
    Q_OBJECT

public:
    SubmissionDialog(const ProjectDocument& document, const QString& target, QWidget* parent = nullptr);

    QString text() const;

Q_SIGNALS:
    /// The user wants the job to be this script.
    void trainRequested(const QString& target, const QString& script);

private:
    void show(const WeftAnswer& answer);

    QTemporaryDir m_folder; ///< of the project's snapshot
    WeftCall m_call;
    QLabel* m_note;
    QPlainTextEdit* m_text;
    QPushButton* m_copy;
    QPushButton* m_train;
};

} // namespace weft
