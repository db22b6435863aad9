#pragma once

#include <map>
#include <optional>
#include <string>

#include <QWidget>

#include "core/base/text.h"
#include "core/launch/target.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace weft {

/// "Hosts over SSH", "Slurm", …
QString targetKindText(TargetKind kind);

/// The fields of one target, made from the catalogue that `weft target fields` prints: what one looks for first, the rest
/// folded. What cannot be is marked, and said in words.
class TargetForm : public QWidget {
    Q_OBJECT

public:
    explicit TargetForm(QWidget* parent = nullptr);

    /// Shows a target without telling anyone. The name of one that is stored stays.
    void setTarget(const Target& target, bool isStored);
    /// What stands in the form; nothing while a value is wrong or missing.
    std::optional<Target> target() const;
    /// Why there is no target, as a sentence; empty where there is one.
    QString fault() const;
    void openFold(bool isOpen);

Q_SIGNALS:
    void changed();

private:
    void addFields();
    void addField(QFormLayout* form, const TargetField& field);
    QWidget* editorOf(const TargetField& field);
    QWidget* numberEditor(const TargetField& field);
    QWidget* choiceEditor(const TargetField& field);
    QWidget* textEditor(const TargetField& field);
    void set(const TargetField& field, const QString& value, QWidget* editor);
    void check();

    Target m_target;
    std::map<std::string, QString> m_faults; ///< by the key of the field
    QString m_fault;
    QVBoxLayout* m_layout;
    QLineEdit* m_name = nullptr;
    QToolButton* m_fold = nullptr;
    QWidget* m_body = nullptr; ///< the rows of the kind that is shown
    bool m_isFoldOpen = false;
    bool m_isStored = false;
};

} // namespace weft
