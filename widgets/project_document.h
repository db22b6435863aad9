#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>
#include <QUndoStack>

#include "core/network/lowering.h"
#include "core/project/project.h"

namespace weft {

class Journal;

/// The open project: the only truth that the Studio's views show. Every change is a named undo step
/// made of edits; views listen and never hold project state of their own. GUI thread only.
class ProjectDocument : public QObject {
    Q_OBJECT

public:
    explicit ProjectDocument(QObject* parent = nullptr);
    ~ProjectDocument() override;

    const Project& project() const;
    /// Shapes, costs and faults of the network as it is now; recomputed after every edit.
    const Analysis& analysis() const;
    /// The faults of the network, then what is wrong with it for its data, as far as that is known.
    std::vector<Diagnostic> problems() const;
    /// What a check against the data found; forgotten when another project is opened.
    void setDataProblems(std::vector<Diagnostic> problems);
    /// Empty for a project that was never saved.
    QString path() const;
    /// Folder that relative data paths refer to.
    QString baseDir() const;
    /// File name without suffix, or "untitled" translated.
    QString displayName() const;
    bool isModified() const;
    QUndoStack* undoStack();

    /// Applies `edits` as one undo step called `name`. Edits that change nothing make no step.
    /// Consecutive steps with the same non-empty `mergeKey` (a slider, a spin box) become one.
    void perform(const QString& name, const Edits& edits, const QString& mergeKey = {});

    /// Why nothing can be changed; empty while everything can.
    QString readOnlyReason() const;
    void setReadOnly(const QString& reason);
    /// Another Studio has the same file open.
    bool isOpenElsewhere() const;

    /// Replaces the project. Throws Error when the file is damaged; the old project stays then. Undo
    /// steps of earlier sessions come back from the journal, and edits that were lost with a crash
    /// (the document is modified then).
    void open(const QString& path);
    void setProject(const Project& project, const QString& path);
    /// Writes to `path` and makes it the document's path. Throws Error.
    void save(const QString& path);
    /// Projects that were never saved and whose Studio is gone, newest first: what `recover` brings back.
    static QStringList leftBehind();
    /// Opens one of them with its edits. Throws Error when it is damaged.
    void recover(const QString& file);
    /// The user chose not to save: the journal forgets the changes, so that they do not come back.
    void discardChanges();

Q_SIGNALS:
    void readOnlyChanged();
    /// A whole new project: rebuild everything.
    void reset();
    /// These edits were applied (also by undo and redo).
    void edited(const weft::Edits& edits);
    /// Undo or redo has applied these edits; told after `edited`.
    void stepped(const weft::Edits& edits);
    void analysisChanged();
    /// Others are known of the data; those of the network tell by `analysisChanged`.
    void dataProblemsChanged();
    void pathChanged();
    void modifiedChanged(bool isModified);
    /// Something beside the work went wrong, e.g. the journal cannot be written.
    void warning(const QString& text);

private:
    void replace(Project project, const QString& path, const std::string& fileHash, const QString& readOnlyReason = {});
    void lock();
    void keepUnsaved();
    void forgetUnsaved();
    void restoreFromJournal();
    void step(const Edits& edits, bool isBack);
    void note(const std::function<void(Journal&)>& entry);
    void applied(const Edits& edits);

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace weft
