#pragma once

#include <QDialog>

#include "core/launch/target_store.h"
#include "widgets/targets/weft_call.h"

class QLabel;
class QListWidget;
class QPushButton;
class QScrollArea;

namespace weft {

class FindingList;
class ProjectDocument;
class TargetForm;

/// The user's targets: a list, a form for the chosen one, and a test that says what is missing. What is typed counts
/// once it is saved.
class TargetsDialog : public QDialog {
    Q_OBJECT

public:
    explicit TargetsDialog(const ProjectDocument& document, QWidget* parent = nullptr);

    /// Chooses a target by its name.
    void choose(const QString& name);
    /// Begins a target of a kind, with a name that is free.
    void begin(TargetKind kind);
    /// Stores what the form holds. False, with the reason on the screen, where it cannot be.
    bool save();
    /// Saves, then asks the target in the background.
    void test();
    bool isTesting() const { return m_test.isRunning(); }

    void reject() override;

Q_SIGNALS:
    /// A target was stored or removed.
    void targetsChanged();
    /// The user has changed what Preview showed, and wants to train so.
    void trainRequested(const QString& target, const QString& script);

private:
    QWidget* makeList();
    QWidget* makeForm();
    QWidget* makeButtons();
    void fill(const QString& chosen);
    int markRow(const QString& name);
    void showRow(int row);
    void showTarget(const Target& target, bool isStored);
    void showNothing();
    void showState();
    void showFindings();
    void remove();
    void preview();
    /// Asks what becomes of edits that are not saved. False where the user stays.
    bool mayLeave();
    bool isModified() const;
    QString faultNow() const;

    const ProjectDocument& m_document;
    std::vector<Target> m_targets; ///< as they are stored
    Target m_shown; ///< as it was before the edits
    bool m_isStored = false;
    bool m_isFilling = false;
    WeftCall m_test;
    QListWidget* m_list = nullptr;
    TargetForm* m_form = nullptr;
    FindingList* m_findings = nullptr;
    QWidget* m_page = nullptr;
    QLabel* m_empty = nullptr;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_fault = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_preview = nullptr;
    QPushButton* m_check = nullptr;
    QPushButton* m_save = nullptr;
};

} // namespace weft
